# As in the authors' code: Adam with 1e-3, times 0.9 after each epoch, and PyTorch's
# initial weights.
_base_ = './full_adamw.py'

init_weights = False
optim_wrapper = dict(
    optimizer=dict(_delete_=True, type='Adam', lr=1e-3, fused=True),
)
param_scheduler = [
    dict(
        type='StepLR',
        step_size=1,
        gamma=0.9,
        by_epoch=True,
        convert_to_iter_based=True,
    )
]

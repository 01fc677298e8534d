# As in configs/dfew: SGD with 0.003 and clipped gradients, divided by ten, here at a
# fixed epoch. λ = 0 is cross-entropy.
_base_ = './c3d_ecstfl.py'

max_epochs = 8
optim_wrapper = dict(
    optimizer=dict(
        _delete_=True,
        type='SGD',
        lr=0.003,
        momentum=0.9,
        weight_decay=5e-4,
        fused=True,
    ),
    clip_grad=dict(max_norm=40, norm_type=2),
)
param_scheduler = [
    dict(
        type='MultiStepLR',
        milestones=[6],
        gamma=0.1,
        by_epoch=True,
        convert_to_iter_based=True,
    )
]
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)

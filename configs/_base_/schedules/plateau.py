# Section 4.1 of the DFEW paper: batch 24, learning rate by grid search, divided by ten
# when the loss saturates. The paper does not print the learning rate, the optimizer, or
# the number of epochs. SGD with 0.003 is from the C3D paper (Tran et al. 2015, from
# scratch). The 60 epochs and the clipping of gradients are this project's choice.
# Search for the rate: docs/protocol.md.
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=0.003, momentum=0.9, weight_decay=5e-4),
    clip_grad=dict(max_norm=40, norm_type=2),
)
param_scheduler = [
    dict(
        type='ReduceOnPlateauLR',
        monitor='train/loss',
        rule='less',
        factor=0.1,
        patience=3,
        threshold=0.01,
        # A fixed end, so that a run that is resumed with more epochs keeps its
        # schedule: MMEngine's default is the end of the first training.
        end=10000,
    )
]
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=60, val_begin=1, val_interval=1)
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')

# `--auto-scale-lr` multiplies the rate by processes x batch_size / base_batch_size.
auto_scale_lr = dict(enable=False, base_batch_size=24)

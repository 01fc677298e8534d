# Section 4.1 of the DFEW paper: batch 24, learning rate by grid search, divided by ten
# when the loss saturates. The paper does not print the rate it found, the optimizer, or
# the number of epochs. Those of the C3D paper (Tran et al. 2015, from scratch) stand in:
# SGD with 0.003. The 60 epochs and the clipping of gradients are this project's choice.
# To search: see docs/architecture.md.
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
        # A run that is resumed with more epochs keeps its schedule: MMEngine would end
        # it where the first run was to end.
        end=10000,
    )
]
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=60, val_begin=1, val_interval=1)
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')

# By `--auto-scale-lr` the rate follows the batch: processes x batch_size over this.
auto_scale_lr = dict(enable=False, base_batch_size=24)

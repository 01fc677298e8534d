# From a Kinetics checkpoint: AdamW, 5 epochs of warm-up, cosine decay. The rate is that
# of VideoMAE's fine-tuning (Tong et al. 2022), 1e-3 at batch 256, scaled to batch 24.
# It was not tested on DFEW: search for the rate.
max_epochs = 40
optim_wrapper = dict(
    optimizer=dict(type='AdamW', lr=1e-3 * 24 / 256, weight_decay=0.05),
    clip_grad=dict(max_norm=5, norm_type=2),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, end=5, convert_to_iter_based=True),
    dict(
        type='CosineAnnealingLR',
        begin=5,
        end=max_epochs,
        eta_min_ratio=0.01,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(
    type='EpochBasedTrainLoop', max_epochs=max_epochs, val_begin=1, val_interval=1
)
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')

# `--auto-scale-lr` multiplies the rate by processes x batch_size / base_batch_size.
auto_scale_lr = dict(enable=False, base_batch_size=24)

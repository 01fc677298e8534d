# The network of `make demo`: a C3D small enough for two CPU cores, on the demo set.
_base_ = '../dfew/c3d_ecstfl.py'

data_root = """{{$DFEW_ROOT:data/demo}}"""
size = 56
train_pipeline = [
    dict(type='SampleFaceFrames', clip_len=16),
    dict(type='DecodeFaceFrames', scale=(size, size)),
    # About the errors of MTCNN's alignment on the original videos.
    dict(type='RandomFaceJitter', shift=0.015, scale=0.04, rotation=2, drift=0.5),
    dict(type='Flip', flip_ratio=0.5),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
test_pipeline = [
    dict(type='SampleFaceFrames', clip_len=16, test_mode=True),
    dict(type='DecodeFaceFrames', scale=(size, size)),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
train_dataloader = dict(
    batch_size=16,
    num_workers=1,
    dataset=dict(data_root=data_root, pipeline=train_pipeline),
)
val_dataloader = dict(
    batch_size=35,
    num_workers=1,
    dataset=dict(data_root=data_root, pipeline=test_pipeline),
)
test_dataloader = val_dataloader

model = dict(
    backbone=dict(
        _delete_=True,
        type='SlimC3D',
        base_channels=8,
        fc_channels=256,
        input_size=size,
        dropout_ratio=0.2,
    ),
    cls_head=dict(
        in_channels=256,
        dropout_ratio=0.2,
        init_std=0.05,
        feature_losses=[dict(type='ECSTFLLoss', loss_weight=1.0)],
    ),
    data_preprocessor=dict(mean=[127.5, 127.5, 127.5]),
)

max_epochs = 20
optim_wrapper = dict(
    _delete_=True, optimizer=dict(type='AdamW', lr=1.5e-3, weight_decay=0.05)
)
param_scheduler = [
    dict(
        type='OneCycleLR',
        eta_max=1.5e-3,
        pct_start=0.25,
        total_steps=max_epochs,
        by_epoch=True,
        convert_to_iter_based=True,
    )
]
train_cfg = dict(max_epochs=max_epochs, val_interval=4)
randomness = dict(seed=0)

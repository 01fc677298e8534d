# P3D-63, a quarter as wide, on the demo set. It learns the clips by heart unless they are
# cropped at random.
_base_ = './slim_c3d_ecstfl.py'
size = 56
train_pipeline = [
    dict(type='SampleFaceFrames', clip_len=16),
    dict(type='DecodeFaceFrames', scale=(64, 64)),
    dict(type='RandomCrop', size=size),
    dict(type='Flip', flip_ratio=0.5),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
test_pipeline = [
    dict(type='SampleFaceFrames', clip_len=16, test_mode=True),
    dict(type='DecodeFaceFrames', scale=(64, 64)),
    dict(type='CenterCrop', crop_size=size),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = val_dataloader

model = dict(
    backbone=dict(_delete_=True, type='P3D', depth=63, base_channels=16),
    cls_head=dict(type='P3DHead', in_channels=512, init_std=0.01, dropout_ratio=0.5),
)
max_epochs = 50
optim_wrapper = dict(optimizer=dict(lr=1e-3))
param_scheduler = [
    dict(
        type='OneCycleLR',
        eta_max=1e-3,
        pct_start=0.25,
        total_steps=max_epochs,
        by_epoch=True,
        convert_to_iter_based=True,
    )
]
train_cfg = dict(max_epochs=max_epochs, val_interval=10)

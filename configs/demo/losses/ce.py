# A slim 3D ResNet-10 trained by cross-entropy only on synthetic faces with DFEW's class
# shares: the baseline of experiments/losses. The other configs here differ in the loss
# only.
_base_ = '../../dfew/resnet3d18.py'

data_root = """{{$DFEW_ROOT:data/demo_dfew}}"""
size = 32
train_pipeline = [
    dict(type='SampleFaceFrames', clip_len=4),
    dict(type='DecodeFaceFrames', scale=(size, size)),
    dict(type='Flip', flip_ratio=0.5),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
test_pipeline = [
    dict(type='SampleFaceFrames', clip_len=4, test_mode=True),
    dict(type='DecodeFaceFrames', scale=(size, size)),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
# No workers: frames are packed, and each run has one thread.
loader = dict(num_workers=0, persistent_workers=False)
train_dataloader = dict(
    dataset=dict(data_root=data_root, pipeline=train_pipeline), **loader
)
val_dataloader = dict(
    batch_size=100, dataset=dict(data_root=data_root, pipeline=test_pipeline), **loader
)
test_dataloader = val_dataloader

model = dict(
    backbone=dict(depth=10, base_channels=16, conv1_kernel=(3, 5, 5)),
    cls_head=dict(in_channels=128, dropout_ratio=0.2),
    data_preprocessor=dict(mean=[127.5, 127.5, 127.5], std=[64, 64, 64]),
)

max_epochs = 12
optim_wrapper = dict(
    _delete_=True,
    optimizer=dict(type='AdamW', lr=2e-3, weight_decay=0.05, fused=True),
)
param_scheduler = [
    dict(
        type='OneCycleLR',
        eta_max=2e-3,
        pct_start=0.1,
        total_steps=max_epochs,
        by_epoch=True,
        convert_to_iter_based=True,
    )
]
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)

# A narrow ResNet18 on each frame and the mean over the clip, for rendered faces: the second
# stage of `make real-faces`.
_base_ = '../_base_/default_runtime.py'
data_root = """{{$DFEW_ROOT:data/rendered/clips}}"""
# More people: frames near the apex, in the same crop and in a wider one.
apex_root = """{{$REAL_FACES_ROOT:data/rendered}}/apex"""
wide_root = """{{$REAL_FACES_ROOT:data/rendered}}/wide"""
# Neutral faces, many of which look sad or angry at rest, in the wider crop.
calm_root = """{{$REAL_FACES_ROOT:data/rendered}}/calm"""
# DFEW_SOURCE=packed: frames that `tools/data/pack_dfew.py --source frames` decoded once.
source = '{{$DFEW_SOURCE:frames}}'
fold = {{'$DFEW_FOLD:1'}}
size = 56

train_pipeline = [
    # The network averages over time, so that it may train on fewer frames than it tests.
    dict(type='SampleFaceFrames', clip_len=2),
    dict(type='DecodeFaceFrames', scale=(68, 68)),
    dict(type='AugmentFaceFrames', size=size, zoom=(0.85, 1.45), shift=0.05),
    dict(type='Flip', flip_ratio=0.5),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
test_pipeline = [
    dict(type='SampleFaceFrames', clip_len=8, test_mode=True),
    dict(type='DecodeFaceFrames', scale=(size, size)),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
wide_pipeline = [dict(step) for step in train_pipeline]
# The wide crop is 1.67 times as large: zoom and shift reveal what surrounds the face.
wide_pipeline[1].update(scale=(96, 96))
wide_pipeline[2].update(zoom=(1.35, 2.4), shift=0.08)
clips = dict(
    type='DFEWDataset',
    data_root=data_root,
    fold=fold,
    split='train',
    source=source,
    pipeline=train_pipeline,
)
train_dataloader = dict(
    batch_size=32,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='ConcatDataset',
        datasets=[
            clips,
            dict(clips, data_root=apex_root),
            dict(clips, data_root=wide_root, pipeline=wide_pipeline),
            dict(clips, data_root=calm_root, pipeline=wide_pipeline),
        ],
        ignore_keys=['dataset', 'source'],
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='DFEWDataset',
        data_root=data_root,
        fold=fold,
        split='test',
        source='frames',
        pipeline=test_pipeline,
    ),
)
test_dataloader = val_dataloader
val_evaluator = dict(type='UARWARMetric', num_classes=7)
test_evaluator = val_evaluator

model = dict(
    type='Recognizer3D',
    # No kernel reaches over time: a 2-D network on each frame.
    backbone=dict(
        type='ResNet3d',
        depth=18,
        pretrained=None,
        pretrained2d=False,
        base_channels=16,
        conv1_kernel=(1, 5, 5),
        conv1_stride_s=2,
        conv1_stride_t=1,
        with_pool1=False,
        with_pool2=False,
        inflate=(0, 0, 0, 0),
        temporal_strides=(1, 1, 1, 1),
        norm_eval=False,
        zero_init_residual=False,
    ),
    cls_head=dict(
        type='FeatureLossHead',
        head='I3DHead',
        num_classes=7,
        in_channels=128,
        spatial_type='avg',
        dropout_ratio=0.3,
        label_smooth_eps=0.1,
        feature_losses=[],
        average_clips='prob',
    ),
    data_preprocessor=dict(
        type='ActionDataPreprocessor',
        mean=[127.5, 127.5, 127.5],
        std=[64.0, 64.0, 64.0],
        format_shape='NCTHW',
    ),
)

# From the weights of the first stage: --cfg-options load_from=CHECKPOINT.
max_epochs = 16
# What makes training on a CPU with bfloat16 instructions faster: docs/training_speed.md.
optim_wrapper = dict(
    type='BFloat16OptimWrapper',
    optimizer=dict(type='AdamW', lr=2e-3, weight_decay=0.05, fused=True),
)
default_hooks = dict(
    channels_last=dict(type='ChannelsLastHook'), memory=dict(type='KeepMemoryHook')
)
param_scheduler = [
    dict(
        type='OneCycleLR',
        eta_max=2e-3,
        pct_start=0.2,
        total_steps=max_epochs,
        by_epoch=True,
        convert_to_iter_based=True,
    )
]
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=max_epochs, val_interval=4)
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')
randomness = dict(seed=0)

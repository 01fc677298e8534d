# FERV39k, aligned frames, all scenes. Of each clip 16 frames are chosen: a random one of
# each of 16 equal segments, the middle ones in testing.
data_root = """{{$FERV39K_ROOT:data/FERV39k}}"""
source = 'frames'
dataset_type = 'FERV39kDataset'

train_pipeline = [
    dict(type='SampleFaceFrames', clip_len=16),
    dict(type='DecodeFaceFrames', scale=(112, 112)),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
test_pipeline = [
    dict(type='SampleFaceFrames', clip_len=16, test_mode=True),
    dict(type='DecodeFaceFrames', scale=(112, 112)),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]

train_dataloader = dict(
    batch_size=24,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        split='train',
        source=source,
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=24,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        split='test',
        source=source,
        pipeline=test_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(type='UARWARMetric', num_classes=7)
test_evaluator = val_evaluator

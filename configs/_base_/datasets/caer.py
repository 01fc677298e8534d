# CAER, the videos as published: whole scenes, read by decord. Checkpoints are chosen on
# its validation part. Which frames: see ferv39k.py.
_base_ = './ferv39k.py'
data_root = """{{$CAER_ROOT:data/CAER}}"""
source = 'video'
dataset_type = 'CAERDataset'

train_pipeline = [
    dict(type='OpenFaceVideo'),
    dict(type='SampleFaceFrames', clip_len=16),
    dict(type='DecordDecode'),
    dict(type='Resize', scale=(112, 112), keep_ratio=False),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
test_pipeline = [
    dict(type='OpenFaceVideo'),
    dict(type='SampleFaceFrames', clip_len=16, test_mode=True),
    dict(type='DecordDecode'),
    dict(type='Resize', scale=(112, 112), keep_ratio=False),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
own = dict(type=dataset_type, data_root=data_root, source=source)
train_dataloader = dict(dataset=dict(pipeline=train_pipeline, **own))
val_dataloader = dict(dataset=dict(split='val', pipeline=test_pipeline, **own))
test_dataloader = dict(dataset=dict(split='test', pipeline=test_pipeline, **own))

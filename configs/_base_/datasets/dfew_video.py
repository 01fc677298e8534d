# The aligned faces as avi (`source='video'`), or the movie clips (`source='original'`).
# For the choice of frames see dfew_frames.py.
_base_ = './dfew_16f.py'
source = 'video'

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
train_dataloader = dict(dataset=dict(source=source, pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(source=source, pipeline=test_pipeline))
test_dataloader = val_dataloader

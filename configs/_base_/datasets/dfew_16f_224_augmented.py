# The 16-frame clips at 224 x 224, cropped and flipped for fine-tuning, with the same
# change for all frames of a clip. Crops have at least 70 % of the area, to keep the
# face; this was not tested.
_base_ = './dfew_16f.py'
train_pipeline = [
    dict(type='SampleFaceFrames', clip_len=16),
    dict(type='DecodeFaceFrames', scale=(224, 224)),
    dict(type='RandomResizedCrop', area_range=(0.7, 1.0)),
    dict(type='Resize', scale=(224, 224), keep_ratio=False),
    dict(type='Flip', flip_ratio=0.5),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
test_pipeline = _base_.test_pipeline
test_pipeline[1]['scale'] = (224, 224)
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = val_dataloader

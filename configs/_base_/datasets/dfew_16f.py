# The 16-frame clips of the release, as in the paper.
# In triple quotes, since the path is inserted as text and may contain a quote. MMEngine
# cannot insert backslashes: on Windows write `D:/DFEW`.
data_root = """{{$DFEW_ROOT:data/DFEW}}"""
fold = {{'$DFEW_FOLD:1'}}
# DFEW_SOURCE=packed: frames packed by `tools/data/pack_dfew.py`.
source = '{{$DFEW_SOURCE:16f}}'
dataset_type = 'DFEWDataset'

# No augmentation, as in the released code. To add some, decode larger and crop:
# dict(type='DecodeFaceFrames', scale=(128, 128)), dict(type='RandomCrop', size=112),
# dict(type='Flip', flip_ratio=0.5), dict(type='ColorJitter', hue=0.0); all of them
# change the frames of a clip equally.
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
    # 6 classes x 4 clips in each mini-batch, for losses that compare clips:
    # batch_sampler=dict(type='ClassBalancedBatchSampler', classes_per_batch=6),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        fold=fold,
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
        fold=fold,
        split='test',
        source=source,
        pipeline=test_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(type='UARWARMetric', num_classes=7)
test_evaluator = val_evaluator

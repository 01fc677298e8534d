# CAER, the published videos of complete scenes. Checkpoints are selected on its
# validation part. For the choice of frames see ferv39k.py.
_base_ = './dfew_video.py'
data_root = """{{$CAER_ROOT:data/CAER}}"""
source = 'video'
dataset_type = 'CAERDataset'
own = dict(_delete_=True, type=dataset_type, data_root=data_root, source=source)
train_dataloader = dict(
    dataset=dict(split='train', pipeline=_base_.train_pipeline, **own)
)
val_dataloader = dict(dataset=dict(split='val', pipeline=_base_.test_pipeline, **own))
test_dataloader = dict(dataset=dict(split='test', pipeline=_base_.test_pipeline, **own))

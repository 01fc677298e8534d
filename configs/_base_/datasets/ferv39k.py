# FERV39k, aligned frames, all scenes. 16 frames per clip are sampled: a random one of
# each of 16 equal segments, the middle ones in testing.
_base_ = './dfew_16f.py'
data_root = """{{$FERV39K_ROOT:data/FERV39k}}"""
source = 'frames'
dataset_type = 'FERV39kDataset'
own = dict(_delete_=True, type=dataset_type, data_root=data_root, source=source)
train_dataloader = dict(
    dataset=dict(split='train', pipeline=_base_.train_pipeline, **own)
)
val_dataloader = dict(dataset=dict(split='test', pipeline=_base_.test_pipeline, **own))
test_dataloader = val_dataloader

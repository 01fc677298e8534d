# AFEW 7.0, aligned frames; scored on the validation part. For the choice of frames see
# ferv39k.py.
_base_ = './ferv39k.py'
data_root = """{{$AFEW_ROOT:data/AFEW}}"""
dataset_type = 'AFEWDataset'
own = dict(type=dataset_type, data_root=data_root)
train_dataloader = dict(dataset=own)
val_dataloader = dict(dataset=own)
test_dataloader = val_dataloader

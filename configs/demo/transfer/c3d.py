# A small C3D on a demo set that CSV files list, as data of one's own: `make transfer` trains
# it on faces of one look, and goes on from there on faces of another.
_base_ = '../losses/ce.py'
data_root = """{{$EXPRESSION_ROOT:data/transfer/other_look}}"""
fold = {{'$EXPRESSION_FOLD:1'}}
own = dict(
    _delete_=True,
    type='ExpressionDataset',
    data_root=data_root,
    ann_file='set_{fold}/{split}.csv',
    fold=fold,
)
train_dataloader = dict(
    dataset=dict(split='train', pipeline=_base_.train_pipeline, **own)
)
val_dataloader = dict(dataset=dict(split='test', pipeline=_base_.test_pipeline, **own))
test_dataloader = val_dataloader

max_epochs = 10
param_scheduler = _base_.param_scheduler
param_scheduler[0]['total_steps'] = max_epochs
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)

# A small C3D on a demo set in CSV files, like a custom set: `make transfer` trains it
# on faces of one style and fine-tunes it on another.
_base_ = '../slim_c3d_ecstfl.py'
data_root = """{{$EXPRESSION_ROOT:data/transfer/other_look}}"""
fold = {{'$EXPRESSION_FOLD:1'}}
# Smaller than the other demo networks, since it is trained twenty times.
size = 32
train_pipeline = _base_.train_pipeline
train_pipeline[1]['scale'] = (size, size)
test_pipeline = _base_.test_pipeline
test_pipeline[1]['scale'] = (size, size)
own = dict(
    _delete_=True,
    type='ExpressionDataset',
    data_root=data_root,
    ann_file='set_{fold}/{split}.csv',
    fold=fold,
)
# No workers: several runs share the cores, one thread each.
loader = dict(num_workers=0, persistent_workers=False)
train_dataloader = dict(
    batch_size=16,
    dataset=dict(split='train', pipeline=train_pipeline, **own),
    **loader,
)
val_dataloader = dict(
    dataset=dict(split='test', pipeline=test_pipeline, **own), **loader
)
test_dataloader = val_dataloader

model = dict(
    backbone=dict(base_channels=6, fc_channels=64, input_size=size),
    cls_head=dict(in_channels=64, feature_losses=[]),
)
max_epochs = 10
lr = 2e-3
optim_wrapper = dict(optimizer=dict(lr=lr))
param_scheduler = _base_.param_scheduler
param_scheduler[0]['eta_max'] = lr
param_scheduler[0]['total_steps'] = max_epochs
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)

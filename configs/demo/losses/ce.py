# A small C3D by cross-entropy alone, on the demo set with DFEW's imbalance: what the other
# configs of this folder are compared with. `make losses` runs all.
_base_ = '../slim_c3d_ecstfl.py'
size = 40
train_pipeline = _base_.train_pipeline
train_pipeline[1]['scale'] = (size, size)
test_pipeline = _base_.test_pipeline
test_pipeline[1]['scale'] = (size, size)
# No workers: several runs share the cores, one thread each.
loader = dict(num_workers=0, persistent_workers=False)
train_dataloader = dict(batch_size=16, dataset=dict(pipeline=train_pipeline), **loader)
val_dataloader = dict(dataset=dict(pipeline=test_pipeline), **loader)
test_dataloader = val_dataloader

model = dict(
    backbone=dict(input_size=size),
    cls_head=dict(feature_losses=[]),
)
max_epochs = 9
lr = 2e-3
optim_wrapper = dict(optimizer=dict(lr=lr))
param_scheduler = _base_.param_scheduler
param_scheduler[0]['total_steps'] = max_epochs
param_scheduler[0]['eta_max'] = lr
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)

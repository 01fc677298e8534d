# P3D-63 of a quarter of its width. It needs more clips than those of `make demo`:
# README.md.
_base_ = './slim_c3d_ecstfl.py'
train_pipeline = [
    step for step in _base_.train_pipeline if step['type'] != 'RandomFaceJitter'
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
model = dict(
    backbone=dict(_delete_=True, type='P3D', depth=63, base_channels=16),
    cls_head=dict(type='P3DHead', in_channels=512, init_std=0.01),
)
optim_wrapper = dict(optimizer=dict(lr=1e-3))
param_scheduler = _base_.param_scheduler
param_scheduler[0]['eta_max'] = 1e-3
max_epochs = 20
param_scheduler[0]['total_steps'] = max_epochs
train_cfg = dict(max_epochs=max_epochs)

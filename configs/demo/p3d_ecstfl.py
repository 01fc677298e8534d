# P3D-63, a quarter as wide, on the demo set.
_base_ = './slim_c3d_ecstfl.py'
model = dict(
    backbone=dict(_delete_=True, type='P3D', depth=63, base_channels=16),
    cls_head=dict(type='P3DHead', in_channels=512, init_std=0.01),
)
max_epochs = 50
optim_wrapper = dict(optimizer=dict(lr=1e-3))
param_scheduler = _base_.param_scheduler
param_scheduler[0].update(eta_max=1e-3, total_steps=max_epochs)
train_cfg = dict(max_epochs=max_epochs, val_interval=10)

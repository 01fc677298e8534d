# R3D18 of an eighth of its width on small frames; its 8-bit form is scored in
# docs/deployment.md, as is that of `make demo`'s C3D.
_base_ = './slim_c3d_ecstfl.py'
size = 32
train_pipeline = [
    step for step in _base_.train_pipeline if step['type'] != 'RandomFaceJitter'
]
train_pipeline[1]['scale'] = (size, size)
test_pipeline = _base_.test_pipeline
test_pipeline[1]['scale'] = (size, size)
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = val_dataloader

model = dict(
    backbone=dict(
        _delete_=True,
        type='ResNet3d',
        depth=18,
        base_channels=8,
        pretrained2d=False,
        conv1_kernel=(3, 7, 7),
        conv1_stride_t=1,
        with_pool1=False,
        with_pool2=False,
        temporal_strides=(1, 2, 2, 2),
        inflate=(1, 1, 1, 1),
        norm_eval=False,
        zero_init_residual=False,
    ),
    cls_head=dict(in_channels=64),
)

max_epochs = 8
optim_wrapper = dict(optimizer=dict(lr=3e-3))
param_scheduler = _base_.param_scheduler
param_scheduler[0]['eta_max'] = 3e-3
param_scheduler[0]['total_steps'] = max_epochs
train_cfg = dict(max_epochs=max_epochs)

# Two stages of a ResNet18 on each frame, and an LSTM. It needs more clips than those of
# `make demo`: README.md.
_base_ = './slim_c3d_ecstfl.py'
size = 48
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
        type='CNNLSTM',
        backbone=dict(
            type='ResNet',
            depth=18,
            num_stages=2,
            strides=(1, 2),
            dilations=(1, 1),
            out_indices=(1,),
            norm_eval=False,
        ),
        in_channels=128,
        hidden_size=64,
        num_layers=1,
        output='mean',
    ),
    cls_head=dict(in_channels=64),
)
max_epochs = 20
optim_wrapper = dict(optimizer=dict(lr=3e-3))
param_scheduler = _base_.param_scheduler
param_scheduler[0]['eta_max'] = 3e-3
param_scheduler[0]['total_steps'] = max_epochs
train_cfg = dict(max_epochs=max_epochs)

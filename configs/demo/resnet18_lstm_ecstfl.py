# Three stages of a ResNet18 on each frame and an LSTM, on the demo set.
_base_ = './slim_c3d_ecstfl.py'
model = dict(
    backbone=dict(
        _delete_=True,
        type='CNNLSTM',
        backbone=dict(
            type='ResNet',
            depth=18,
            num_stages=3,
            strides=(1, 2, 2),
            dilations=(1, 1, 1),
            out_indices=(2,),
            norm_eval=False,
        ),
        in_channels=256,
        hidden_size=64,
        num_layers=1,
        output='mean',
    ),
    cls_head=dict(in_channels=64),
)
max_epochs = 12
param_scheduler = _base_.param_scheduler
param_scheduler[0].update(total_steps=max_epochs)
train_cfg = dict(max_epochs=max_epochs)

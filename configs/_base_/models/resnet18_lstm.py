# ResNet18 on each frame, then an LSTM over the 16 frames, from scratch.
_base_ = './recognizer.py'
model = dict(
    backbone=dict(
        type='CNNLSTM',
        backbone=dict(type='ResNet', depth=18, norm_eval=False),
        in_channels=512,
    ),
    cls_head=dict(in_channels=16 * 256),
)

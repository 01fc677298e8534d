# P3D-63, from scratch.
_base_ = './recognizer.py'
model = dict(
    backbone=dict(type='P3D', depth=63),
    cls_head=dict(type='P3DHead', in_channels=2048),
)

# 3D Resnet18 (Hara et al., CVPR 2018), from scratch.
_base_ = './recognizer.py'
model = dict(
    backbone=dict(type='HaraResNet3d', depth=18),
    cls_head=dict(in_channels=512),
)

# I3D on Inception-V1, from scratch (MMAction2's own I3D is a ResNet-50).
_base_ = './recognizer.py'
model = dict(
    backbone=dict(type='InceptionI3D'),
    cls_head=dict(in_channels=1024),
)

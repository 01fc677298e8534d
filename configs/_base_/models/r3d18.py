# R3D18 (Tran et al., CVPR 2018), from scratch: torchvision's `r3d_18` as MMAction2's
# `ResNet3d`.
_base_ = './recognizer.py'
model = dict(
    backbone=dict(
        type='ResNet3d',
        depth=18,
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
    cls_head=dict(in_channels=512),
)

# R3D18, an eighth as wide: beside the C3D of `make demo`, the second network whose int8
# form is scored (docs/deployment.md).
_base_ = './slim_c3d_ecstfl.py'
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

# SlowOnly with ResNet-50 (Feichtenhofer et al. 2019), as in MMAction2.
# Parts and pixels are those of the checkpoint; the losses sit on what its classifier takes in.
model = dict(
    type='Recognizer3D',
    backbone=dict(
        type='ResNet3dSlowOnly',
        depth=50,
        pretrained=None,
        lateral=False,
        conv1_kernel=(1, 7, 7),
        conv1_stride_t=1,
        pool1_stride_t=1,
        inflate=(0, 0, 1, 1),
        norm_eval=False,
    ),
    cls_head=dict(
        type='FeatureLossHead',
        head='I3DHead',
        num_classes=7,
        in_channels=2048,
        feature_losses=[],
        average_clips='prob',
        topk=1,
    ),
    data_preprocessor=dict(
        type='ActionDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        format_shape='NCTHW',
    ),
)

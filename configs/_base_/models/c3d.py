# C3D with batch normalisation, from scratch, as the authors of DFEW use it.
model = dict(
    type='Recognizer3D',
    backbone=dict(
        type='C3D',
        norm_cfg=dict(type='BN3d'),
        out_dim=8192,
        dropout_ratio=0.5,
    ),
    cls_head=dict(
        type='C3DHead',
        num_classes=7,
        in_channels=4096,
        dropout_ratio=0.5,
        feature_losses=[],
        average_clips='prob',
    ),
    # Pixels in [0, 1] without mean and standard deviation, as in the released code.
    data_preprocessor=dict(
        type='ActionDataPreprocessor',
        mean=[0, 0, 0],
        std=[255, 255, 255],
        format_shape='NCTHW',
    ),
)

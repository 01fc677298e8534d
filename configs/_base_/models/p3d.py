# P3D-63, from scratch.
model = dict(
    type='Recognizer3D',
    backbone=dict(type='P3D', depth=63),
    cls_head=dict(
        type='P3DHead',
        num_classes=7,
        in_channels=2048,
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

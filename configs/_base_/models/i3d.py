# I3D on Inception-V1, from scratch (MMAction2's own I3D is a ResNet-50).
model = dict(
    type='Recognizer3D',
    backbone=dict(type='InceptionI3D'),
    cls_head=dict(
        type='C3DHead',
        num_classes=7,
        in_channels=1024,
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

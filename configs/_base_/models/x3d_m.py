# X3D-M (Feichtenhofer 2020), as in MMAction2.
# Parts and pixels are those of the checkpoint; the losses sit on what its classifier takes in.
model = dict(
    type='Recognizer3D',
    backbone=dict(type='X3D', gamma_w=1, gamma_b=2.25, gamma_d=2.2),
    cls_head=dict(
        type='FeatureLossHead',
        head='X3DHead',
        num_classes=7,
        in_channels=432,
        feature_losses=[],
        average_clips='prob',
        topk=1,
    ),
    data_preprocessor=dict(
        type='ActionDataPreprocessor',
        mean=[114.75, 114.75, 114.75],
        std=[57.38, 57.38, 57.38],
        format_shape='NCTHW',
    ),
)

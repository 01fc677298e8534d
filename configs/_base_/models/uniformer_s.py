# UniFormer-S (Li et al. 2022), as in MMAction2.
# Parts and pixels are those of the checkpoint; the losses sit on what its classifier takes in.
model = dict(
    type='Recognizer3D',
    backbone=dict(
        type='UniFormer',
        depth=[3, 4, 8, 3],
        embed_dim=[64, 128, 320, 512],
        head_dim=64,
        drop_path_rate=0.1,
    ),
    cls_head=dict(
        type='FeatureLossHead',
        head='I3DHead',
        num_classes=7,
        in_channels=512,
        feature_losses=[],
        average_clips='prob',
        topk=1,
    ),
    data_preprocessor=dict(
        type='ActionDataPreprocessor',
        mean=[114.75, 114.75, 114.75],
        std=[57.375, 57.375, 57.375],
        format_shape='NCTHW',
    ),
)

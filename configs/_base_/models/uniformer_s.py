# UniFormer-S (Li et al. 2022), as in MMAction2.
# Parts and pixels are those of the checkpoint.
_base_ = './pretrained.py'
model = dict(
    backbone=dict(
        type='UniFormer',
        depth=[3, 4, 8, 3],
        embed_dim=[64, 128, 320, 512],
        head_dim=64,
        drop_path_rate=0.1,
    ),
    cls_head=dict(head='I3DHead', in_channels=512),
    data_preprocessor=dict(mean=[114.75, 114.75, 114.75], std=[57.375, 57.375, 57.375]),
)

# MViTv2-S (Li et al. 2022), as in MMAction2.
# Parts and pixels are those of the checkpoint.
_base_ = './pretrained.py'
model = dict(
    backbone=dict(type='MViT', arch='small', drop_path_rate=0.2),
    cls_head=dict(head='MViTHead', in_channels=768),
    data_preprocessor=dict(mean=[114.75, 114.75, 114.75], std=[57.375, 57.375, 57.375]),
)

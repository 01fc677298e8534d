# ViT-B of VideoMAE (Tong et al. 2022), as in MMAction2.
# Parts and pixels are those of the checkpoint.
_base_ = './pretrained.py'
model = dict(
    backbone=dict(
        type='VisionTransformer',
        img_size=224,
        patch_size=16,
        embed_dims=768,
        depth=12,
        num_heads=12,
        mlp_ratio=4,
        qkv_bias=True,
        num_frames=16,
        norm_cfg=dict(type='LN', eps=1e-6),
    ),
    cls_head=dict(head='TimeSformerHead', in_channels=768),
    data_preprocessor=dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375]),
)

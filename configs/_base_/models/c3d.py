# C3D with batch normalisation, from scratch, as the authors of DFEW use it.
_base_ = './recognizer.py'
model = dict(
    backbone=dict(
        type='C3D', norm_cfg=dict(type='BN3d'), out_dim=8192, dropout_ratio=0.5
    ),
    cls_head=dict(in_channels=4096),
)

# P3D-63 with center loss (which the DFEW paper does not print for it).
_base_ = './p3d.py'
model = dict(
    cls_head=dict(
        feature_losses=[dict(type='CenterLoss', feat_dim=2048, loss_weight=1e-4)]
    )
)

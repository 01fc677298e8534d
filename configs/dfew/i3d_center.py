# I3D with center loss (which the DFEW paper does not print for it).
_base_ = './i3d.py'
model = dict(
    cls_head=dict(
        feature_losses=[dict(type='CenterLoss', feat_dim=1024, loss_weight=1e-4)]
    )
)

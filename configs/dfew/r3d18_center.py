# R3D18 with center loss (which the DFEW paper does not print for it).
_base_ = './r3d18.py'
model = dict(
    cls_head=dict(
        feature_losses=[dict(type='CenterLoss', feat_dim=512, loss_weight=1e-4)]
    )
)

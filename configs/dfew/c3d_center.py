# C3D with center loss (table 6 of the DFEW paper).
_base_ = './c3d.py'
model = dict(
    cls_head=dict(
        feature_losses=[dict(type='CenterLoss', feat_dim=4096, loss_weight=1e-4)]
    )
)

# 3D Resnet18 with center loss (table 6 of the DFEW paper).
_base_ = './resnet3d18.py'
model = dict(
    cls_head=dict(
        feature_losses=[dict(type='CenterLoss', feat_dim=512, loss_weight=1e-4)]
    )
)

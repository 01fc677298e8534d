# ce.py with center loss.
_base_ = './ce.py'
model = dict(
    cls_head=dict(
        feature_losses=[dict(type='CenterLoss', feat_dim=128, loss_weight=0.01)]
    )
)

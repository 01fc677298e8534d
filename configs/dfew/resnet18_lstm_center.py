# Resnet18+LSTM with center loss (which the DFEW paper does not print for it).
_base_ = './resnet18_lstm.py'
model = dict(
    cls_head=dict(
        feature_losses=[dict(type='CenterLoss', feat_dim=4096, loss_weight=1e-4)]
    )
)

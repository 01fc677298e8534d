# MC3-18 with EC-STFL; `loss_weight` is its lambda.
_base_ = './mc3_18.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=10.0)]))

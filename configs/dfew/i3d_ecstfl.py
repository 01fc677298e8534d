# I3D with EC-STFL (table 5 of the DFEW paper); `loss_weight` is its lambda.
_base_ = './i3d.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=10.0)]))

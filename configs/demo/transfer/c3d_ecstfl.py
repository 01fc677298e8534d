# c3d.py with EC-STFL.
_base_ = './c3d.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=1)]))

# Equation 9.
_base_ = './c3d_ce.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=10.0)]))

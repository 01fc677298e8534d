# C3D with EC-STFL on AFEW, from scratch.
_base_ = './c3d.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=10.0)]))

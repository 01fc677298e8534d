# 3D Resnet18 with EC-STFL on AFEW, from scratch.
_base_ = './resnet3d18.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=10.0)]))

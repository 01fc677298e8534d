# 3D Resnet18 with EC-STFL on AFEW, from scratch.
_base_ = ['./resnet3d18.py', '../_base_/losses/ec_stfl.py']
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

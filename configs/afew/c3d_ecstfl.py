# C3D with EC-STFL on AFEW, from scratch.
_base_ = ['./c3d.py', '../_base_/losses/ec_stfl.py']
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

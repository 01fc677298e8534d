# C3D with EC-STFL (tables 5 and 6 of the DFEW paper).
_base_ = ['./c3d.py', '../_base_/losses/ec_stfl.py']
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

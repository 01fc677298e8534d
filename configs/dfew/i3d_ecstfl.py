# I3D with EC-STFL (table 5 of the DFEW paper).
_base_ = ['./i3d.py', '../_base_/losses/ec_stfl.py']
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

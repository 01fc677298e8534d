# R3D18 with EC-STFL (table 5 of the DFEW paper).
_base_ = ['./r3d18.py', '../_base_/losses/ec_stfl.py']
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

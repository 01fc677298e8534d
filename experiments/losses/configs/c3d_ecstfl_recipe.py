# EC-STFL as in configs/dfew.
_base_ = ['./c3d_ce.py', '../../../configs/_base_/losses/ec_stfl.py']
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

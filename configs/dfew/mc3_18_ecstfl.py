# MC3-18 with EC-STFL.
_base_ = ['./mc3_18.py', '../_base_/losses/ec_stfl.py']
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

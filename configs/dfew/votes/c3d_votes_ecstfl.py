# The same with EC-STFL, which compares the clips that have a single label.
_base_ = ['./c3d_votes.py', '../../_base_/losses/ec_stfl.py']
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

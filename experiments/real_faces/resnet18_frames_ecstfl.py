# The second stage of resnet18_frames.py with EC-STFL as in configs/dfew.
_base_ = [
    '../../configs/synthetic/resnet18_frames.py',
    '../../configs/_base_/losses/ec_stfl.py',
]
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

# C3D with EC-STFL on FERV39k, from scratch.
_base_ = [
    '../_base_/losses/ec_stfl.py',
    '../_base_/models/c3d.py',
    '../_base_/datasets/ferv39k.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

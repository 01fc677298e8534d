# X3D-M from Kinetics-400, with EC-STFL; not in the DFEW paper.
_base_ = [
    '../_base_/losses/ec_stfl.py',
    '../_base_/models/x3d_m.py',
    '../_base_/datasets/dfew_16f_160_augmented.py',
    '../_base_/schedules/finetune.py',
    '../_base_/default_runtime.py',
]
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

load_from = 'https://download.openmmlab.com/mmaction/v1.0/recognition/x3d/facebook/x3d_m_16x5x1_facebook-kinetics400-rgb_20201027-3f42382a.pth'

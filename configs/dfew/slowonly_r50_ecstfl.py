# SlowOnly from Kinetics-400, with EC-STFL; not in the DFEW paper.
_base_ = [
    '../_base_/losses/ec_stfl.py',
    '../_base_/models/slowonly_r50.py',
    '../_base_/datasets/dfew_16f_160_augmented.py',
    '../_base_/schedules/finetune.py',
    '../_base_/default_runtime.py',
]
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

load_from = 'https://download.openmmlab.com/mmaction/v1.0/recognition/slowonly/slowonly_r50_8xb16-8x8x1-256e_kinetics400-rgb/slowonly_r50_8xb16-8x8x1-256e_kinetics400-rgb_20220901-2132fc87.pth'

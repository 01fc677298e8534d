# UniFormer-S from Kinetics-400, with EC-STFL; not in the DFEW paper.
_base_ = [
    '../_base_/losses/ec_stfl.py',
    '../_base_/models/uniformer_s.py',
    '../_base_/datasets/dfew_16f_224_augmented.py',
    '../_base_/schedules/finetune.py',
    '../_base_/default_runtime.py',
]
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

load_from = 'https://download.openmmlab.com/mmaction/v1.0/recognition/uniformerv1/uniformer-small_imagenet1k-pre_16x4x1_kinetics400-rgb_20221219-c630a037.pth'

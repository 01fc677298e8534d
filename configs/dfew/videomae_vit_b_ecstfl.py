# VideoMAE's ViT-B from Kinetics-400, with EC-STFL; not in the DFEW paper.
_base_ = [
    '../_base_/losses/ec_stfl.py',
    '../_base_/models/videomae_vit_b.py',
    '../_base_/datasets/dfew_16f_224_augmented.py',
    '../_base_/schedules/finetune.py',
    '../_base_/default_runtime.py',
]
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))
# The learning rate decays by 0.75 per layer towards the input.
optim_wrapper = dict(
    constructor='LearningRateDecayOptimizerConstructor',
    paramwise_cfg=dict(decay_rate=0.75, decay_type='layer_wise', num_layers=12),
)
load_from = 'https://download.openmmlab.com/mmaction/v1.0/recognition/videomae/vit-base-p16_videomae-k400-pre_16x4x1_kinetics-400_20221013-860a3cd3.pth'

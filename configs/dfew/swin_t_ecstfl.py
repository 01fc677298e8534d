# Video Swin-T from Kinetics-400, with EC-STFL; not in the DFEW paper.
_base_ = [
    '../_base_/losses/ec_stfl.py',
    '../_base_/models/swin_t.py',
    '../_base_/datasets/dfew_16f_224_augmented.py',
    '../_base_/schedules/finetune.py',
    '../_base_/default_runtime.py',
]
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))
# The backbone has a tenth of the head's rate; no decay of position biases and norms.
optim_wrapper = dict(
    constructor='SwinOptimWrapperConstructor',
    paramwise_cfg=dict(
        absolute_pos_embed=dict(decay_mult=0.0),
        relative_position_bias_table=dict(decay_mult=0.0),
        norm=dict(decay_mult=0.0),
        backbone=dict(lr_mult=0.1),
    ),
)
load_from = 'https://download.openmmlab.com/mmaction/v1.0/recognition/swin/swin-tiny-p244-w877_in1k-pre_8xb8-amp-32x2x1-30e_kinetics400-rgb/swin-tiny-p244-w877_in1k-pre_8xb8-amp-32x2x1-30e_kinetics400-rgb_20220930-241016b2.pth'

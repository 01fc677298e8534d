# Forms of EC-STFL that were compared before one was chosen (experiments/losses).
_base_ = '../../../configs/demo/losses/ce.py'
model = dict(
    cls_head=dict(
        feature_losses=[dict(type='CandidateLoss', form='paper', loss_weight=10)]
    )
)

# ce.py with the supervised contrastive loss of pytorch-metric-learning.
_base_ = './ce.py'
model = dict(
    cls_head=dict(
        feature_losses=[
            dict(
                type='PMLLoss',
                loss='SupConLoss',
                temperature=0.1,
                loss_weight=0.1,
                loss_name='loss_supcon',
            )
        ]
    )
)

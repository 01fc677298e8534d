# The recipe of configs/dfew.
_base_ = './c3d_sgd.py'
model = dict(
    cls_head=dict(
        feature_losses=[
            dict(type='ECSTFLLoss', variant='released', loss_weight=10.0, max_share=0.5)
        ]
    )
)

# ce.py with the EC-STFL of configs/dfew: the form of the authors' later code, λ = 10, its
# gradient limited to half of cross-entropy's.
_base_ = './ce.py'
model = dict(
    cls_head=dict(
        feature_losses=[
            dict(type='ECSTFLLoss', variant='released', loss_weight=10, max_share=0.5)
        ]
    )
)

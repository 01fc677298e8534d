# ce.py with equation 9, λ = 10, and its gradient limited to half of cross-entropy's.
_base_ = './ce.py'
model = dict(
    cls_head=dict(
        feature_losses=[dict(type='ECSTFLLoss', loss_weight=10, max_share=0.5)]
    )
)

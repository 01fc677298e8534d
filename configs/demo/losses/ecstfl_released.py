# ce.py with EC-STFL as in the authors' later code.
_base_ = './ce.py'
model = dict(
    cls_head=dict(
        feature_losses=[dict(type='ECSTFLLoss', variant='released', loss_weight=10)]
    )
)

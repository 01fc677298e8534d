# The form of the authors' later code.
_base_ = './c3d_ce.py'
model = dict(
    cls_head=dict(
        feature_losses=[dict(type='ECSTFLLoss', variant='released', loss_weight=10.0)]
    )
)

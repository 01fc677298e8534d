# ce.py with EC-STFL as in the paper: equation 9, λ = 10.
_base_ = './ce.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=10)]))

# The same with EC-STFL, which compares the clips that have a single label.
_base_ = './c3d_votes.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=10.0)]))

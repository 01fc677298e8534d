# I3D-RGB with equation 9 of the DFEW paper, verbatim.
_base_ = '../i3d_ecstfl.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=10.0)]))

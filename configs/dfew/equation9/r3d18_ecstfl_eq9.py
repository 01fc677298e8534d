# R3D18 with equation 9 of the DFEW paper, verbatim.
_base_ = '../r3d18_ecstfl.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=10.0)]))

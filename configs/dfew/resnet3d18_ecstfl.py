# 3D Resnet18 with EC-STFL (tables 5 and 6 of the DFEW paper); `loss_weight` is its lambda.
_base_ = './resnet3d18.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=10.0)]))

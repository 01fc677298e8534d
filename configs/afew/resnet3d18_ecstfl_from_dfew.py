# 3D Resnet18 with EC-STFL on AFEW, all layers fine-tuned from weights that were trained on
# DFEW (table 7 of the DFEW paper). Any other checkpoint by DFEW_CHECKPOINT, a new
# classifier by --cfg-options default_hooks.class_names.classifier=new; learning rates: README.md.
_base_ = './resnet3d18_ecstfl.py'
load_from = """{{$DFEW_CHECKPOINT:work_dirs/cross_validation/resnet3d18_ecstfl/fold2_seed0/train/epoch_60.pth}}"""
optim_wrapper = dict(optimizer=dict(lr=0.001))

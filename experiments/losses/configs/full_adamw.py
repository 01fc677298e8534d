# The C3D of configs/dfew as it is, on 16 frames of 112 x 112 pixels of the same
# synthetic set, with equation 9; λ = 0 is cross-entropy. It needs a GPU. The other
# full_*.py differ in what the paper leaves open: optimizer, initial weights, and the
# layer that the loss is on.
_base_ = ['../../../configs/dfew/c3d.py', './optimizers.py']

data_root = """{{$DFEW_ROOT:data/demo_dfew}}"""
train_pipeline = _base_.train_pipeline
train_pipeline.insert(2, dict(type='Flip', flip_ratio=0.5))
place = dict(data_root=data_root, pack=f'{data_root}/packed_full')
train_dataloader = dict(dataset=dict(pipeline=train_pipeline, **place))
val_dataloader = dict(dataset=place)
test_dataloader = val_dataloader

loss = dict(type='ECSTFLLoss', variant='paper', loss_weight=10.0, max_share=None)
model = dict(cls_head=dict(feature_losses=[loss]))

max_epochs = 10
# Steps per row of the log.
log_every = 10
optim_wrapper = dict(_delete_=True, **_base_.adamw)
param_scheduler = [dict(total_steps=max_epochs, **_base_.one_cycle)]
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)

# The C3D of configs/dfew at full width, trained by cross-entropy on synthetic faces in
# DFEW's class shares, of 56 x 56 pixels: a run takes half an hour of one core. The
# other c3d_*.py here differ in the loss or its layer, c3d_sgd.py in the optimizer.
_base_ = ['../../../configs/dfew/c3d.py', './optimizers.py']

data_root = """{{$DFEW_ROOT:data/demo_dfew}}"""
scale = (56, 56)
train_pipeline = _base_.train_pipeline
train_pipeline[1].update(scale=scale)
train_pipeline.insert(2, dict(type='Flip', flip_ratio=0.5))
test_pipeline = _base_.test_pipeline
test_pipeline[1].update(scale=scale)
# The other networks here use the only pack in data_root/packed.
place = dict(data_root=data_root, pack=f'{data_root}/packed_c3d')
loader = dict(num_workers=0, persistent_workers=False)
train_dataloader = dict(dataset=dict(pipeline=train_pipeline, **place), **loader)
val_dataloader = dict(dataset=dict(pipeline=test_pipeline, **place), **loader)
test_dataloader = val_dataloader

# 56 / 16 pixels are padded to 2 x 2 before the first fully connected layer.
model = dict(backbone=dict(out_dim=2048))

max_epochs = 3
# Steps per row of the log.
log_every = 10
optim_wrapper = dict(_delete_=True, **_base_.adamw)
param_scheduler = [dict(total_steps=max_epochs, **_base_.one_cycle)]
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)

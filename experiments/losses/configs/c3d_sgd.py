# As in configs/dfew: SGD with 0.003 and clipped gradients, divided by ten, here at a
# fixed epoch. λ = 0 is cross-entropy.
_base_ = './c3d_ecstfl.py'

max_epochs = 8
optim_wrapper = dict(_delete_=True, **_base_.sgd)
param_scheduler = [dict(milestones=[6], **_base_.steps)]
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)

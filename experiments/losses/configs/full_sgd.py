# As in configs/dfew: SGD with 0.003 and clipped gradients, divided by ten, here at a
# fixed epoch.
_base_ = './full_adamw.py'

optim_wrapper = dict(_delete_=True, **_base_.sgd)
param_scheduler = [dict(milestones=[8], **_base_.steps)]

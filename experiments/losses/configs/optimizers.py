# Optimizers and schedules of the trainings of C3D at full width.
adamw = dict(
    type='BFloat16OptimWrapper',
    optimizer=dict(type='AdamW', lr=1e-4, weight_decay=0.05, fused=True),
)
one_cycle = dict(
    type='OneCycleLR',
    eta_max=1e-4,
    pct_start=0.1,
    by_epoch=True,
    convert_to_iter_based=True,
)
# As in configs/dfew; there the rate is divided by ten when the loss saturates.
sgd = dict(
    type='BFloat16OptimWrapper',
    optimizer=dict(type='SGD', lr=0.003, momentum=0.9, weight_decay=5e-4, fused=True),
    clip_grad=dict(max_norm=40, norm_type=2),
)
steps = dict(type='MultiStepLR', gamma=0.1, by_epoch=True, convert_to_iter_based=True)

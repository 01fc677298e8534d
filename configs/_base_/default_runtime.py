# Importing the package registers its parts.
custom_imports = dict(imports=['dfew_mmaction'], allow_failed_imports=False)
default_scope = 'mmaction'
# The terminal shows the training; config, system and hooks are in the log file.
runner_type = 'ConciseRunner'

default_hooks = dict(
    runtime_info=dict(type='RuntimeInfoHook'),
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=20, ignore_last=False),
    # Lets a scheduler monitor the training loss.
    param_scheduler=dict(type='PlateauSchedulerHook'),
    # MMEngine removes the oldest checkpoint before it writes a new one: two are kept so
    # that one exists at any time. An epoch whose validation was interrupted is validated
    # on resume.
    checkpoint=dict(
        type='ResumableCheckpointHook',
        interval=1,
        max_keep_ckpts=2,
        save_best='acc/UAR',
        rule='greater',
    ),
    sampler_seed=dict(type='DistSamplerSeedHook'),
    sync_buffers=dict(type='SyncBuffersHook'),
    # The rest are hooks of this project; an option is, for example,
    # --cfg-options default_hooks.class_names.classifier=new, which starts with a new
    # classifier if training starts from `load_from`.
    run_guard=dict(type='RunGuardHook'),
    schedule=dict(type='ScheduleHook'),
    epoch_seed=dict(type='EpochSeedHook'),
    data_consistency=dict(type='DataConsistencyHook'),
    feature_loss_guard=dict(type='FeatureLossGuardHook'),
    strict_checkpoint=dict(type='StrictCheckpointHook'),
    class_names=dict(type='ClassNamesHook', classifier='keep'),
)

env_cfg = dict(
    cudnn_benchmark=True,
    mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),
    dist_cfg=dict(backend='nccl'),
)
log_processor = dict(type='LogProcessor', window_size=20, by_epoch=True)

# For TensorBoard (`pip install tensorboard`):
# --cfg-options visualizer.vis_backends.0.type=TensorboardVisBackend
vis_backends = [dict(type='LocalVisBackend')]
visualizer = dict(type='ActionVisualizer', vis_backends=vis_backends)

log_level = 'INFO'
load_from = None
resume = False
# `randomness` is not set here, so that `--seed` takes effect. Without `--seed`, a seed is
# drawn, logged, and stored in the checkpoint for `--resume`.

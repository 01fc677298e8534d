# The third stage of resnet18_frames.py: more people, whose folds, brows, eyes, lips, light
# and contrast vary more (`tools/data/make_synthetic.py --style varied`), in the wider
# crop, and stronger augmentation. The package carries this network.
_base_ = './resnet18_frames.py'
varied_root = """{{$REAL_FACES_ROOT:data/rendered}}/varied"""
stronger = dict(light=1.4, local_contrast=0.3, grey=0.6, cover=0.3)
train_pipeline = _base_.train_pipeline
train_pipeline[2].update(shift=0.06, **stronger)
wide_pipeline = _base_.wide_pipeline
wide_pipeline[2].update(shift=0.09, **stronger)
clips = _base_.clips
clips.update(pipeline=train_pipeline)
train_dataloader = dict(
    dataset=dict(
        datasets=[
            clips,
            dict(clips, data_root=_base_.apex_root),
            dict(clips, data_root=_base_.wide_root, pipeline=wide_pipeline),
            dict(clips, data_root=_base_.calm_root, pipeline=wide_pipeline),
            dict(clips, data_root=varied_root, pipeline=wide_pipeline),
        ]
    )
)
max_epochs = 5
param_scheduler = [
    dict(
        type='OneCycleLR',
        eta_max=1e-3,
        pct_start=0.2,
        total_steps=max_epochs,
        by_epoch=True,
        convert_to_iter_based=True,
    )
]
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)

# The first stage of resnet18_frames.py: single frames near the apex of the expression
# (`tools/data/make_synthetic.py --apex-only`).
_base_ = './resnet18_frames.py'
train_pipeline = _base_.train_pipeline
train_pipeline[0]['clip_len'] = 1
# Milder than in the second stage, or learning takes long to begin.
train_pipeline[2].update(
    zoom=(0.9, 1.3), shift=0.03, light=0.6, low_resolution=0.35, blur=0.2, noise=0.2,
    cover=0.1,
)  # fmt: skip
clips = _base_.clips
clips.update(pipeline=train_pipeline)
train_dataloader = dict(batch_size=64, dataset=dict(_delete_=True, **clips))
max_epochs = 20
param_scheduler = [
    dict(
        type='OneCycleLR',
        eta_max=3e-3,
        pct_start=0.2,
        total_steps=max_epochs,
        by_epoch=True,
        convert_to_iter_based=True,
    )
]
train_cfg = dict(max_epochs=max_epochs, val_interval=5)

# C3D that learns the distribution of the ten votes, by soft cross-entropy. Training
# includes clips without a single label whose frames are on disk; scores are on the
# single label.
_base_ = '../c3d.py'
train_pipeline = _base_.train_pipeline
train_pipeline[-1]['algorithm_keys'] = ('label_distribution',)
train_dataloader = dict(
    dataset=dict(label_type='distribution', unlabelled=True, pipeline=train_pipeline)
)

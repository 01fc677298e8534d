# The demo network on the distribution of the votes.
_base_ = './slim_c3d_ecstfl.py'
train_pipeline = _base_.train_pipeline
train_pipeline[-1]['algorithm_keys'] = ('label_distribution',)
train_dataloader = dict(
    dataset=dict(label_type='distribution', unlabelled=True, pipeline=train_pipeline)
)

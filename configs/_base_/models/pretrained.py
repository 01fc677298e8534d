# Common settings of the networks from Kinetics: a stock head with losses on its
# embedding.
model = dict(
    type='Recognizer3D',
    cls_head=dict(
        type='FeatureLossHead',
        num_classes=7,
        feature_losses=[],
        average_clips='prob',
        topk=1,
    ),
    data_preprocessor=dict(type='ActionDataPreprocessor', format_shape='NCTHW'),
)

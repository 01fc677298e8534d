# What the networks from Kinetics share: a stock head that carries losses on what its
# classifier takes in.
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

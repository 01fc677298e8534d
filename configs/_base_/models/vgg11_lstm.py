# VGG11 on each frame, then an LSTM over the 16 frames, from scratch. Batch normalisation
# is added, without which VGG11 hardly trains from scratch.
model = dict(
    type='Recognizer3D',
    backbone=dict(
        type='CNNLSTM',
        backbone=dict(
            type='VGG', depth=11, with_bn=True, bn_eval=False, out_indices=(4,)
        ),
        in_channels=512,
    ),
    cls_head=dict(
        type='C3DHead',
        num_classes=7,
        in_channels=16 * 256,
        dropout_ratio=0.5,
        feature_losses=[],
        average_clips='prob',
    ),
    # Pixels in [0, 1] without mean and standard deviation, as in the released code.
    data_preprocessor=dict(
        type='ActionDataPreprocessor',
        mean=[0, 0, 0],
        std=[255, 255, 255],
        format_shape='NCTHW',
    ),
)

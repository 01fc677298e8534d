# VGG11 on each frame, then an LSTM over the 16 frames, from scratch. Batch normalisation
# is added, without which VGG11 hardly trains from scratch.
_base_ = './recognizer.py'
model = dict(
    backbone=dict(
        type='CNNLSTM',
        backbone=dict(
            type='VGG', depth=11, with_bn=True, bn_eval=False, out_indices=(4,)
        ),
        in_channels=512,
    ),
    cls_head=dict(in_channels=16 * 256),
)

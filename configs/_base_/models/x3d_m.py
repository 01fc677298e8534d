# X3D-M (Feichtenhofer 2020), as in MMAction2.
# Parts and pixels are those of the checkpoint.
_base_ = './pretrained.py'
model = dict(
    backbone=dict(type='X3D', gamma_w=1, gamma_b=2.25, gamma_d=2.2),
    cls_head=dict(head='X3DHead', in_channels=432),
    data_preprocessor=dict(mean=[114.75, 114.75, 114.75], std=[57.38, 57.38, 57.38]),
)

# A quarter as wide P3D-63 on the demo set.
_base_ = './slim_c3d_ecstfl.py'
model = dict(
    backbone=dict(_delete_=True, type='P3D', depth=63, base_channels=16),
    cls_head=dict(type='P3DHead', in_channels=512),
)

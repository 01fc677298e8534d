# 3D Resnet18 with cross-entropy on AFEW, from scratch.
_base_ = [
    '../_base_/models/resnet3d18.py',
    '../_base_/datasets/afew.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

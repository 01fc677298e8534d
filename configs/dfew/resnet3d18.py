# 3D Resnet18 with cross-entropy (tables 4 to 6 of the DFEW paper).
_base_ = [
    '../_base_/models/resnet3d18.py',
    '../_base_/datasets/dfew_16f.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

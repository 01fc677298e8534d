# C3D with cross-entropy on AFEW, from scratch.
_base_ = [
    '../_base_/models/c3d.py',
    '../_base_/datasets/afew.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

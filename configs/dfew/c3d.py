# C3D with cross-entropy (tables 4 to 6 of the DFEW paper).
_base_ = [
    '../_base_/models/c3d.py',
    '../_base_/datasets/dfew_16f.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

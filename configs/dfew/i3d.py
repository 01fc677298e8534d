# I3D with cross-entropy (tables 4 and 5 of the DFEW paper).
_base_ = [
    '../_base_/models/i3d.py',
    '../_base_/datasets/dfew_16f_224.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

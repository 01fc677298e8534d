# R3D18 with cross-entropy (tables 4 and 5 of the DFEW paper).
_base_ = [
    '../_base_/models/r3d18.py',
    '../_base_/datasets/dfew_16f.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

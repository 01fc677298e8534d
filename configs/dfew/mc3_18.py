# MC3-18 with cross-entropy; not in the paper, its authors publish it for DFEW.
_base_ = [
    '../_base_/models/mc3_18.py',
    '../_base_/datasets/dfew_16f.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

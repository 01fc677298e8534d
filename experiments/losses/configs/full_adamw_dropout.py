# EC-STFL on the embedding after dropout.
_base_ = './full_adamw.py'
model = dict(
    backbone=dict(type='CandidateC3D', end='dropout'), cls_head=dict(dropout_ratio=0.0)
)

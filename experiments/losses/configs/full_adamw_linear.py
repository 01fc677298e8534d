# EC-STFL on the output of fc7 before its ReLU.
_base_ = './full_adamw.py'
model = dict(backbone=dict(type='CandidateC3D', end='linear'))

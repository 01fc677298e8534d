# Equation 9 on the output of fc7 before its ReLU.
_base_ = './c3d_ecstfl.py'
model = dict(backbone=dict(type='CandidateC3D', end='linear'))

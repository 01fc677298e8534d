# Equation 9 and the classifier on the output of fc7 without ReLU.
_base_ = './c3d_ecstfl.py'
model = dict(backbone=dict(type='CandidateC3D', end='linear'))

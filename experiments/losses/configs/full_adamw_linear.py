# EC-STFL and the classifier on the output of fc7 without ReLU.
_base_ = './full_adamw.py'
model = dict(backbone=dict(type='CandidateC3D', end='linear'))

# Resnet18+LSTM with cross-entropy (tables 4 and 5 of the DFEW paper).
_base_ = [
    '../_base_/models/resnet18_lstm.py',
    '../_base_/datasets/dfew_16f.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

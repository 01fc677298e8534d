# VGG11+LSTM with cross-entropy (tables 4 and 5 of the DFEW paper).
_base_ = [
    '../_base_/models/vgg11_lstm.py',
    '../_base_/datasets/dfew_16f.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

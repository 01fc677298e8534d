# Resnet18+LSTM with equation 9 of the DFEW paper, verbatim.
_base_ = '../resnet18_lstm_ecstfl.py'
model = dict(cls_head=dict(feature_losses=[dict(type='ECSTFLLoss', loss_weight=10.0)]))

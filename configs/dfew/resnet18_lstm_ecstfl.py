# Resnet18+LSTM with EC-STFL (table 5 of the DFEW paper).
_base_ = ['./resnet18_lstm.py', '../_base_/losses/ec_stfl.py']
model = dict(cls_head=dict(feature_losses=_base_.feature_losses))

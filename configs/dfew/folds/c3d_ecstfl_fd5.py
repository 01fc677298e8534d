_base_ = '../c3d_ecstfl.py'
fold = 5
train_dataloader = dict(dataset=dict(fold=fold))
val_dataloader = test_dataloader = dict(dataset=dict(fold=fold))

# The 16-frame clips at 160 x 160, as for P3D in the authors' code.
_base_ = './dfew_16f.py'
train_pipeline = _base_.train_pipeline
train_pipeline[1]['scale'] = (160, 160)
test_pipeline = _base_.test_pipeline
test_pipeline[1]['scale'] = (160, 160)
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = val_dataloader

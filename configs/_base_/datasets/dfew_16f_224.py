# The 16-frame clips at 224 x 224, as for I3D in the authors' code.
_base_ = './dfew_16f.py'
train_pipeline = _base_.train_pipeline
train_pipeline[1]['scale'] = (224, 224)
test_pipeline = _base_.test_pipeline
test_pipeline[1]['scale'] = (224, 224)
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = val_dataloader

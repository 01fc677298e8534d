# MAFW, aligned frames, the eleven single expressions. For the choice of frames see
# ferv39k.py. Compound expressions: see configs/mafw/README.md.
_base_ = './ferv39k.py'
data_root = """{{$MAFW_ROOT:data/MAFW}}"""
fold = {{'$MAFW_FOLD:1'}}
dataset_type = 'MAFWDataset'
own = dict(type=dataset_type, data_root=data_root, fold=fold)
train_dataloader = dict(dataset=own)
val_dataloader = dict(dataset=own)
test_dataloader = val_dataloader

val_evaluator = dict(num_classes=11)
test_evaluator = val_evaluator

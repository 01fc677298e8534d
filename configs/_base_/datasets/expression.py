# A custom set, listed in train.csv and test.csv: docs/own_data.md. For other classes
# than DFEW's set `classes=(…)` in each data set, and their number in head and metric.
_base_ = './ferv39k.py'
data_root = """{{$EXPRESSION_ROOT:data/own}}"""
dataset_type = 'ExpressionDataset'
own = dict(type=dataset_type, data_root=data_root, ann_file='{split}.csv')
train_dataloader = dict(dataset=own)
val_dataloader = dict(dataset=own)
test_dataloader = val_dataloader

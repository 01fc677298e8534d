import pytest
import torch
from mmaction.registry import METRICS

from dfew_mmaction.evaluation.functional import read_predictions


def test_file_holds_name_label_and_scores(tmp_path):
    path = tmp_path / 'predictions.csv'
    metric = METRICS.build(dict(type='DumpPredictions', out_file=str(path)))
    metric.dataset_meta = dict(classes=('happy', 'sad'))
    for i, label in enumerate([1, 0, 1]):
        score = torch.tensor([0.25, 0.75], dtype=torch.bfloat16)
        sample = dict(video_id=f'{i:05d}', gt_label=torch.tensor([label]))
        metric.process(None, [dict(sample, pred_score=score)])
    assert metric.evaluate(3) == {}
    ids, labels, scores, classes = read_predictions(path)
    assert ids.tolist() == ['00000', '00001', '00002']
    assert labels.tolist() == [1, 0, 1] and classes == ('happy', 'sad')
    assert scores.tolist() == [[0.25, 0.75]] * 3


def test_samples_that_cannot_be_written_are_told():
    metric = METRICS.build(dict(type='DumpPredictions', out_file='p.csv'))
    sample = dict(gt_label=torch.tensor([1]), pred_score=torch.rand(7))
    with pytest.raises(KeyError, match='no `video_id`'):
        metric.process(None, [sample])
    with pytest.raises(ValueError, match=r'shape \(2, 7\).*average_clips'):
        metric.process(None, [dict(sample, video_id='1', pred_score=torch.rand(2, 7))])


def test_other_endings_are_refused():
    with pytest.raises(ValueError, match=r"must end in \.csv, got 'p\.pkl'"):
        METRICS.build(dict(type='DumpPredictions', out_file='p.pkl'))

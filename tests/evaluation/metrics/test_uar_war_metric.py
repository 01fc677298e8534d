import logging
from pathlib import Path

import numpy as np
import pytest
import torch
from mmaction.registry import METRICS
from mmengine.logging import MMLogger

from dfew_mmaction.evaluation import UARWARMetric, uar_war

CLASSES = ('happy', 'sad', 'neutral', 'angry', 'surprise', 'disgust', 'fear')


def outputs(n=23, seed=0):
    rng = np.random.default_rng(seed)
    scores, labels = rng.random((n, 7)).astype(np.float32), rng.integers(0, 7, n)
    samples = [
        dict(
            video_id=f'{i:05d}',
            pred_score=torch.from_numpy(scores[i]),
            gt_label=torch.tensor([int(labels[i])]),
        )
        for i in range(n)
    ]
    return samples, scores, labels


def test_keys_and_values():
    samples, scores, labels = outputs()
    metric = METRICS.build(dict(type='UARWARMetric'))
    metric.dataset_meta = dict(classes=CLASSES)
    for i in range(0, 23, 4):
        metric.process(None, samples[i : i + 4])
    got = metric.evaluate(23)
    expected = uar_war(scores, labels, 7, classes=CLASSES)
    assert got == {f'acc/{name}': value for name, value in expected.items()}
    assert list(got)[:3] == ['acc/UAR', 'acc/WAR', 'acc/recall_happy']


def test_table_and_warning_are_in_the_log(tmp_path, caplog):
    log = tmp_path / 'run.log'
    MMLogger.get_instance('table', log_file=str(log))
    metric = UARWARMetric(classes=CLASSES)
    score = torch.eye(7)
    labels = [0, 0, 5]
    metric.process(
        None,
        [
            dict(pred_score=score[p], gt_label=torch.tensor([t]))
            for p, t in zip([0, 1, 6], labels)
        ],
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            MMLogger, 'get_current_instance', lambda: MMLogger.get_instance('table')
        )
        got = metric.evaluate(3)
    for handler in MMLogger.get_instance('table').handlers:
        handler.flush()
    logging.shutdown(handlerList=[])
    text = log.read_text()
    assert got['acc/UAR'] == 0.25 and np.isnan(got['acc/recall_fear'])
    assert 'no sample of the classes sad, neutral, angry, surprise, fear' in text
    row = next(line for line in text.splitlines() if 'recall %' in line)
    cells = [cell.strip() for cell in row.strip('|').split('|')]
    assert cells == [
        'recall %',
        '50.00',
        '-',
        '-',
        '-',
        '-',
        '0.00',
        '-',
        '25.00',
        '33.33',
    ]
    assert '1/2' in text and '1/3' in text


@pytest.mark.parametrize('kind', [list, np.asarray, torch.tensor])
def test_calculate_needs_no_runner(kind):
    pred, target = [0, 1, 1, 6], [0, 1, 2, 6]
    got = UARWARMetric.calculate(kind(pred), kind(target), num_classes=7)
    assert got['WAR'] == 0.75 and got['UAR'] == 0.75 and got['recall_2'] == 0
    scores = np.eye(7)[pred]
    again = UARWARMetric.calculate(kind(scores.tolist()), kind(target), num_classes=7)
    assert again == pytest.approx(got, nan_ok=True)


def test_unaveraged_clips_are_refused_with_the_remedy():
    sample = dict(pred_score=torch.ones(2, 7), gt_label=torch.tensor([1]))
    with pytest.raises(ValueError, match="average_clips='prob'"):
        UARWARMetric().process(None, [sample])


def test_two_processes_give_what_one_gives(tmp_path, run_group):
    samples, scores, labels = outputs()
    torch.save(samples, tmp_path / 'samples.pt')
    script = Path(__file__).with_name('evaluate_in_processes.py')
    run_group(2, script, tmp_path)
    expected = uar_war(scores, labels, 7)
    for rank in range(2):
        got = torch.load(tmp_path / f'{rank}.pt')
        # 23 clips on two processes are 24 with the padding.
        assert got.pop('processed') == 12
        assert got == {f'acc/{name}': value for name, value in expected.items()}


def test_scores_in_float64_are_not_rounded():
    close = torch.tensor([[0.5, 0.5 + 1e-12]], dtype=torch.float64)
    assert UARWARMetric.calculate(close, [1], num_classes=2)['recall_1'] == 1
    labels = torch.tensor([1], dtype=torch.int8)
    assert UARWARMetric.calculate(labels, labels, num_classes=2)['WAR'] == 1

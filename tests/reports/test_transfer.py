"""The tables of a transfer, from runs of a set without folds and a custom set."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from dfew_mmaction.apis import make_report, transfer_report, write_report
from dfew_mmaction.cross_validation import plan_runs
from dfew_mmaction.cross_validation.plan import write_json
from dfew_mmaction.datasets import AFEWDataset
from dfew_mmaction.evaluation.functional import uar_war, write_predictions
from dfew_mmaction.inference import ModelFacts
from dfew_mmaction.inference.model_files.model_file import model_file_bytes
from dfew_mmaction.synthetic import lay_out

LR = 'optim_wrapper.optimizer.lr'
STATE = dict(
    checkpoint='epoch_1.pth', versions={}, git='abc', finished='today', seconds=1.0
)


@pytest.fixture(scope='module')
def report(tmp_path_factory, demo_root, repo):
    """A grid of sources and rates whose predictions are drawn, some better."""
    folder = tmp_path_factory.mktemp('transfer')
    root = lay_out(demo_root, folder / 'AFEW', 'afew')
    source = folder / 'source.pth'
    meta = dict(dataset_meta=dict(dataset='DFEW', fold=5))
    torch.save(dict(meta=meta, state_dict={'w': torch.zeros(1)}), source)
    runs = plan_runs(
        [repo / f'configs/afew/{name}.py' for name in ('c3d', 'c3d_ecstfl')],
        folder / 'work', [1], seeds=[0, 1],
        grid={'load_from': [None, str(source)], LR: [0.1, 0.2]},
        options={f'{p}_dataloader.dataset.data_root': str(root) for p in
                 ('train', 'val', 'test')},
    )  # fmt: skip
    data = AFEWDataset(root, split='test')
    names, labels = zip(*data.listed().items())
    rng, drawn = np.random.default_rng(0), {}
    for run in runs:
        run.write()
        better = 3 * bool(run.values['load_from']) + 3 * (run.values[LR] == 0.2)
        scores = rng.random((len(labels), 7))
        scores[np.arange(len(labels)), labels] += 0.1 * better
        drawn[run.setting, run.seed] = uar_war(scores, labels)
        write_predictions(
            run.folder / 'predictions.csv', names, labels, scores, data.classes
        )
        known = json.loads((run.folder / 'run.json').read_text())
        write_json(run.folder / 'run.json', {**known, **STATE})
    write_report(make_report(runs), folder / 'report')
    return folder / 'report', drawn


def rows_of(text, head):
    lines = text.split(head)[1].splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith('|'))
    rows = []
    for line in lines[start:]:
        if not line.startswith('|'):
            break
        rows.append([cell.strip() for cell in line.strip('|').split('|')])
    return rows


def test_a_set_without_folds_is_reported_as_such(report):
    text = (report[0] / 'report.md').read_text()
    assert 'The set has no folds: its test part holds 14 clips, each scored' in text
    assert len(json.loads((report[0] / 'report.json').read_text())['settings']) == 8


def test_best_of_the_grid_fills_the_table(report):
    folder, drawn = report
    text = transfer_report([folder], 'Tables', ['A note.'])
    assert text.startswith('# Tables\n\nA note.')
    header, _, scratch, dfew = rows_of(text, '## Fine-tuned from')
    assert header == ['Pretrained on', 'C3D', 'C3D, EC-STFL']
    assert [scratch[0], dfew[0]] == ['none (from scratch)', 'DFEW, fd5']
    for row, source in ((scratch, 'None'), (dfew, 'source.pth')):
        for cell, config in zip(row[1:], ('c3d', 'c3d_ecstfl')):
            means = {
                lr: np.mean([
                    scores['WAR'] for (name, _), scores in drawn.items()
                    if name.split('/')[0] == config and source in name
                    and f'lr={lr}' in name
                ])
                for lr in (0.1, 0.2)
            }  # fmt: skip
            best = max(means, key=means.get)
            assert cell.startswith(f'{100 * means[best]:.2f} [')
            assert cell.endswith(f'(lr {best}, of 2)')
    models = rows_of(text, '## Models')[2:]
    values = [float(row[1]) for row in models]
    assert len(models) == 4 and values == sorted(values)


def test_gain_is_that_over_scratch(report):
    text = transfer_report([report[0]])
    table = rows_of(text, '## Fine-tuned from')
    gains = rows_of(text, '## What pretraining adds')[2:]
    assert [row[:2] for row in gains] == [
        ['DFEW, fd5', 'C3D'], ['DFEW, fd5', 'C3D, EC-STFL'],
    ]  # fmt: skip
    for column, row in enumerate(gains, 1):
        scratch, dfew = (float(table[i][column].split()[0]) for i in (2, 3))
        difference, low, high = (
            float(x) for x in row[3].replace('[', '').replace(']', '').replace(
                ',', '').split()
        )  # fmt: skip
        assert difference == pytest.approx(dfew - scratch, abs=0.011)
        assert low <= difference <= high


def test_where_weights_come_from_is_read_of_any_model_file(report, tmp_path):
    folder = Path(shutil.copytree(report[0], tmp_path / 'report'))
    text = (folder / 'report.json').read_text()
    path = tmp_path / 'w.safetensors'
    facts = ModelFacts(('a',), 16, 'even', (8, 8), (0.0,), (1.0,))
    facts.dataset.update(dataset='DFEW', fold=3)
    path.write_bytes(model_file_bytes({'w': torch.zeros(1)}, facts, safetensors=True))
    report = json.loads(text)
    for setting in report['settings']:
        setting['load_from'] = setting['load_from'] and str(path)
    (folder / 'report.json').write_text(json.dumps(report))
    assert (
        rows_of(transfer_report([folder]), '## Fine-tuned from')[-1][0] == 'DFEW, fd3'
    )
    path.write_bytes(b'cut')
    with pytest.raises(RuntimeError, match='not a complete .safetensors file'):
        transfer_report([folder])


def test_papers_tables_stand_beside_where_asked_for(report, repo):
    text = transfer_report([report[0]], paper=True)
    rows = rows_of(text, '(AFEW 7.0, WAR)')
    assert rows[0][1:] == ['C3D', 'C3D, EC-STFL', '3D Resnet18', '3D Resnet18, EC-STFL']
    assert rows[-1] == ['DFEW, fd5', '49.87', '49.87', '49.61', '49.66']
    assert '53.26' in text.split('Model (table 8)')[1]
    assert 'table' not in transfer_report([report[0]])
    models = yaml.safe_load((repo / 'configs/afew/metafile.yml').read_text())['Models']
    printed = {w for row in rows[-2:] for w in row[1:]}
    found = {f'{r["Metrics"]["WAR"]:.2f}' for m in models for r in m.get('Results', [])}
    assert found == printed


def test_command_writes_it_and_names_what_is_missing(report, run, tmp_path):
    tool = ['python', 'tools/analysis/transfer_table.py']
    run(*tool, report[0], '--out', tmp_path / 't.md', '--title', 'T')
    assert (tmp_path / 't.md').read_text() == transfer_report([report[0]], 'T')
    with pytest.raises(FileNotFoundError, match='there is no report .*cross_validate'):
        transfer_report([tmp_path])


def test_plans_of_other_sets(repo, tmp_path):
    afew = repo / 'configs/afew/c3d_ecstfl_from_dfew.py'
    with pytest.raises(ValueError, match='the set has no folds: give `--folds 1`'):
        plan_runs([afew], tmp_path)
    (run,) = plan_runs([afew], tmp_path, [1])
    assert not run.has_folds and run.source == 'frames'
    assert 'fold' not in run.config.test_dataloader.dataset
    (run,) = plan_runs([repo / 'configs/caer/c3d_ecstfl.py'], tmp_path, [1])
    assert run.source == 'video'
    runs = plan_runs([repo / 'configs/mafw/c3d_ecstfl.py'], tmp_path, [1, 4])
    assert [r.config.train_dataloader.dataset.fold for r in runs] == [1, 4]
    assert all(r.has_folds for r in runs)

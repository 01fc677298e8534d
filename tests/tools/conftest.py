"""Right files for the command lines of all tools, and a function that runs a tool."""

import csv
import json
import logging
import runpy
import shutil
import signal

import numpy as np
import pytest
import torch
from mmengine.logging import MessageHub, MMLogger
from mmengine.visualization import Visualizer


@pytest.fixture(scope='session')
def good(
    tmp_path_factory, demo_root, network, model_file, exported, repo, held_out,
    published,
):  # fmt: skip
    """A right file or folder for each kind."""
    from dfew_mmaction.evaluation.functional import write_embeddings, write_predictions
    from dfew_mmaction.extraction.manifest import COLUMNS, write_manifest
    from dfew_mmaction.utils import CLASSES

    folder = tmp_path_factory.mktemp('good')
    ids, labels = [f'{i:05d}' for i in range(14)], [*range(7)] * 2
    write_predictions(folder / 'p.csv', ids, labels, np.eye(7)[labels], CLASSES)
    vectors = np.random.default_rng(0).normal(size=(14, 4))
    write_embeddings(folder / 'e.npz', ids, labels, vectors, CLASSES)
    table = 'name,' + ','.join(CLASSES) + ',UAR,WAR\nx' + ',50.00' * 9 + '\n'
    (folder / 't.csv').write_text(table)
    lists = demo_root / 'EmoLabel_DataSplit' / 'train(single-labeled)' / 'set_1.csv'
    rows = list(csv.reader(lists.read_text().splitlines()[1:]))
    (folder / 'labels.csv').write_text(lists.read_text())
    pairs = [f'{number},{number % 9}' for number in range(1, 200)]
    (folder / 'groups.csv').write_text('\n'.join(['video_name,group', *pairs, '']))
    votes = demo_root / 'Annotation' / 'annotation.xlsx'
    import pandas as pd

    pd.read_excel(votes).to_csv(folder / 'votes.csv', index=False)
    values = {'int64': 1, 'float64': 1.0, 'bool': True, 'str': ''}
    kept = {name: values[kind] for name, kind in COLUMNS.items()}
    clips = {int(n): dict(kept, clip=int(n)) for n, _ in rows}
    write_manifest(folder / 'manifest.csv', clips)
    (folder / 'logs' / '1' / 'vis_data').mkdir(parents=True)
    entry = json.dumps({'epoch': 1, 'loss': 1.0, 'acc/UAR': 0.5, 'acc/WAR': 0.5})
    (folder / 'logs' / '1' / 'vis_data' / 'scalars.json').write_text(entry + '\n')
    score, run = dict(UAR=0.5, WAR=0.5), folder / 'sweep' / 'c3d' / 'fold1_seed0'
    run.mkdir(parents=True)
    known = dict(setting='c3d/1', values=dict(loss_weight=1), finished=1, score=score)
    (run / 'run.json').write_text(json.dumps(known))
    setting = dict(name='c3d', load_from=None, seeds=[0], values={})
    setting['pooled'] = {name: dict(mean=0.5) for name in score}
    setting['intervals'] = dict(WAR=[0.4, 0.6])
    report = dict(settings=[setting], data=dict(statement='14 clips.'))
    face = dict(id=1, frames=9, first=0.0, last=2.0)
    face['segments'] = [dict(emotion='happy', onset=0.0, offset=1.0)]
    timelines = json.dumps(dict(classes=CLASSES, faces=[face]))
    (folder / 'timelines.json').write_text(timelines)
    (folder / 'coding.csv').write_text('start,end,emotion\n0,1,happy\n')
    (folder / 'report' / 'pooled').mkdir(parents=True)
    shutil.copy(folder / 'p.csv', folder / 'report' / 'pooled' / 'c3d_seed0.csv')
    (folder / 'report' / 'report.json').write_text(json.dumps(report))
    weights = published.randomise(published.P3D()).float().state_dict()
    named = {f'module.{name}': value for name, value in weights.items()}
    torch.save(dict(model_state_dict=named), folder / 'theirs.pth')
    (folder / 'configs').mkdir()
    shutil.copy(network[0], folder / 'configs')
    names = dict(
        CODING='coding.csv', TIMELINES='timelines.json', CONFIGS='configs',
        EMBEDDINGS='e.npz', GROUPS='groups.csv', LABELS='labels.csv',
        LOGS='logs', MANIFEST='manifest.csv', PREDICTIONS='p.csv', REPORT='report',
        TABLE='t.csv', THEIRS='theirs.pth', VOTES_CSV='votes.csv', WORK_DIR='sweep',
    )  # fmt: skip
    return {
        **{kind: folder / name for kind, name in names.items()},
        'CHECKPOINT': network[1], 'CLIP': held_out[0], 'CONFIG': network[0],
        'DEMO': demo_root, 'FACE_MODEL': folder / 'face.npz', 'MODEL': model_file,
        'ONNX': exported.path,
        'P3D': repo / 'configs' / 'dfew' / 'p3d.py', 'ROOT': demo_root,
        'VIDEO': demo_root / 'Clip' / 'original' / '1.mp4', 'VOTES': votes,
    }  # fmt: skip


@pytest.fixture
def call(repo, monkeypatch, capfd, tmp_path):
    """Run a tool as a script in this process; status, output and errors."""

    def late(*_):
        raise AssertionError('the tool was not stopped by the mistake')

    def _call(tool, *words):
        monkeypatch.setattr('sys.argv', [tool, *map(str, words)])
        logger = logging.getLogger('mmengine')
        level = logger.level
        before = signal.signal(signal.SIGALRM, late)
        signal.alarm(120)  # seconds, on a machine that does other work too
        try:
            runpy.run_path(str(repo / tool), run_name='__main__')
        except SystemExit as end:
            status = end.code
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)
            logger.setLevel(level)
            for kept in (MMLogger, MessageHub, Visualizer):
                kept._instance_dict.clear()  # they hold the output of this test
        out, err = capfd.readouterr()
        return status, out, err

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv('DFEW_TRACEBACK', raising=False)
    return _call

"""Each tool ends with one sentence and status 2 for each common mistake.

The tools run in this process, since each would take seconds to import torch;
``test_signals.py`` runs a few as processes.
"""

import re
import shutil
import socket
import subprocess
from contextlib import nullcontext
from pathlib import Path

import pytest
from mistakes import TOOLS, bound_by_permissions, cases, kind, spoil, takes_long

from dfew_mmaction.video import open_video

# Where the tool goes on with what is right, or reports what it found.
STATUS_1 = {
    ('tools/predict.py', 'VIDEO'), ('tools/predict.py', 'CLIP'),
    ('tools/data/extract_faces.py', 'VIDEO'), ('tools/data/check_dfew.py', 'ROOT'),
}  # fmt: skip


def test_every_tool_is_in_the_table(repo):
    there = {str(p.relative_to(repo)) for p in (repo / 'tools').rglob('*.py')}
    assert there == TOOLS.keys()


def assert_sentence(out, err, named):
    """One error that names what was wrong, without Python's own wording."""
    text = out + err
    assert 'Traceback' not in text and '[Errno' not in text and 'fault of' not in text
    assert len(re.findall('^error: ', err, re.M)) <= 1
    assert str(named) in text, text[-2000:]
    sentence = err.rpartition('error: ')[2]
    assert not re.match(r'[A-Z]\w+Error\b', sentence)
    assert len(sentence) < 1200


# What the tool does not look at.
HARMLESS = {
    ('tools/deploy/score.py', 0, 'unknown name'),
    ('tools/cross_set.py', 2, 'unknown name'),  # gives its data only
    ('tools/cross_validate.py', 0, 'unknown name'),  # with --collect
}


@pytest.mark.parametrize(
    ('tool', 'line', 'position', 'mistake'),
    [pytest.param(*c, id=f'{c[0][6:-3]}-{c[1].split()[c[2]]}{c[2]}-{c[3]}',
                  marks=[pytest.mark.slow] * takes_long(c[0], *c[2:]))
     for c in cases()
        if (c[0], *c[2:]) not in HARMLESS],
)  # fmt: skip
def test_files(tool, line, position, mistake, good, call, tmp_path):
    words, bad = line.split(), None
    for i, word in enumerate(words):
        if (name := kind(word)) is None:
            continue
        right = good.get(name) or tmp_path / f'{i}' / word.lower()
        if i == position:
            (tmp_path / 'spoilt').mkdir()
            bad = spoil(mistake, right, tmp_path / 'spoilt')
        words[i] = bad if i == position else right
    locked = mistake in ('unreadable', 'not permitted')
    rules = bound_by_permissions() if locked else nullcontext()
    with rules:
        status, out, err = call(tool, *words)
    also = (tool, kind(line.split()[position])) in STATUS_1
    assert status == 2 or (also and status == 1), f'{status}\n{out}\n{err}'
    named = {'unknown name': 'Recogniser4D', 'under a file': bad.parent.name}
    assert_sentence(out, err, named.get(mistake, bad.name))


NUMBERS = [
    ('tools/cross_validate.py CONFIG --folds 0 --work-dir NEW_FOLDER', "got '0'"),
    ('tools/cross_validate.py CONFIG --folds a', "got 'a'"),
    ('tools/cross_validate.py CONFIG --grid lr', 'KEY=VALUE'),
    ('tools/pack_dfew.py ROOT --fold 9 --out NEW_FOLDER', 'fold 9'),
    ('tools/pack_dfew.py ROOT --scale 32 --workers 0 --out NEW_FOLDER', 'worker'),
    ('tools/extract_faces.py VIDEO NEW_FOLDER --shard 3/2', '3/2'),
    ('tools/extract_faces.py VIDEO NEW_FOLDER --shard a', '--shard'),
    ('tools/extract_faces.py VIDEO NEW_FOLDER --workers -1', 'worker'),
    ('tools/extract_faces.py VIDEO NEW_FOLDER --detector none --size 0', 'size'),
    ('tools/extract_faces.py VIDEO NEW_FOLDER --decoder mplayer', 'mplayer'),
    ('tools/extract_faces.py VIDEO NEW_FOLDER --detector-options x', 'NAME=VALUE'),
    ('tools/extract_faces.py VIDEO NEW_FOLDER --detector yolo', 'yolo'),
    ('tools/make_demo.py NEW_FOLDER --num-clips -1', '--num-clips'),
    ('tools/make_demo.py --sheet NEW.gif', '.gif'),
    ('tools/make_folds.py LABELS NEW_FOLDER --folds 1', 'fold'),
    ('tools/make_folds.py LABELS NEW_FOLDER --folds 1000', '1000'),
    ('tools/describe_votes.py VOTES --threshold 0', 'threshold'),
    ('tools/audit_table.py TABLE --totals 1 2 3', '3'),
    ('tools/plot_confusion_matrix.py PREDICTIONS NEW.xyz', 'xyz'),
    ('tools/loss_gradients.py CONFIG --batches 0', 'batches'),
    ('tools/class_activation.py CONFIG CHECKPOINT NEW_FOLDER --device cuda:7', 'cpu'),
    ('tools/class_activation.py CONFIG CHECKPOINT NEW_FOLDER --device gpu', 'cpu'),
    ('tools/class_activation.py CONFIG CHECKPOINT NEW_FOLDER --target-layer x', "'x'"),
    ('tools/class_activation.py CONFIG CHECKPOINT NEW_FOLDER --video-ids 9', '9'),
    ('tools/predict.py VIDEO --checkpoint MODEL --device cuda:7', 'cpu'),
    ('tools/predict.py VIDEO --checkpoint MODEL --device gpu', 'cpu'),
    ('tools/predict.py VIDEO --checkpoint MODEL --window nan', 'window'),
    ('tools/predict.py VIDEO --checkpoint MODEL --window 0', 'window'),
    ('tools/predict.py VIDEO --checkpoint MODEL --window x', '--window'),
    ('tools/predict.py VIDEO --checkpoint MODEL --stride -1', 'stride'),
    ('tools/predict.py VIDEO --checkpoint MODEL --smooth inf', 'smooth'),
    ('tools/predict.py VIDEO --checkpoint MODEL --batch-size 0', 'batch'),
    ('tools/predict.py VIDEO --checkpoint MODEL --margin nan', 'margin'),
    ('tools/predict.py VIDEO --checkpoint MODEL --fps 0', 'fps'),
    ('tools/predict.py VIDEO --checkpoint MODEL --limit nan', 'limit'),
    ('tools/web_demo.py --checkpoint MODEL --detector none --port 99999', 'port'),
    ('tools/web_demo.py --checkpoint MODEL --detector none --port -1', 'port'),
    ('tools/web_demo.py --checkpoint MODEL --detector none --port USED_PORT', 'port'),
    ('tools/web_demo.py --checkpoint MODEL --device cuda:7', 'cpu'),
    ('tools/web_demo.py --checkpoint MODEL --max-seconds nan', 'seconds'),
    ('tools/export.py CONFIG CHECKPOINT NEW.txt', '.onnx'),
    ('tools/publish.py CONFIG CHECKPOINT NEW_FOLDER --name a/b', 'a/b'),
    ('tools/train.py CONFIG --work-dir NEW_FOLDER --cfg-options '
     'train_dataloader.dataset.fold=6', 'fold 6'),
    ('tools/train.py CONFIG --work-dir NEW_FOLDER --cfg-options '
     'train_dataloader.dataset.source=17f', '17f'),
    ('tools/train.py CONFIG --work-dir NEW_FOLDER --cfg-options '
     'model.cls_head.num_classes=8', 'classes'),
    ('tools/train.py CONFIG --work-dir NEW_FOLDER --cfg-options '
     'train_dataloader.persistent_workers=True', 'persistent_workers'),
    ('tools/train.py CONFIG --work-dir NEW_FOLDER --cfg-options '
     'train_dataloader.dataset.type=DFEWDatasets', 'DFEWDatasets'),
    ('tools/train.py CONFIG --work-dir NEW_FOLDER --cfg-options '
     'optim_wrapper.optimizer.type=Sgd', 'Sgd'),
    *((f'tools/{tool} --work-dir NEW_FOLDER --cfg-options {option}', named)
      for tool in ('train.py CONFIG', 'test.py CONFIG CHECKPOINT',
                   'cross_set.py CONFIG CHECKPOINT CONFIG', 'cross_validate.py CONFIG')
      for option, named in (
          ('model.cls_head.feature_losses=[dict(a=1,b=2)]', 'dicts'),
          ('model.cls_head.feature_losses=[dict(b=1)]', 'dicts'),
          ("model.cls_head.feature_losses=[{'b':1}]", 'dicts'),
          ('model.backbone=SlimC3D(fc_channels=2)', 'dicts'),
          ('model.cls_head.feature_losses=[1,2', 'brackets'),
          ('fold', "KEY=VALUE, got 'fold'"), ('model..type=1', 'KEY=VALUE'),
          ('optim_wraper.type=A', '`optim_wrapper` meant'),
          ('model.cls_head.feature_losses.9.loss_weight=1', 'feature_losses.9'),
          ('model.type.name=1', 'model.type.name'),
      )),
    ('tools/cross_validate.py CONFIG --work-dir NEW_FOLDER --grid '
     'model.cls_head.num_classes=7,x', "'x'"),
    ('tools/train.py CONFIG --work-dir NEW_FOLDER --cfg-options load_from=none.pth',
     'none.pth'),
    ('tools/test.py CONFIG CHECKPOINT --dump NEW.xyz --work-dir NEW_FOLDER', 'pkl'),
]  # fmt: skip


@pytest.mark.parametrize(('line', 'named'), NUMBERS, ids=[n[0][6:] for n in NUMBERS])
def test_numbers_and_names(line, named, good, call, tmp_path, repo):
    short, *words = line.split()
    (tool,) = (t for t in TOOLS if t.endswith(f'/{short.partition("/")[2]}'))
    with socket.socket() as used:
        used.bind(('127.0.0.1', 0))
        used.listen()
        for i, word in enumerate(words):
            if name := kind(word):
                words[i] = good.get(name) or tmp_path / f'{i}' / word.lower()
            elif word == 'USED_PORT':
                words[i] = used.getsockname()[1]
        status, out, err = call(tool, *words)
    assert status == 2, f'{status}\n{out}\n{err}'
    assert_sentence(out, err, named)


@pytest.mark.parametrize(
    ('fold', 'named'),
    [('0', 'fold must be a whole number from 1, got 0'), ('6', 'fold 6'),
     ('a', 'DFEW_FOLD')],
    ids=['0', '6', 'a'],
)  # fmt: skip
def test_fold_of_the_environment(
    fold, named, call, demo_root, monkeypatch, repo, tmp_path
):
    monkeypatch.setenv('DFEW_FOLD', fold)
    monkeypatch.setenv('DFEW_ROOT', str(demo_root))
    config = repo / 'configs' / 'demo' / 'slim_c3d_ecstfl.py'
    status, out, err = call('tools/train.py', config, '--work-dir', tmp_path / 'work')
    assert status == 2
    assert_sentence(out, err, named)


@pytest.fixture
def full_disk(tmp_path):
    """A file system of 60 kB."""
    place = tmp_path / 'disk'
    place.mkdir()
    command = ['mount', '-t', 'tmpfs', '-o', 'size=60k', 'none', str(place)]
    if shutil.which('mount') is None or subprocess.run(command).returncode:
        pytest.skip('file systems cannot be mounted here')
    yield place
    subprocess.run(['umount', str(place)], check=True)


def test_a_full_disk_leaves_no_broken_video(full_disk, good, call):
    status, out, err = call(
        'tools/predict.py', good['VIDEO'], '--checkpoint', good['MODEL'],
        '--detector', 'none', '--out', full_disk / 'out',
    )  # fmt: skip
    assert status == 1
    assert_sentence(out, err, "' could not be written")
    assert 'the disk is full' in err
    # What fits is whole, the file that did not fit has left nothing.
    left = {path.name: path.stat().st_size for path in (full_disk / 'out/1').iterdir()}
    assert 'faces.csv' in left and all(left.values())
    assert Path(err.split("'")[1]).name not in left
    if 'annotated.mp4' in left:
        assert len(list(open_video(full_disk / 'out/1/annotated.mp4').frames)) > 0

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from dfew_mmaction.datasets import pack_dfew
from dfew_mmaction.synthetic import make_demo
from dfew_mmaction.synthetic.guard import MARKER, UNFINISHED
from dfew_mmaction.utils import PART

REPOSITORY = Path(__file__).parents[2]
SMALL = dict(
    num_clips=14, num_identities=5, seed=3, min_frames=4, max_frames=12, unlabelled=0.2
)
# Slow enough to be stopped half way, on any machine.
LONG = dict(SMALL, num_clips=24, max_frames=40, sources=('16f', 'original'))
SCRIPT = 'from dfew_mmaction.synthetic import make_demo; make_demo(**{!r})'


def digests(root):
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(root).rglob('*'))
        if path.is_file()
    }


@pytest.fixture(scope='module')
def finished(tmp_path_factory):
    root = tmp_path_factory.mktemp('demo') / 'set'
    counts = make_demo(root, workers=1, **SMALL)
    return root, counts


@pytest.fixture(scope='module')
def tables(finished):
    root, _ = finished
    annotation = pd.read_excel(root / 'Annotation' / 'annotation.xlsx')
    splits = {
        (part, fold): pd.read_csv(
            root / 'EmoLabel_DataSplit' / f'{part}(single-labeled)' / f'set_{fold}.csv'
        )
        for part in ('train', 'test')
        for fold in range(1, 6)
    }
    return annotation, splits


def test_counts(finished):
    _, counts = finished
    assert counts['clips'] == 14 and counts['unlabelled'] == 3
    assert set(counts['classes'].values()) == {2}
    assert counts['already_there'] is False


def test_same_bytes_with_more_workers(finished, tmp_path):
    root, _ = finished
    make_demo(tmp_path / 'again', workers=2, **SMALL)
    assert digests(root) == digests(tmp_path / 'again')


def test_other_seed_draws_something_else(finished, tmp_path):
    root, _ = finished
    make_demo(tmp_path / 'other', workers=1, **{**SMALL, 'seed': 4, 'num_clips': 7})
    shared = set(digests(root).values()) & set(digests(tmp_path / 'other').values())
    assert not shared


def test_annotation(tables):
    annotation, splits = tables
    names = '1happy 2sad 3neutral 4angry 5surprise 6disgust 7fear order label'
    assert list(annotation) == names.split()
    votes = annotation.iloc[:, :7].to_numpy()
    assert (votes.sum(1) == 10).all()
    expected = np.where(votes.max(1) >= 6, votes.argmax(1) + 1, 0)
    np.testing.assert_array_equal(annotation['label'], expected)
    assert annotation['order'].is_unique and annotation['order'].is_monotonic_increasing
    labels = annotation.set_index('order')['label']
    for table in splits.values():
        np.testing.assert_array_equal(
            labels.loc[table['video_name']].to_numpy(), table['label']
        )


def test_splits(finished, tables):
    root, _ = finished
    _, splits = tables
    tested = pd.concat([splits['test', fold] for fold in range(1, 6)])
    assert tested['video_name'].is_unique and len(tested) == 14
    everything = set(tested['video_name'])
    for fold in range(1, 6):
        train, test = (set(splits[p, fold]['video_name']) for p in ('train', 'test'))
        assert train | test == everything and not train & test
    assert tested['label'].between(1, 7).all()
    folder = root / 'EmoLabel_DataSplit' / 'test(single-labeled)'
    heads = [(folder / f'set_{fold}.csv').read_bytes() for fold in range(1, 6)]
    assert [head.startswith(b'\xef\xbb\xbf') for head in heads] == [
        False, False, True, False, False,
    ]  # fmt: skip
    assert heads[0].startswith(b'video_name,label\n')


def test_layout_and_frames(finished, tables):
    root, _ = finished
    annotation, splits = tables
    clip = root / 'Clip'
    listed = set(splits['train', 1]['video_name']) | set(
        splits['test', 1]['video_name']
    )
    everything = set(annotation['order'])
    unlabelled = set(annotation.loc[annotation['label'] == 0, 'order'])
    with_faces = {int(path.name) for path in (clip / 'clip_224x224').iterdir()}
    assert {int(path.stem) for path in (clip / 'original').iterdir()} == everything
    assert with_faces == listed | unlabelled
    for number in sorted(with_faces):
        frames = sorted((clip / 'clip_224x224' / f'{number:05d}').iterdir())
        assert SMALL['min_frames'] <= len(frames) <= SMALL['max_frames']
        assert all(path.name.startswith(f'{number:05d}_') for path in frames)
        assert cv2.imread(str(frames[0])).shape == (224, 224, 3)
        fixed = clip / 'clip_224x224_16f' / f'{number:05d}'
        assert {p.name for p in fixed.iterdir()} == {f'{i}.jpg' for i in range(1, 17)}
        assert (clip / 'clip_224x224_avi' / f'{number:05d}.avi').stat().st_size > 0


def test_few_faces_have_only_the_original(tmp_path):
    few = {**SMALL, 'num_clips': 34, 'max_frames': 5, 'sources': ['frames', 'original']}
    counts = make_demo(tmp_path / 'set', workers=1, **few)
    assert counts['without_faces'] == 1
    annotation = pd.read_excel(tmp_path / 'set' / 'Annotation' / 'annotation.xlsx')
    clip = tmp_path / 'set' / 'Clip'
    faces = {int(path.name) for path in (clip / 'clip_224x224').iterdir()}
    (lonely,) = set(annotation['order']) - faces
    assert (clip / 'original' / f'{lonely}.mp4').exists()
    assert annotation.set_index('order').loc[lonely, 'label'] > 0
    assert sorted(path.name for path in clip.iterdir()) == ['clip_224x224', 'original']


def test_videos_can_be_read(finished):
    decord = pytest.importorskip('decord')
    root, _ = finished
    for path in sorted((root / 'Clip' / 'clip_224x224_avi').iterdir()):
        frames = sorted((root / 'Clip' / 'clip_224x224' / path.stem).iterdir())
        video = decord.VideoReader(str(path))
        assert len(video) == len(frames)
        last = video[len(video) - 1].asnumpy()[..., ::-1].astype(int)
        assert np.abs(last - cv2.imread(str(frames[-1]))).mean() < 12
    for path in (root / 'Clip' / 'original').iterdir():
        assert 4 <= len(decord.VideoReader(str(path))) <= 12


def test_finished_set_is_left_alone(finished):
    root, counts = finished
    before = {path: path.stat().st_mtime_ns for path in root.rglob('*')}
    again = make_demo(root, workers=1, **SMALL)
    assert again == {**counts, 'already_there': True}
    assert before == {path: path.stat().st_mtime_ns for path in root.rglob('*')}


def test_deleted_parts_are_drawn_again(finished, tmp_path):
    root, _ = finished
    copy = tmp_path / 'copy'
    shutil.copytree(root, copy)
    folders = sorted((copy / 'Clip' / 'clip_224x224').iterdir())
    shutil.rmtree(folders[0])
    next((copy / 'Clip' / 'original').iterdir()).unlink()
    (copy / 'Annotation' / 'annotation.xlsx').unlink()
    (copy / 'Clip' / 'clip_224x224' / f'{PART}00002').mkdir()
    assert make_demo(copy, workers=1, **SMALL)['already_there'] is False
    assert digests(copy) == digests(root)
    assert not list(copy.rglob(PART + '*'))


@pytest.fixture(scope='module')
def undisturbed(tmp_path_factory):
    root = tmp_path_factory.mktemp('long') / 'set'
    make_demo(root, workers=2, **LONG)
    return digests(root)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == 'win32', reason='needs POSIX signals')
@pytest.mark.parametrize('stop', [signal.SIGKILL, signal.SIGINT])
def test_stopped_half_way(stop, undisturbed, tmp_path):
    root = tmp_path / 'set'
    if stop == signal.SIGINT:
        command = [REPOSITORY / 'tools' / 'data' / 'make_demo.py', root]
        for name, value in LONG.items():
            values = value if isinstance(value, tuple) else [value]
            command += ['--' + name.replace('_', '-'), *map(str, values)]
        command += ['--workers', '2']
    else:
        command = ['-c', SCRIPT.format(dict(LONG, root=str(root), workers=2))]
    process = subprocess.Popen(
        [sys.executable, *map(str, command)],
        cwd=REPOSITORY,
        env={**os.environ, 'PYTHONPATH': str(REPOSITORY)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    original = root / 'Clip' / 'original'
    deadline = time.monotonic() + 240
    while not (original.is_dir() and len(list(original.glob('*.mp4'))) >= 3):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(stop)
    _, errors = process.communicate(timeout=240)
    assert (root / UNFINISHED).exists() and not (root / MARKER).exists()
    assert not (root / 'Annotation').exists()
    if stop == signal.SIGINT:
        assert process.returncode == 130
        assert 'the same command continues' in errors and 'Traceback' not in errors
        assert not list(root.rglob(PART + '*'))
    kept = {path: path.stat().st_mtime_ns for path in original.glob('[0-9]*.mp4')}
    make_demo(root, workers=2, **LONG)
    assert digests(root) == undisturbed
    assert not (root / UNFINISHED).exists()
    unchanged = [path.stat().st_mtime_ns == time_ for path, time_ in kept.items()]
    assert len(unchanged) >= 3 and all(unchanged)


def test_other_arguments_are_refused(finished):
    root, _ = finished
    before = digests(root)
    with pytest.raises(FileExistsError, match='made with seed=3; asked for seed=4'):
        make_demo(root, workers=1, **{**SMALL, 'seed': 4})
    assert digests(root) == before


def test_other_drawing_version_is_refused(finished, tmp_path):
    root, _ = finished
    content = json.loads((root / MARKER).read_text())
    (tmp_path / MARKER).write_text(json.dumps({**content, 'drawing': 0}))
    with pytest.raises(FileExistsError, match='drawing version 0'):
        make_demo(tmp_path, workers=1, **SMALL)


def test_foreign_folders_are_refused(finished, tmp_path):
    real = tmp_path / 'DFEW' / 'Clip' / 'original'
    real.mkdir(parents=True)
    (real / '1.mp4').write_bytes(b'precious')
    with pytest.raises(FileExistsError, match="not a demo set .*'Clip'"):
        make_demo(tmp_path / 'DFEW', workers=1, **SMALL)
    assert digests(tmp_path / 'DFEW').keys() == {'Clip/original/1.mp4'}
    with pytest.raises(FileExistsError, match='is a file'):
        make_demo(real / '1.mp4', workers=1, **SMALL)
    copy = tmp_path / 'copy'
    shutil.copytree(finished[0], copy)
    (copy / 'Clip' / 'original' / '9999.mp4').write_bytes(b'precious')
    with pytest.raises(FileExistsError, match='9999.mp4 is not part'):
        make_demo(copy, workers=1, **SMALL)
    assert (copy / 'Clip' / 'original' / '9999.mp4').read_bytes() == b'precious'


def test_packed_frames_and_notes_stay_beside_the_set(tmp_path):
    make_demo(tmp_path, workers=1, **SMALL)
    pack_dfew(tmp_path, scale=(16, 16))
    (tmp_path / 'notes.txt').write_text('mine')
    before = digests(tmp_path)
    assert any(name.startswith('packed/') for name in before)
    assert make_demo(tmp_path, workers=1, **SMALL)['already_there']
    assert digests(tmp_path) == before


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'num_clips': 0}, 'num_clips must be a whole number >= 1, got 0'),
        ({'num_clips': 2.5}, 'num_clips .* got 2.5'),
        ({'seed': -1}, 'seed .* got -1'),
        ({'folds': 1}, 'folds .* >= 2, got 1'),
        ({'num_identities': 4}, 'num_identities .* >= 5, got 4'),
        ({'min_frames': 20}, 'max_frames .* >= 20, got 12'),
        ({'imbalance': 'some'}, "imbalance .*'dfew'.* got 'some'"),
        ({'style': 'oil'}, "style .*'other'.* got 'oil'"),
        ({'sources': ['16f', 'gif']}, "sources .*'original'.* got .*gif"),
        ({'sources': '16f'}, "sources .* got '16f'"),
        ({'sources': []}, r'sources .* got \[\]'),
        ({'unlabelled': 1.5}, 'unlabelled .* got 1.5'),
        ({'workers': 0}, 'workers .* got 0'),
    ],
)
def test_bad_arguments(changes, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        make_demo(tmp_path / 'set', **{**SMALL, **changes})
    assert not (tmp_path / 'set').exists()


@pytest.mark.parametrize('content', ['{', '[]', '{"drawing": 1}'])
def test_unreadable_marker_is_refused(content, tmp_path):
    (tmp_path / MARKER).write_text(content)
    with pytest.raises(FileExistsError, match='does not tell what'):
        make_demo(tmp_path, workers=1, **SMALL)
    assert digests(tmp_path).keys() == {MARKER}

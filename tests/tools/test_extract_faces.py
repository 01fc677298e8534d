"""Videos to a tree by the command, with the default detector; then trained on."""

import os
import signal
import subprocess
import sys
import time

import cv2
import pytest

from dfew_mmaction.extraction import read_manifest
from dfew_mmaction.video import open_video

TOOL = 'tools/data/extract_faces.py'


def join(path, videos, size=(640, 360)):
    """One video out of several, as an editor would cut them together."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'mp4v'), 25, size)
    count = 0
    for video in videos:
        for _, frame in open_video(video).frames:
            writer.write(cv2.resize(frame, size))
            count += 1
    writer.release()
    return count


@pytest.fixture
def drawn(demo_root):
    return sorted((demo_root / 'Clip' / 'original').iterdir())


@pytest.mark.slow
def test_real_videos(real_face, drawn, tmp_path, run):
    videos, out = tmp_path / 'videos', tmp_path / 'out'
    videos.mkdir()
    no_face = real_face.with_name('no_face.mp4')
    joined = join(videos / 'joined.mp4', [no_face, real_face, *drawn[:3]])
    (videos / 'broken.mp4').write_bytes(real_face.read_bytes()[:5000])
    (videos / 'empty.mp4').touch()
    done = run(
        'python', TOOL, real_face, no_face, videos, out, '--manifest', 'm.parquet',
        '--on-cuts', 'keep', check=False,
    )  # fmt: skip
    assert done.returncode == 1 and 'Traceback' not in done.stderr
    assert 'Exit status 1: videos that failed: 2; without a clip: 3' in done.stdout
    table = read_manifest(out / 'm.parquet').set_index('video')
    clip = table.loc[str(real_face)]
    assert clip['kept'] and clip['frames'] == 72 and clip['useful'] >= 70
    dropped = table.loc[str(no_face)]
    assert not dropped['kept'] and 'fewer than 50%' in dropped['reason']
    assert table.loc[str(videos / 'joined.mp4'), 'frames'] == joined
    assert 0.4 < table.loc[str(videos / 'joined.mp4'), 'useful'] / joined < 0.75
    assert 'broken.mp4' in table.loc[str(videos / 'broken.mp4'), 'error']
    assert 'is empty' in table.loc[str(videos / 'empty.mp4'), 'error']
    assert '2 failed' in done.stdout
    sheet = out / 'extraction' / 'sheets' / f'{clip["clip"]:05d}.png'
    height, width = cv2.imread(str(sheet)).shape[:2]
    assert width > height > 400
    # The eyes are where the template has them.
    face = cv2.imread(
        str(out / 'Clip' / 'clip_224x224' / f'{clip["clip"]:05d}'
            / f'{clip["clip"]:05d}_00001.jpg')
    )  # fmt: skip
    grey = cv2.cvtColor(face, cv2.COLOR_BGR2GRAY).astype(float)
    for x, y in ((78, 64), (148, 64)):
        eye, cheek = (
            grey[y - 5 : y + 6, x - 5 : x + 6],
            grey[y + 30 : y + 41, x - 5 : x + 6],
        )
        assert eye.mean() < cheek.mean() - 30


@pytest.mark.slow
def test_own_videos_are_trained_on(drawn, demo_root, tmp_path, run, tiny_config):
    out = tmp_path / 'own'
    videos = [path for path in drawn if int(path.stem)][:24]
    run('python', TOOL, *videos, out, '--sheets', '1', check=False)
    assert read_manifest(out / 'manifest.csv')['kept'].sum() >= 20
    votes = demo_root / 'Annotation' / 'annotation.xlsx'
    run(
        'python', 'tools/data/make_folds.py', votes, out, '--folds', '2',
        '--manifest', out / 'manifest.csv',
    )  # fmt: skip
    config = tiny_config(tmp_path, epochs=1, more='train_dataloader["batch_size"] = 4')
    done = run(
        'mim', 'train', 'mmaction2', config, '--work-dir', tmp_path / 'work', root=out
    )
    assert 'acc/UAR' in done.stdout + done.stderr
    assert (tmp_path / 'work' / 'epoch_1.pth').is_file()


@pytest.mark.slow
def test_ctrl_c_and_again(drawn, tmp_path, repo, run):
    out = tmp_path / 'out'
    arguments = [
        *drawn[:8],
        out,
        '--detector',
        'none',
        '--workers',
        '1',
        '--sheets',
        '0',
    ]
    process = subprocess.Popen(
        [sys.executable, repo / TOOL, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    journal = out / 'extraction' / 'journal' / '1of1.jsonl'
    until = time.monotonic() + 120
    while not (journal.is_file() and journal.read_text().count('\n') >= 1):
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=240)
    assert process.returncode == 130 and 'Traceback' not in said, said
    some = len(read_manifest(out / 'manifest.csv'))
    assert 1 <= some < 8
    done = run('python', TOOL, *arguments)
    assert f'{some} videos are finished already' in done.stderr
    assert len(read_manifest(out / 'manifest.csv')) == 8


@pytest.mark.parametrize(
    'arguments, says',
    [
        (['--detector', 'yunet'], 'model'),
        (['--detector', 'none', '--shard', 'a'], '--shard is i/n'),
        (['--detector', 'none', '--address', 'auto'], '--address is for --engine ray'),
        (['--detector-options', 'min_face'], 'NAME=VALUE'),
        (['--detector', 'none', '--detector-options', 'nose=1'], 'nose'),
    ],
)
def test_wrong_use_is_a_sentence(drawn, tmp_path, run, arguments, says):
    done = run('python', TOOL, drawn[0], tmp_path / 'out', *arguments, check=False)
    assert done.returncode == 2
    assert says in done.stderr and 'Traceback' not in done.stderr
    assert not (tmp_path / 'out').exists()


def test_no_video(tmp_path, run):
    done = run('python', TOOL, tmp_path / 'gone.mp4', tmp_path / 'out', check=False)
    assert done.returncode == 2 and 'gone.mp4' in done.stderr

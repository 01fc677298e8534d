import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import cv2
import numpy as np
import pytest

from dfew_mmaction.clips import interpolate_frames
from dfew_mmaction.datasets import DFEWLayout, list_frames
from dfew_mmaction.extraction import ExtractionSettings, extract_faces, read_manifest
from dfew_mmaction.extraction.numbering import number_videos

NONE = ExtractionSettings(detector=dict(type='none'))


def tree(root, without=('journal', 'sheets', 'shards.lock')):
    """Content of each file below a folder."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob('*'))
        if path.is_file() and not set(path.relative_to(root).parts) & set(without)
    }


@pytest.fixture
def videos(demo_root, tmp_path):
    """Six videos of the demo set, one cut off, one without frames."""
    folder = tmp_path / 'videos'
    folder.mkdir()
    found = sorted((demo_root / 'Clip' / 'original').iterdir())[:6]
    for number, video in enumerate(found, 1):
        shutil.copy(video, folder / f'{10 * number}.mp4')
    content = (folder / '20.mp4').read_bytes()
    (folder / '20.mp4').write_bytes(content[: len(content) // 2])
    size = (64, 48)
    cv2.VideoWriter(
        str(folder / '70.avi'), cv2.VideoWriter_fourcc(*'XVID'), 25, size
    ).release()
    return folder


def test_tree_manifest_and_frames(videos, tmp_path):
    out = tmp_path / 'out'
    how = ExtractionSettings(detector=dict(type='none'), avi=True)
    done = extract_faces([videos], out, how, workers=1)
    table = read_manifest(out / 'manifest.csv')
    assert table.values.tolist() == done['manifest'].values.tolist()
    assert table['clip'].tolist() == [10, 20, 30, 40, 50, 60, 70]
    assert table['kept'].tolist() == [True, False, True, True, True, True, False]
    assert '20.mp4' in table['error'][1] and '70.avi' in table['error'][6]
    assert set(done['work']) == {'detect', 'align', 'write'}
    names = list_frames(out / 'Clip' / 'clip_224x224' / '00010')
    assert names[0] == '00010_00001.jpg' and len(names) == table['frames'][0]
    assert (out / 'Clip' / 'clip_224x224_avi' / '00010.avi').stat().st_size > 1000
    short = out / 'Clip' / 'clip_224x224_16f' / '00010'
    assert list_frames(short) == [f'{i}.jpg' for i in range(1, 17)]
    # What is written is the interpolation of what is written, but for the JPEGs' loss.
    frames = [
        cv2.imread(str(out / 'Clip' / 'clip_224x224' / '00010' / name))
        for name in names
    ]
    expected = interpolate_frames(np.stack(frames), 16)
    for index in range(16):
        got = cv2.imread(str(short / f'{index + 1}.jpg'))
        assert got.shape == (224, 224, 3)
        assert np.abs(got.astype(int) - expected[index]).mean() < 3


def test_stopped_by_kill_and_taken_up_again(videos, tmp_path, repo):
    """Also with what was half written; the tree is that of an undisturbed run."""
    whole, stopped = tmp_path / 'whole', tmp_path / 'stopped'
    extract_faces([videos], whole, NONE, workers=1)
    command = [
        sys.executable, repo / 'tools/data/extract_faces.py', videos, stopped,
        '--detector', 'none', '--workers', '1', '--sheets', '0',
    ]  # fmt: skip
    process = subprocess.Popen(command, start_new_session=True)
    journal = stopped / 'extraction' / 'journal' / '1of1.jsonl'
    until = time.monotonic() + 120
    while not (journal.is_file() and journal.read_text().count('\n') >= 2):
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    torn = stopped / 'Clip' / 'clip_224x224' / '.part-00060'
    torn.mkdir(exist_ok=True, parents=True)
    (torn / '00060_00001.jpg').write_bytes(b'half')
    half = stopped / 'Clip' / 'clip_224x224' / '00050'
    shutil.rmtree(half, ignore_errors=True)
    lines = journal.read_text().splitlines(keepends=True)
    before = {json.loads(line)[0]['clip'] for line in lines if line.endswith('\n')}
    assert before < {10, 20, 30, 40, 50, 60, 70}
    kept = [line for line in lines if json.loads(line)[0]['clip'] != 50]
    journal.write_text(''.join(kept))
    time.sleep(2)  # its processes see that it is gone
    done = extract_faces([videos], stopped, NONE, workers=1)
    assert 0 < done['done'] < 7
    assert tree(stopped) == tree(whole)


def test_shards_merge(videos, tmp_path):
    whole, shared = tmp_path / 'whole', tmp_path / 'shared'
    extract_faces([videos], whole, NONE, workers=1)
    counts = [
        extract_faces([videos], shared, NONE, shard=(part, 3), workers=1)['done']
        for part in (1, 2, 3)
    ]
    assert counts == [3, 2, 2]
    assert tree(shared) == tree(whole)
    assert extract_faces([videos], shared, NONE, workers=1)['done'] == 0


def test_failed_clips_are_tried_again_on_request(videos, demo_root, tmp_path):
    out = tmp_path / 'out'
    extract_faces([videos], out, NONE, workers=1)
    good = sorted((demo_root / 'Clip' / 'original').iterdir())[1]
    shutil.copy(good, videos / '20.mp4')
    assert extract_faces([videos], out, NONE, workers=1)['done'] == 0
    done = extract_faces([videos], out, NONE, workers=1, retry=True)
    assert done['done'] == 2
    assert done['manifest']['kept'].sum() == 6


def test_other_settings_are_refused(videos, tmp_path):
    out = tmp_path / 'out'
    extract_faces([videos / '10.mp4'], out, NONE, workers=1)
    other = ExtractionSettings(detector=dict(type='none'), margin=0.2)
    with pytest.raises(ValueError, match='margin was 0.0, now 0.2'):
        extract_faces([videos], out, other, workers=1)


@pytest.mark.parametrize('folder', ['clip_224x224/00001', 'clip_224x224_16f/1'])
def test_clips_of_others_are_not_touched(videos, tmp_path, folder):
    """Such as the release's, which the tree would be mixed with."""
    frame = tmp_path / 'DFEW' / 'Clip' / folder / '00001_00001.jpg'
    frame.parent.mkdir(parents=True)
    frame.write_bytes(b'theirs')
    with pytest.raises(ValueError, match='did not write.* Use another folder'):
        extract_faces([videos], tmp_path / 'DFEW', NONE, workers=1)
    assert frame.read_bytes() == b'theirs'
    assert not (tmp_path / 'DFEW' / 'extraction' / 'settings.json').exists()


def test_tree_among_the_videos(videos):
    how = ExtractionSettings(detector=dict(type='none'), avi=True)
    videos = videos.parent / 'few'
    videos.mkdir()
    shutil.copy(videos.parent / 'videos' / '10.mp4', videos)
    first = extract_faces([videos], videos / 'out', how, workers=1)
    assert first['manifest']['kept'].tolist() == [True]
    assert (videos / 'out' / 'Clip' / 'clip_224x224_avi' / '00010.avi').is_file()
    again = extract_faces([videos], videos / 'out', how, workers=1)
    assert again['done'] == 0 and len(again['manifest']) == 1


def test_out_is_a_file(videos):
    with pytest.raises(ValueError, match="20.mp4' is a file: the last argument"):
        extract_faces([videos / '10.mp4'], videos / '20.mp4', NONE)


def test_names_that_are_not_utf8(tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b'/\xff.mp4')
    try:
        open(path, 'wb').close()
    except OSError:
        pytest.skip('the file system has UTF-8 names only')
    with pytest.raises(ValueError, match='names in UTF-8, which 1 videos.*rename'):
        extract_faces([path], tmp_path / 'out', NONE)
    assert not (tmp_path / 'out').exists()


def test_numbers_stay_when_videos_come(tmp_path):
    videos = [tmp_path / name for name in ('b.mp4', 'a.mp4')]
    first = number_videos(videos, tmp_path / 'out')
    assert first == [(str(videos[0]), 1), (str(videos[1]), 2)]
    more = number_videos([tmp_path / 'A.mp4', *videos], tmp_path / 'out')
    assert dict(more) == dict(first) | {str(tmp_path / 'A.mp4'): 3}


def test_numbers_in_names(tmp_path):
    videos = [tmp_path / 'a' / '1.mp4', tmp_path / 'a' / '7.mp4']
    named = number_videos(videos, tmp_path / 'named')
    assert named == [(str(videos[0]), 1), (str(videos[1]), 7)]
    more = [*videos, tmp_path / 'b' / '1.mp4']  # a name that is taken
    assert number_videos(more, tmp_path / 'named') == [*named, (str(more[2]), 8)]
    # The same name in two folders: all are numbered.
    assert [number for _, number in number_videos(more, tmp_path / 'new')] == [1, 2, 3]
    with pytest.raises(ValueError, match='must be below 1000000'):
        (tmp_path / 'full' / 'extraction').mkdir(parents=True)
        text = f'clip,video\n999999,{tmp_path}/x.mp4\n'
        (tmp_path / 'full' / 'extraction' / 'videos.csv').write_text(text)
        number_videos([tmp_path / 'y.mp4'], tmp_path / 'full')


@pytest.mark.parametrize(
    'options, says',
    [
        (dict(shard=(3, 2)), '3/2'),
        (dict(engine='dask'), "local.*'dask'"),
        (dict(manifest='m.json'), 'm.json'),
        (dict(manifest='../m.csv'), 'in the tree'),
    ],
)
def test_wrong_arguments(videos, tmp_path, options, says):
    with pytest.raises(ValueError, match=says):
        extract_faces([videos], tmp_path / 'out', NONE, **options)
    assert not (tmp_path / 'out').exists()


def test_settings_in_range():
    with pytest.raises(ValueError, match=r'min_useful must be in \[0, 1\], got 50'):
        ExtractionSettings(min_useful=50)


def test_layout_finds_it(videos, tmp_path):
    out = tmp_path / 'out'
    extract_faces([videos], out, NONE, workers=1)
    (out / 'EmoLabel_DataSplit').mkdir()
    assert sorted(DFEWLayout(out).clips('16f')) == [10, 30, 40, 50, 60]
    assert sorted(DFEWLayout(out).clips('frames')) == [10, 30, 40, 50, 60]


def test_landmarks_that_are_wrong_or_missing_are_errors_of_their_video(
    videos, tmp_path
):
    points = tmp_path / 'points'
    points.mkdir()
    header = 'frame,' + ','.join(f'x{i},y{i}' for i in range(1, 6))
    good = '0,30,30,60,30,45,45,33,60,57,60'
    for name, row in (('10', good), ('30', '0' + ',7' * 10), ('40', '0,a')):
        (points / f'{name}.csv').write_text(f'{header}\n{row}\n')
    how = ExtractionSettings(
        detector=dict(type='landmarks_file', folder=str(points)), min_useful=0
    )
    table = extract_faces([videos], tmp_path / 'out', how, workers=1)['manifest']
    table = table.set_index('clip')
    assert table['kept'].to_dict() == {c: c == 10 for c in (10, 20, 30, 40, 50, 60, 70)}
    assert table['useful'][10] == 1
    assert 'coincide' in table['error'][30]
    assert '40.csv' in table['error'][40] and '50.csv' in table['error'][50]
    frame = tmp_path / 'out' / 'Clip' / 'clip_224x224' / '00010' / '00010_00001.jpg'
    assert frame.is_file()

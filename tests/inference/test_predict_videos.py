"""The command, in this process: files, output and exit status."""

import csv
import importlib.util
import json
import os
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

av = pytest.importorskip('av')


@pytest.fixture(scope='module')
def predict():
    script = Path(__file__).resolve().parents[2] / 'tools' / 'predict.py'
    spec = importlib.util.spec_from_file_location('predict', script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    from dfew_mmaction.utils import exit_status

    def _predict(*arguments):
        before, sys.argv = sys.argv, ['predict.py', *map(str, arguments)]
        try:
            return exit_status(module.main)
        finally:
            sys.argv = before

    return _predict


@pytest.fixture
def videos(tmp_path):
    """A video of a face-sized square with sound, and a truncated one."""
    frames = np.full((30, 48, 64, 3), 90, np.uint8)
    frames[15:, :, :32] = 200
    path = tmp_path / "a video; $(touch ran) -i 'b'.mp4"
    with av.open(str(path), 'w') as out:
        video = out.add_stream('libx264', rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, 'yuv420p'
        sound = out.add_stream('aac', rate=16000, layout='mono')
        for frame in frames:
            out.mux(video.encode(av.VideoFrame.from_ndarray(frame, format='rgb24')))
        out.mux(video.encode())
        wave = np.sin(np.arange(48000) / 5)[None].astype(np.float32)
        for start in range(0, 48000, 1024):
            part = np.ascontiguousarray(wave[:, start : start + 1024])
            heard = av.AudioFrame.from_ndarray(part, format='fltp', layout='mono')
            heard.sample_rate = 16000
            out.mux(sound.encode(heard))
        out.mux(sound.encode())
    return path


def streams(path):
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        return video.codec.name, len(container.streams.audio), video.width, video.height


def test_all_that_is_written(predict, published, videos, tmp_path, capsys):
    out = tmp_path / 'out'
    broken, gone = tmp_path / 'broken.mp4', tmp_path / 'gone.mp4'
    broken.write_text('no video')
    status = predict(
        broken, videos, gone, '--checkpoint', published, '--out', out, '--detector',
        'none', '--window', 1, '--stride', 0.5, '--smooth', 0.2, '--speed',
    )  # fmt: skip
    said = capsys.readouterr()
    assert status == 1
    assert f"error: '{broken}' is not a video" in said.err
    assert f"error: cannot read '{gone}' (No such file" in said.err
    assert 'Traceback' not in said.err
    assert '30 frames, 2.9 s, 1 face' in said.out and 'face 1, 0.0 to 2.9 s' in said.out
    assert 'frames per second; read' in said.out and 'draw and write' in said.out
    # The name of a video is data, for folders and for ffmpeg.
    (folder,) = out.iterdir()
    assert folder.parent == out and not list(tmp_path.rglob('ran'))
    data = json.loads((folder / 'timelines.json').read_text())
    (face,) = data['faces']
    assert data['video'] == str(videos) and len(data['classes']) == 7
    assert face['starts'] == pytest.approx([0, 0.5, 1, 1.5, 2], abs=0.02)
    rows = list(csv.DictReader(open(folder / 'timelines.csv')))
    assert [float(row['happy']) for row in rows] == pytest.approx(
        [values[0] for values in face['probabilities']], abs=1e-4
    )
    best = [data['classes'][int(np.argmax(v))] for v in face['probabilities']]
    assert [row['emotion'] for row in rows] == best
    boxes = list(csv.DictReader(open(folder / 'faces.csv')))
    assert len(boxes) == 30 and boxes[29]['seconds'] == '2.900'
    assert [float(boxes[0][k]) for k in ('left', 'top', 'right', 'bottom')] == [
        0, 0, 64, 48
    ]  # fmt: skip
    assert cv2.imread(str(folder / 'timelines.png')).std() > 5
    codec, sounds, width, height = streams(folder / 'annotated.mp4')
    assert (codec, sounds) == ('h264', 1)
    # Small frames are enlarged, the curves are below.
    assert width >= 320 and width % 2 == height % 2 == 0 and height > width * 48 / 64
    video = cv2.VideoCapture(str(folder / 'annotated.mp4'))
    frames = [video.read()[1] for _ in range(30)]
    assert not video.read()[0]
    assert frames[20].astype(int)[: height // 2, : width // 2].mean() > 150
    assert sorted(p.name for p in folder.iterdir()) == [
        'annotated.mp4', 'faces.csv', 'segments.csv', 'timelines.csv',
        'timelines.json', 'timelines.png',
    ]  # fmt: skip


def test_a_name_that_is_not_utf8(predict, published, videos, tmp_path, capsys):
    """It is printed with escapes; the formula in it is text."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b'/\xff$\\frac{.mp4'))
    try:
        videos.rename(path)
    except OSError:
        pytest.skip('the file system has UTF-8 names only')
    out = tmp_path / 'out'
    arguments = (path, '--checkpoint', published, '--out', out, '--detector', 'none')
    assert predict(*arguments, '--window', 1) == 0
    assert '\\udcff$\\frac{.mp4: 30 frames' in capsys.readouterr().out
    (folder,) = out.iterdir()
    assert (folder / 'timelines.png').is_file() and (folder / 'annotated.mp4').is_file()


@pytest.mark.parametrize('mode', ['--live', '--clips'])
def test_options_that_a_mode_does_not_use(predict, mode, capsys):
    with pytest.raises(SystemExit):
        predict('0', mode, '--detect-every', 4, '--formats', 'srt')
    said = capsys.readouterr().err
    assert f'{mode} does not use --detect-every, --formats: leave it out' in said


def test_without_ffmpeg_it_is_silent(
    predict, published, videos, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv('PATH', str(tmp_path))
    monkeypatch.setitem(sys.modules, 'imageio_ffmpeg', None)
    out = tmp_path / 'out'
    assert (
        predict(videos, '--checkpoint', published, '--out', out, '--detector', 'none')
        == 0
    )
    assert 'silent and in MPEG-4' in capsys.readouterr().out
    assert streams(next(out.iterdir()) / 'annotated.mp4')[:2] == ('mpeg4', 0)


def test_a_video_that_breaks_off(predict, published, tmp_path, capsys, ffmpeg):
    """Its header, in front, names more frames than are there: what is there is used."""
    whole = tmp_path / 'whole.mp4'
    noise = 'testsrc2=size=160x120:rate=10:duration=3'
    ffmpeg('-f', 'lavfi', '-i', noise, '-g', 1, '-movflags', '+faststart', whole)
    cut = tmp_path / 'cut.mp4'
    content = whole.read_bytes()
    cut.write_bytes(content[: int(len(content) * 0.6)])
    status = predict(
        cut, '--checkpoint', published, '--out', tmp_path / 'o', '--detector', 'none'
    )
    said = capsys.readouterr().out
    assert status == 1 and 'note: ' in said and 'cut off' in said


def test_no_face(predict, published, tmp_path, capsys):
    """By landmarks that name none; what an earlier video left there goes."""
    (tmp_path / 'f.csv').write_text('frame,x1,y1,x2,y2,x3,y3,x4,y4,x5,y5\n')
    (tmp_path / 'f').mkdir()
    for name in ('1.png', '2.png'):
        cv2.imwrite(str(tmp_path / 'f' / name), np.zeros((32, 32, 3), np.uint8))
    stale = tmp_path / 'out' / 'f' / 'annotated.mp4'
    stale.parent.mkdir(parents=True)
    stale.touch()
    status = predict(
        tmp_path / 'f', '--checkpoint', published, '--out', tmp_path / 'out',
        '--detector', 'landmarks_file', '--detector-options', f'folder={tmp_path}',
    )  # fmt: skip
    assert status == 1
    assert 'note: no face was found in 2 frames' in capsys.readouterr().out
    assert not stale.exists() and (stale.parent / 'timelines.json').is_file()


def test_portrait(predict, published, videos, tmp_path, ffmpeg):
    turned = tmp_path / 'turned.mp4'
    ffmpeg('-display_rotation', 90, '-i', videos, '-c', 'copy', turned)
    out = tmp_path / 'out'
    assert (
        predict(turned, '--checkpoint', published, '--out', out, '--detector', 'none')
        == 0
    )
    _, sounds, width, height = streams(out / 'turned' / 'annotated.mp4')
    assert height > 1.3 * width and sounds == 1


def test_clips(predict, network, held_out, tmp_path, capsys):
    from dfew_mmaction.inference.classifiers.torch_classifier import TorchClassifier

    out, bad = tmp_path / 'out', tmp_path / '00099'
    bad.mkdir()
    (bad / '1.jpg').write_text('no picture')
    status = predict(
        *held_out[:3], bad, tmp_path / 'gone', '--clips', '--config', network[0],
        '--checkpoint', network[1], '--out', out, '--detector', 'none',
    )  # fmt: skip
    said = capsys.readouterr()
    assert status == 1 and '3 of 5 clips' in said.out
    assert '00099' in said.err and "no clip '" in said.err
    rows = list(csv.DictReader(open(out / 'clips.csv')))
    assert [row['clip'] for row in rows] == [str(clip) for clip in held_out[:3]]
    expected = TorchClassifier(*network, 'cpu')(held_out[:3])
    scores = [[float(v) for k, v in row.items() if k[:6] == 'score_'] for row in rows]
    np.testing.assert_allclose(scores, expected, atol=1e-5)


def test_what_stops_the_command(predict, network, videos, tmp_path, capsys):
    for arguments, says in (
        ((videos, '--checkpoint', network[1]), 'does not describe its network'),
        ((videos, '--checkpoint', 'gone.pth'), "no checkpoint 'gone.pth'"),
        ((videos, '--checkpoint', network[1], '--config', network[0],
          '--detector-options', 'min_face'), 'NAME=VALUE'),
    ):  # fmt: skip
        out = tmp_path / 'out'
        assert predict(*arguments, '--detector', 'none', '--out', out) == 2
        assert says in capsys.readouterr().err and not out.exists()


def test_two_at_a_time_and_other_formats(predict, published, videos, tmp_path, capsys):
    """In processes of their own; the files are those of one at a time."""
    second = tmp_path / 'second.mp4'
    second.write_bytes(videos.read_bytes())
    arguments = [videos, second, '--checkpoint', published, '--detector', 'none',
                 '--window', 1, '--no-video', '--formats', 'boris', 'srt']  # fmt: skip
    assert predict(*arguments, '--out', tmp_path / 'one') == 0
    assert predict(*arguments, '--out', tmp_path / 'two', '--jobs', 2) == 0
    kinds = ('.csv', '.srt', '.tsv')
    files = sorted(p for p in (tmp_path / 'one').rglob('*') if p.suffix in kinds)
    assert len(files) == 2 * 5
    for one in files:
        two = tmp_path / 'two' / one.relative_to(tmp_path / 'one')
        assert one.read_bytes() == two.read_bytes()
    with pytest.raises(SystemExit):
        predict(*arguments, '--jobs', 0)
    assert '--jobs: expected a whole number from 1' in capsys.readouterr().err


def test_a_full_disk_leaves_no_video(
    predict, published, videos, tmp_path, capsys, monkeypatch
):
    """A file may grow to 4 kB only: neither ffmpeg nor OpenCV can write the video."""
    resource = pytest.importorskip('resource')
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for out in ('with ffmpeg', 'without'):
        if out == 'without':
            monkeypatch.setenv('PATH', str(tmp_path))
            monkeypatch.setitem(sys.modules, 'imageio_ffmpeg', None)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
        try:
            status = predict(
                videos, '--checkpoint', published, '--out', tmp_path / out,
                '--detector', 'none',
            )  # fmt: skip
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        said = capsys.readouterr()
        assert status == 1 and 'error: ' in said.err, said
        assert not list((tmp_path / out).rglob('*annotated*'))


def test_a_note_where_the_network_saw_synthetic_faces_only(colors, tmp_path, capsys):
    from dfew_mmaction.inference import ExpressionInferencer, ModelFacts
    from dfew_mmaction.inference.predict_videos import ReportOptions, predict_videos

    colors.facts = ModelFacts(
        colors.classes,
        16,
        'interpolate',
        (224, 224),
        (0,),
        (1,),
        dataset=dict(drawn=True),
    )
    for number in (1, 2):
        (tmp_path / f'{number}').mkdir()
        for name in ('1.png', '2.png'):
            picture = np.full((32, 32, 3), 90, np.uint8)
            cv2.imwrite(str(tmp_path / f'{number}' / name), picture)
    folders = [str(tmp_path / '1'), str(tmp_path / '2')]
    status = predict_videos(
        lambda: ExpressionInferencer(colors, detector='none'), folders,
        tmp_path / 'out', options=ReportOptions(video=False),
    )  # fmt: skip
    assert status == 0
    assert capsys.readouterr().out.count('trained on synthetic faces only') == 1

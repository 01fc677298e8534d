"""Each file is read by another program than its writer."""

import csv
import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dfew_mmaction.inference import FaceTimeline, Segment, VideoResult
from dfew_mmaction.inference.outputs import FORMATS, check_formats, write_formats
from dfew_mmaction.reports.coding_files import read_coding
from dfew_mmaction.utils import class_names, class_numbers

pytest.importorskip('pympi')
pytest.importorskip('pysubs2')
FRAME = 1 / 25
#: Onset and offset of each segment by face and emotion.
EXPECTED = [
    (1, 'happy', 0.0, 1.24),
    (1, 'sad', 1.24, 2.92),
    (12, 'happy', 3600.48, 3602.04),
]


def face(number, first, last, segments):
    rows = np.full((2, 2), 0.5, np.float32)
    starts, ends = np.array([first, first + 1]), np.array([first + 2, last])
    return FaceTimeline(number, first, last, 50, starts, ends, rows, rows, segments)


def make(classes=('happy', 'sad'), video='gone.mp4'):
    faces = [
        face(
            1, 0.0, 3.0, [Segment(0, 0.0, 1.24, 1, 0.8), Segment(1, 1.24, 2.92, 2, 1)]
        ),
        face(12, 3600.0, 3603.0, [Segment(0, 3600.48, 3602.04, 3601.0, 0.61)]),
    ]
    return VideoResult(str(video), classes, 25.0, 90075, 3603.0, faces)


@pytest.fixture
def files(tmp_path):
    video = tmp_path / 'a video & more.mp4'
    video.touch()
    return write_formats(tmp_path, make(video=video), check_formats(FORMATS))


def same(found):
    assert [row[:2] for row in found] == [row[:2] for row in EXPECTED]
    np.testing.assert_allclose(
        [row[2:] for row in found], [row[2:] for row in EXPECTED], atol=FRAME / 2
    )


def test_elan(files):
    root = ElementTree.parse(files['segments.eaf']).getroot()
    slots = {
        slot.get('TIME_SLOT_ID'): int(slot.get('TIME_VALUE')) / 1000
        for slot in root.iter('TIME_SLOT')
    }
    assert [tier.get('TIER_ID') for tier in root.iter('TIER')] == ['face 1', 'face 12']
    same(
        [
            (
                int(tier.get('TIER_ID').split()[1]),
                part.findtext('ANNOTATION_VALUE'),
                slots[part.get('TIME_SLOT_REF1')],
                slots[part.get('TIME_SLOT_REF2')],
            )
            for tier in root.iter('TIER')
            for part in tier.iter('ALIGNABLE_ANNOTATION')
        ]
    )
    (media,) = root.iter('MEDIA_DESCRIPTOR')
    video = files['segments.eaf'].parent / 'a video & more.mp4'
    assert media.get('MEDIA_URL') == video.as_uri()
    assert media.get('MIME_TYPE') == 'video/mp4'


def test_praat(files):
    text = files['segments.TextGrid'].read_text()
    found = []
    for tier in re.split(r'item \[\d+\]:', text)[1:]:
        name = re.search(r'name = "face (\d+)"', tier)[1]
        numbers = r'xmin = ([\d.]+)\s+xmax = ([\d.]+)\s+text = "(.*)"'
        parts = re.findall(numbers, tier)
        # Intervals of a tier cover all of its time, without gaps.
        ends = [float(end) for _, end, _ in parts]
        assert [float(begin) for begin, _, _ in parts] == [0, *ends[:-1]]
        assert ends[-1] == 3603
        found += [(int(name), t, float(b), float(e)) for b, e, t in parts if t]
    same(found)


def test_boris(files):
    with open(files['boris.tsv'], newline='') as file:
        rows = list(csv.DictReader(file, delimiter='\t'))
    times = [float(row['Time']) for row in rows]
    assert times == sorted(times)
    found, open_events = [], {}
    for row in rows:
        key = int(row['Subject'].split()[1]), row['Behavior']
        if row['Behavior type'] == 'START':
            open_events[key] = float(row['Time'])
        else:
            assert row['Behavior type'] == 'STOP'
            found.append((*key, open_events.pop(key), float(row['Time'])))
    assert not open_events
    same(found)


@pytest.mark.parametrize(('name', 'mark'), [('vtt', '.'), ('srt', ',')])
def test_captions(files, name, mark):
    text = files[f'segments.{name}'].read_text()
    assert text.startswith('WEBVTT') == (name == 'vtt')
    clock = rf'(\d+):(\d+):(\d+)\{mark}(\d+)'
    line = rf'{clock} --> {clock}\nface (\d+): (\w+) (\d+)%'
    found = []
    for *numbers, number, emotion, _ in re.findall(line, text):
        h, m, s, ms, h2, m2, s2, ms2 = map(int, numbers)
        begin, end = (
            3600 * h + 60 * m + s + ms / 1000, 3600 * h2 + 60 * m2 + s2 + ms2 / 1000
        )  # fmt: skip
        found.append((int(number), emotion, begin, end))
    same(found)


def test_tables(files):
    with open(files['segments.csv'], newline='') as file:
        rows = list(csv.DictReader(file))
    same(
        [
            (int(r['face']), r['emotion'], float(r['onset']), float(r['offset']))
            for r in rows
        ]
    )
    data = json.loads(files['timelines.json'].read_text())
    same(
        [
            (face['id'], part['emotion'], part['onset'], part['offset'])
            for face in data['faces']
            for part in face['segments']
        ]
    )
    assert data['segment_rule'] == dict(enter=0.5, leave=0.35, shortest=0.5)


def test_names_are_data(tmp_path):
    """Names of classes cannot break a file or act in the program that opens it."""
    classes = ('=HYPERLINK("x")', '<b>\x00{\\an8}\n-->"')
    paths = write_formats(tmp_path, make(classes), check_formats(FORMATS))
    values = [e.text for e in ElementTree.parse(paths['segments.eaf']).iter(
        'ANNOTATION_VALUE'
    )]  # fmt: skip
    assert values[:2] == ['=HYPERLINK("x")', '<b> {\\an8} -->"']
    assert '""x""' in paths['segments.TextGrid'].read_text()
    for name in ('segments.srt', 'segments.vtt'):
        text = paths[name].read_text()
        assert text.count('-->') == 3 and not re.search(r'[<{]', text)
    for name, mark in (
        ('segments.csv', ','),
        ('boris.tsv', '\t'),
        ('timelines.csv', ','),
    ):
        with open(paths[name], newline='') as file:
            cells = [cell for row in csv.reader(file, delimiter=mark) for cell in row]
        assert not any(cell.startswith('=') for cell in cells)
    for path in paths.values():
        assert b'\x00' not in path.read_bytes()


def test_formats_that_cannot_be_written(monkeypatch):
    with pytest.raises(ValueError, match="no output format 'doc'; expected one of"):
        check_formats(['doc'])
    monkeypatch.setattr('importlib.util.find_spec', lambda name: None)
    assert check_formats([]) == ('json', 'csv', 'segments')
    with pytest.raises(ImportError, match=r"'eaf' needs pympi: .*\[formats\]"):
        check_formats(['eaf'])


def test_no_face(tmp_path):
    result = VideoResult('gone.mp4', ('happy',), 25.0, 3, 0.08, [])
    for path in write_formats(tmp_path, result, check_formats(FORMATS)).values():
        assert path.is_file()


NAMES = st.text(
    st.characters(codec='utf-8', exclude_categories=['C', 'Z'])
    | st.sampled_from('😀é\u0301\u200dסعید笑,;"\'<=_ '),
    min_size=1,
    max_size=8,
)


def accepted(classes):
    try:
        return class_numbers(classes)
    except ValueError:
        return False


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.tuples(NAMES, NAMES).filter(accepted))
@example(('😀', '👩\u200d🚀'))
@example(('سعید', 'بی\u200cتفاوت'))
@example(('cafe\u0301', 'שמח'))
def test_any_class_is_read_back(tmp_path, classes):
    """As the coding of a person, from each format that has segments."""
    paths = write_formats(tmp_path, make(classes), check_formats(FORMATS))
    assert json.loads(paths['timelines.json'].read_text())['classes'] == [*classes]
    for name in ('segments.eaf', 'segments.TextGrid', 'boris.tsv'):
        coding = read_coding(paths[name], classes, tier='face 1')
        assert [part.label for part in coding] == [0, 1], name
        assert [part.end for part in coding] == pytest.approx([1.24, 2.92], abs=0.02)


def test_the_same_name_in_two_forms():
    for names in (('é', 'e\u0301'), ('Joy', ' joy'), ('a', 'a\u200d'), ('ß', 'SS')):
        with pytest.raises(ValueError, match='classes name the same twice'):
            class_numbers(names)
    for name in ('\u200d', '\u202eyojs', 'a\u2066b', 'a\x1b[2J'):
        with pytest.raises(ValueError, match='printable characters'):
            class_names([name])

"""The network's own files, read as if a coder had written them."""

import json

import cv2
import numpy as np
import pytest

from dfew_mmaction.inference import FaceTimeline, Segment, VideoResult
from dfew_mmaction.inference.outputs import FORMATS, check_formats, write_formats
from dfew_mmaction.reports.coding_files import read_coding
from dfew_mmaction.reports.compare_coding import compare_coding

pympi = pytest.importorskip('pympi')
CLASSES = ('happy', 'sad', 'neutral')
EXPECTED = [(0, 0.2, 1.24), (1, 1.24, 2.92)]


@pytest.fixture(scope='module')
def files(tmp_path_factory):
    rows = np.full((2, 3), 1 / 3, np.float32)
    times = np.array([0.0, 1.0])
    segments = [Segment(0, 0.2, 1.24, 1, 0.8), Segment(1, 1.24, 2.92, 2, 0.9)]
    short = FaceTimeline(1, 0.0, 0.5, 12, times[:1], times[:1], rows[:1], rows[:1])
    face = FaceTimeline(2, 0.0, 3.0, 75, times, times + 2, rows, rows, segments)
    result = VideoResult('v.mp4', CLASSES, 25.0, 75, 3.0, [short, face])
    folder = tmp_path_factory.mktemp('report')
    return write_formats(folder, result, check_formats(FORMATS))


@pytest.mark.parametrize(
    ('name', 'tier'),
    [
        ('segments.eaf', 'face 2'),
        ('segments.TextGrid', 'face 2'),
        ('segments.csv', None),
        ('boris.tsv', 'face 2'),
    ],
)
def test_a_coding_from_each_format(files, name, tier):
    found = read_coding(files[name], CLASSES, tier=tier)
    assert [part.label for part in found] == [0, 1]
    np.testing.assert_allclose(
        [part[1:] for part in found], [part[1:] for part in EXPECTED], atol=0.001
    )


def test_full_agreement_and_what_is_written(files, tmp_path):
    measures, text = compare_coding(
        files['timelines.json'], files['segments.eaf'], tmp_path
    )
    assert measures.kappa == 1 and measures.agreement == 1
    assert "Cohen's kappa 1.000" in text and '| happy | 100.0% | 100.0% |' in text
    assert (tmp_path / 'agreement.md').read_text() == text
    data = json.loads((tmp_path / 'agreement.json').read_text())
    assert data['classes']['sad']['onset_errors'] == [0]
    assert data['classes']['neutral']['recall'] is None
    assert cv2.imread(str(tmp_path / 'tracks.png')).std() > 5


@pytest.mark.parametrize('end', ['\n', '\r\n', '\r'])
def test_labels_of_the_coder(files, tmp_path, end):
    coding = tmp_path / 'coding.csv'
    text = '\ufeffOnset,Offset,Emotion\n0.3,1.3,Happiness\n1.3,2,joy\n2,3,talks\n'
    coding.write_bytes(text.replace('\n', end).encode())
    with pytest.raises(
        ValueError, match="'joy' is not a class of the network.*--map joy="
    ):
        read_coding(coding, CLASSES)
    found = read_coding(coding, CLASSES, names=dict(joy='happy', talks=''))
    assert [tuple(part) for part in found] == [(0, 0.3, 1.3), (0, 1.3, 2)]


LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 3
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "TextTier"
        name = "points"
        xmin = 0
        xmax = 3
        points: size = 1
        points [1]:
            number = 0.5
            mark = "blink 7"
    item [2]:
        class = "IntervalTier"
        name = "the ""first"" coder"
        xmin = 0
        xmax = 3
        intervals: size = 3
        intervals [1]:
            xmin = 0
            xmax = 0.2
            text = ""
        intervals [2]:
            xmin = 0.2
            xmax = 1.24
            text = "happy"
        intervals [3]:
            xmin = 1.24
            xmax = 2.92
            text = "sad"
"""
SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
3
<exists>
1
"IntervalTier"
"coder"
0
3
2
0.2
1.24
"happy"
1.24
2.92
"sad"
"""
BORIS = """Observation id\tone
Media file(s)
Player #1\ta, b.mp4

Time\tSubject\tBehavior\tComment\tStatus
0.1\tA\tsad\ta wink\tPOINT
0.2\tA\thappy\t\tSTART
1.24\tA\thappy\t\tSTOP
1.24\tA\tsad\t\tSTART
2.92\tA\tsad\t\tSTOP
"""
AGGREGATED = """Subject,Behavior,Modifiers,Behavior type,Start (s),Stop (s)
A,sad,,POINT,0.1,0.1
A,happy,,STATE,0.2,1.24
A,sad,,STATE,1.24,2.92
"""


@pytest.mark.parametrize(
    ('name', 'content', 'encoding'),
    [
        ('long.TextGrid', LONG, 'utf-8'),
        ('long.TextGrid', LONG, 'utf-16'),
        ('short.textgrid', SHORT, 'utf-8-sig'),
        ('boris.tsv', BORIS, 'utf-8'),
        ('aggregated.csv', AGGREGATED, 'utf-8'),
        (
            'excel.csv',
            'Label;Start;End;\r\nhappy;0,2;1,24;\r\nsad;1,24;2,92;\r\n;;;\r\n',
            'utf-8-sig',
        ),
        (
            'clock.tsv',
            'start\tend\temotion\n00:00:00.200\t0:1.24\thappy\n0:01.24\t0:02.92\tsad\n',
            'utf-8',
        ),
    ],
)
def test_codings_as_programs_write_them(tmp_path, name, content, encoding):
    path = tmp_path / name
    path.write_bytes(content.encode(encoding))
    found = read_coding(path, CLASSES)
    assert [tuple(part) for part in found] == [
        (label, pytest.approx(start), pytest.approx(end))
        for label, start, end in EXPECTED
    ]


def test_a_binary_text_grid(tmp_path):
    (tmp_path / 'short.TextGrid').write_text(SHORT)
    grid = pympi.Praat.TextGrid(str(tmp_path / 'short.TextGrid'), codec='utf-8')
    grid.to_file(str(tmp_path / 'binary.TextGrid'), mode='binary')
    found = read_coding(tmp_path / 'binary.TextGrid', CLASSES)
    assert [tuple(part) for part in found] == EXPECTED


@pytest.mark.parametrize(
    ('name', 'content', 'says'),
    [
        ('a.csv', 'start,end\n0,1\n', 'has no column emotion or label'),
        ('a.csv', 'start,end,label\n0,x,sad\n', "row 2: end must be a number.*'x'"),
        ('a.csv', 'start,end,label\n0,nan,sad\n', 'row 2: end must be a number'),
        ('a.csv', 'start,end,label\n2,1,sad\n', 'ends at 1.0 s, before it begins'),
        ('a.csv', 'start,end,label,subject\n0,1,sad,a\n0,1,sad,b\n', "'a', 'b'"),
        ('a.csv', f'start,end,label\n0,1,{"sad" * 50000}\n', 'is not a table'),
        ('a.eaf', 'nothing', 'is not a .eaf file'),
        ('a.TextGrid', 'nothing', 'is not a .TextGrid file'),
        ('a.TextGrid', SHORT[:-9], 'is not a .TextGrid file'),
        # pympi reads 3 in 1e-3.
        ('a.TextGrid', SHORT.replace('0.2', '1e-3'), 'ends at 1.24 s, before it'),
        ('a.doc', '', 'expected a coding as .eaf, .TextGrid'),
        (
            'a.tsv',
            'Time\tBehavior\tBehavior type\n1\tsad\tSTOP\n',
            'has STOP without START',
        ),
        (
            'a.tsv',
            'Time\tBehavior\tBehavior type\n1\tsad\tSTART\n',
            'has START without STOP',
        ),
    ],
)
def test_codings_that_are_none(tmp_path, name, content, says):
    (tmp_path / name).write_text(content)
    with pytest.raises(ValueError, match=says):
        read_coding(tmp_path / name, CLASSES)


def test_classes_with_capitals(files, tmp_path):
    text = files['timelines.json'].read_text().replace('"happy"', '"Happiness"')
    (tmp_path / 'timelines.json').write_text(text)
    measures, _ = compare_coding(
        tmp_path / 'timelines.json', files['segments.eaf'], tmp_path
    )
    assert measures.kappa == 1


def test_timelines_that_are_none(files, tmp_path):
    other = tmp_path / 'timelines.json'
    for content, says in (
        ('[]', 'is no timelines.json'),
        ('{"faces": [], "classes": []}', 'has no face'),
        (
            '{"classes": ["A"], "faces": [{"id": 1, "frames": 1, "first": 0, "last": 1,'
            ' "segments": [{"emotion": "a", "onset": 0, "offset": 1}]}]}',
            "face 1: 'a' is not a class of the file",
        ),
        (
            '{"faces": [{"id": 1}], "classes": []}',
            r"faces\[0\]: expected the key 'frames'",
        ),
    ):
        other.write_text(content)
        with pytest.raises(ValueError, match=says):
            compare_coding(other, files['segments.eaf'], tmp_path)
    with pytest.raises(ValueError, match='has no face 7; there are 1, 2'):
        compare_coding(files['timelines.json'], files['segments.eaf'], tmp_path, face=7)

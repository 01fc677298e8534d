import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfew_mmaction.evaluation.functional import read_predictions, write_predictions
from dfew_mmaction.utils import class_names

CLASSES = ('happy', 'sad', 'neutral')
quick = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def test_written_file_reads_back(tmp_path):
    path = tmp_path / 'new' / 'predictions.csv'
    scores = np.random.default_rng(0).random((4, 3)).astype(np.float32)
    ids = ['00001', '00012', '11697', '00003']
    write_predictions(path, ids, [2, 0, 1, 1], scores, CLASSES)
    got_ids, labels, got_scores, classes = read_predictions(path)
    assert got_ids.tolist() == ids and labels.tolist() == [2, 0, 1, 1]
    assert classes == CLASSES
    np.testing.assert_array_equal(got_scores.astype(np.float32), scores)
    first = path.read_text().splitlines()
    assert first[0] == 'video_id,label,prediction,score_happy,score_sad,score_neutral'
    assert first[1].startswith(f'00001,neutral,{CLASSES[scores[0].argmax()]},')
    assert [p.name for p in path.parent.iterdir()] == ['predictions.csv']


# What pandas and spreadsheets take for numbers, missing values, formulas or columns.
NAMES = st.one_of(
    st.sampled_from(
        ['0', '1', '007', '1.0', 'NA', 'nan', 'None', 'null', 'True', '', ' x ']
        + ['"', "'", 'a,b', 'a"b', '=1+1', '-1', 'inf', '\ufeffx', 'score_0', '😀', 'é']
    ),
    st.text(st.characters(codec='utf-8', exclude_characters='\0'), max_size=6),
)


def accepted(name):
    try:
        return class_names([name])
    except ValueError:
        return False


CLASS_NAMES = NAMES.filter(accepted)


@quick
@given(
    st.lists(NAMES.filter(str.strip), min_size=1, max_size=4, unique=True),
    st.lists(CLASS_NAMES, min_size=1, max_size=4, unique=True),
    st.data(),
)
def test_any_clip_and_class_comes_back(tmp_path, ids, classes, data):
    path = tmp_path / 'p.csv'
    shape = len(ids), len(classes)
    finite = st.floats(allow_nan=False, allow_infinity=False)
    values = st.lists(finite, min_size=shape[1], max_size=shape[1])
    scores = np.array([data.draw(values) for _ in ids])
    labels = [data.draw(st.integers(0, shape[1] - 1)) for _ in ids]
    write_predictions(path, ids, labels, scores, classes)
    got_ids, got_labels, got_scores, got_classes = read_predictions(path)
    assert (got_ids.tolist(), got_classes) == (ids, tuple(classes))
    assert got_labels.tolist() == labels
    np.testing.assert_array_equal(got_scores, scores)


@pytest.mark.parametrize(
    'change, message',
    [
        (dict(scores=[[0.5, np.nan]]), '1 of 1 clips are not finite.*first is a'),
        (dict(scores=[[0.5, np.inf]]), 'not finite'),
        (dict(labels=[-1]), 'labels go from 0 to 1, and clip a has -1'),
        (dict(labels=[2]), 'clip a has 2'),
        (dict(classes=['x', 'x']), "class 'x' is named twice"),
        (dict(classes=['x', 'y', 'z']), 'shapes'),
        (
            dict(video_ids=['a', 'a'], labels=[0, 1], scores=[[0, 1], [1, 0]]),
            "clip 'a' has two predictions",
        ),
    ],
)
def test_what_could_not_be_read_back_is_not_written(tmp_path, change, message):
    good = dict(video_ids=['a'], labels=[0], scores=[[0.5, 0.5]], classes=['x', 'y'])
    path = tmp_path / 'p.csv'
    with pytest.raises(ValueError, match=message):
        write_predictions(path, **{**good, **change})
    assert not path.exists()


HEADER = 'video_id,label,prediction,score_happy,score_sad'


@pytest.mark.parametrize(
    'text, message',
    [
        ('name,label\n1,2\n', 'expected the columns'),
        (f'{HEADER}\n', 'no predictions'),
        (f'{HEADER}\n1,happy,sad,0,1\n2,fear,sad,0,1\n', "row 3: the label 'fear'"),
        (
            f'{HEADER}\n1,happy,sad,0,1\n1,sad,sad,0,1\n',
            'row 3: clip 1 is listed again',
        ),
        (f'{HEADER}\n1,happy,sad,nan,1\n', 'row 2: the scores of 1 of 1 .*not finite'),
        (f'{HEADER}\n1,happy,sad,x,1\n', "row 2: 'x' is not a number"),
        (f'{HEADER}\n1,happy,sad,1_0,11\n', "row 2: '1_0' is not a number"),
        (f'{HEADER}\n1,happy,happy,0,1\n', "row 2: the prediction 'happy' is not"),
        (f'{HEADER}\n1,happy,joy,0,1\n', "row 2: the prediction 'joy' is not"),
        (f'{HEADER}\n1,happy,sad,0\n', 'row 2: expected 5 cells, found 4'),
        (f'{HEADER},score_sad\n1,happy,sad,0,1,1\n', 'of the same class'),
    ],
)
def test_foreign_files_are_refused(tmp_path, text, message):
    path = tmp_path / 'p.csv'
    path.write_text(text)
    with pytest.raises(ValueError, match=message) as error:
        read_predictions(path)
    assert str(path) in str(error.value)

import numpy as np
import pytest

from dfew_mmaction.evaluation.functional import read_predictions, write_predictions

CLASSES = ('happy', 'sad', 'neutral')


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


HEADER = 'video_id,label,prediction,score_happy,score_sad'


@pytest.mark.parametrize(
    'text, message',
    [
        ('name,label\n1,2\n', 'expected the columns'),
        (f'{HEADER}\n', 'no predictions'),
        (f'{HEADER}\n1,happy,sad,0,1\n2,fear,sad,0,1\n', "row 3: the label 'fear'"),
        (
            f'{HEADER}\n1,happy,sad,0,1\n1,sad,sad,0,1\n',
            'row 3: clip 1 is there a second',
        ),
    ],
)
def test_foreign_files_are_refused(tmp_path, text, message):
    path = tmp_path / 'p.csv'
    path.write_text(text)
    with pytest.raises(ValueError, match=message) as error:
        read_predictions(path)
    assert str(path) in str(error.value)

import cv2
import numpy as np

from dfew_mmaction.evaluation.functional import write_predictions

TOOL = 'tools/analysis/plot_confusion_matrix.py'


def test_draws_a_predictions_file(tmp_path, run):
    scores = np.eye(3)[[0, 1, 1, 2]]
    ids = ['1', '2', '3', '4']
    write_predictions(tmp_path / 'p.csv', ids, [0, 1, 2, 2], scores, ('a', 'b', 'c'))
    run('python', TOOL, tmp_path / 'p.csv', tmp_path / 'new' / 'c.png')
    picture = cv2.imread(str(tmp_path / 'new' / 'c.png'))
    assert picture.shape[0] > 500 and picture.std() > 10


def test_foreign_file_is_one_sentence(tmp_path, run):
    (tmp_path / 'p.csv').write_text('a,b\n1,2\n')
    done = run('python', TOOL, tmp_path / 'p.csv', tmp_path / 'c.png', check=False)
    assert done.returncode == 2 and 'Traceback' not in done.stderr
    assert 'expected the columns' in done.stderr.splitlines()[-1]
    assert not (tmp_path / 'c.png').exists()

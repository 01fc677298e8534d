import pandas as pd
import pytest

from dfew_mmaction.annotations import length_table, set_row
from dfew_mmaction.utils import CLASSES

# Table 2 of the paper.
PAPER = {
    'happy': (852, 1252, 384, 2488, 20.63), 'sad': (440, 915, 653, 2008, 16.65),
    'neutral': (832, 1335, 542, 2709, 22.46), 'angry': (762, 1091, 376, 2229, 18.48),
    'surprise': (691, 648, 159, 1498, 12.42), 'disgust': (71, 58, 17, 146, 1.21),
    'fear': (408, 435, 138, 981, 8.14),
}  # fmt: skip


def test_table_2_of_the_paper():
    labels, seconds = [], []
    for label, name in enumerate(CLASSES, 1):
        for length, count in zip((1.0, 2.0, 5.0), PAPER[name]):
            labels += [label] * count
            seconds += [length] * count
    table = length_table(pd.Series(labels), pd.Series(seconds), CLASSES)
    assert list(table.columns) == ['0-2s', '2-5s', '5s+', 'Total', 'Percent']
    for name, row in PAPER.items():
        assert tuple(table.loc[name]) == pytest.approx(row)
    # The paper prints 1.22 for disgust, which is 146 / 12059 = 1.2107 rounded up.
    assert tuple(table.loc['Total']) == (4056, 5734, 2269, 12059, 100)


def test_clips_without_label_are_left_out():
    labels = pd.Series({4: 1, 7: 0, 9: 7})
    table = length_table(labels, pd.Series({9: 4.99, 4: 5.0}), CLASSES)
    assert table.loc['happy', '5s+'] == 1 and table.loc['fear', '2-5s'] == 1
    assert table.loc['Total', 'Total'] == 2
    with pytest.raises(ValueError, match='1 labelled clips have no length.* 9'):
        length_table(labels, pd.Series({4: 5.0}), CLASSES)


def test_row_of_table_1():
    votes = pd.DataFrame([[10, 0]] * 1200, columns=['a', 'b'])
    row = set_row(votes, 'Mine', '3 movies', available='No').iloc[0].tolist()
    assert row == ['Mine', '1,200', '3 movies', '2 basic expressions', '10', 'No']

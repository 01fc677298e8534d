import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dfew_mmaction.evaluation.functional import check_published_scores
from dfew_mmaction.evaluation.published_table import (
    DFEW_TOTALS,
    read_published_table,
    verdicts,
)
from dfew_mmaction.utils import CLASSES

FOLD_1 = (489, 379, 534, 435, 294, 29, 181)
#: Means over five folds, as a later paper prints them; their mean is 63.296.
MEANS = '94.27,76.77,78.41,78.08,69.07,9.38,37.09'
HEADER = 'model,happy,sad,neutral,angry,surprise,disgust,fear,UAR,WAR\n'


def check(tmp_path, text, totals=DFEW_TOTALS, **options):
    (tmp_path / 't.csv').write_text(text)
    rows = read_published_table(tmp_path / 't.csv', CLASSES)
    return verdicts(rows, CLASSES, totals, **options)


def test_recalls_that_no_count_gives_are_a_verdict(tmp_path):
    war = sum(float(r) * t for r, t in zip(MEANS.split(','), FOLD_1)) / sum(FOLD_1)
    (row,) = check(tmp_path, f'{HEADER}M,{MEANS},63.29,{war:.2f}\n', FOLD_1)
    assert row['UAR'] == '63.296, printed 63.29'
    assert row['follows'] == 'no count gives this'
    assert 'disgust 9.38 % of 29' in row['no count gives']
    (row,) = check(tmp_path, f'{HEADER}M,{MEANS},63.44,{war:.2f}\n', FOLD_1)
    assert row['follows'] == 'NO'


def test_columns_are_found_by_their_names(tmp_path):
    paper = '75.17,39.49,55.11,62.49,45.00,1.38,20.51,42.74,53.54'
    (row,) = check(tmp_path, f'{HEADER}C3D,{paper}\n')
    assert row['follows'] == 'yes'
    header = 'WAR,UAR,Fear,Disgust,Surprise,Anger,Neutral,Sadness,Happiness,year,model'
    shuffled = ','.join(reversed(paper.split(',')))
    assert check(tmp_path, f'{header}\n{shuffled},2020,C3D\n') == [
        {**row, 'name': '2020'}
    ]


@pytest.mark.parametrize(
    'text, message',
    [
        ('model,UAR,WAR\nC3D,1,2\n', 'row 1: no column happy, no column sad'),
        (HEADER.replace('sad', 'happy'), 'no column sad, two columns happy'),
        (HEADER, 'no row below the header'),
        (f'{HEADER}C3D,1,2\n', 'row 2: expected 10 cells, found 3'),
        (f'{HEADER}C3D,x,2,3,4,5,6,7,8,9\n', "row 2: expected a number .* found 'x'"),
        (f'{HEADER}C3D,nan,2,3,4,5,6,7,8,9\n', r'row 2: .* in \[0, 100\], got nan'),
        (f'{HEADER}C3D,101,2,3,4,5,6,7,8,9\n', 'got 101'),
        (f'{HEADER}C3D,9.123,2,3,4,5,6,7,8,9\n', 'give `--decimals 3`'),
        (f'{HEADER}C3D,.75,.3,.5,.6,.4,0,.2,.42,.53\n', 'row 2: .* like fractions'),
        (f'{HEADER}C3D,75,39,55,62,45,1,20,.42,.53\n', 'row 2: .* like fractions'),
    ],
)
def test_what_cannot_be_judged_is_refused(tmp_path, text, message):
    with pytest.raises(ValueError, match=message) as error:
        check(tmp_path, text)
    assert 't.csv' in str(error.value)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 3), st.booleans())
def test_what_is_printed_from_counts_follows(data, decimals, cut):
    totals = data.draw(st.lists(st.integers(1, 3000), min_size=2, max_size=7))
    hits = [data.draw(st.integers(0, total)) for total in totals]

    def printed(value):
        if cut:
            value = int(value * 10**decimals) / 10**decimals
        return float(f'{value:.{decimals}f}')

    exact = [100 * hit / total for hit, total in zip(hits, totals)]
    uar, war = sum(exact) / len(exact), 100 * sum(hits) / sum(totals)
    if not all(0 == max(x) or max(x) > 1.1 for x in (exact, [uar, war])):
        return  # looks like fractions
    recalls = [float(f'{x:.{decimals}f}') for x in exact]
    found = check_published_scores(
        recalls, totals, printed(uar), printed(war), decimals
    )
    assert found['uar_follows'] and found['war_follows']
    assert all(found['recalls_possible'])
    far = 3 * 10**-decimals + 100 * sum(10**-decimals / t for t in totals)
    if 1.1 < uar + far <= 100 and war > 1.1:
        off = check_published_scores(recalls, totals, uar + far, war, decimals)
        assert not off['uar_follows'] and off['war_follows']

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dfew_mmaction.inference.segments import Segment, SegmentRule, find_segments


def plain(rows, times, edges, rule):
    """Window by window, as the rule says."""
    found, now, begin = [], None, 0
    for i in range(len(rows) + 1):
        after = now
        if i == len(rows):
            after = None
        else:
            best = max(range(len(rows[i])), key=lambda c: (rows[i][c], -c))
            if rows[i][best] >= rule.enter:
                after = best
            elif now is not None and rows[i][now] < rule.leave:
                after = None
        if after != now:
            if now is not None and edges[i] - edges[begin] >= rule.shortest * (
                1 - 1e-6
            ):
                run = [rows[j][now] for j in range(begin, i)]
                peak = begin + run.index(max(run))
                found.append(
                    Segment(now, edges[begin], edges[i], times[peak], max(run))
                )
            now, begin = after, i
    return found


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.lists(st.integers(0, 10), min_size=3, max_size=3), max_size=25),
    enter=st.sampled_from([0.3, 0.5, 0.7, 1.0]),
    share=st.sampled_from([0.0, 0.5, 1.0]),
    shortest=st.sampled_from([0.0, 0.75, 1.5]),
)
def test_the_same_as_a_plain_loop(rows, enter, share, shortest):
    rows = [[v / 10 for v in row] for row in rows]
    edges = [0.5 * i for i in range(len(rows) + 1)]
    times = [edge + 0.25 for edge in edges[:-1]]
    rule = SegmentRule(enter, share * enter, shortest)
    array = np.reshape(rows, (len(rows), 3))
    assert find_segments(array, times, edges, rule=rule) == plain(
        rows, times, edges, rule
    )


def test_hysteresis_bridges_a_dip_and_another_emotion_takes_over():
    happy = [0.1, 0.55, 0.4, 0.8, 0.36, 0.3, 0.1]
    sad = [0.2, 0.1, 0.3, 0.1, 0.6, 0.4, 0.3]
    rows = np.stack([happy, sad], axis=1)
    edges = np.arange(8.0)
    assert find_segments(rows, edges[:-1] + 0.5, edges) == [
        Segment(0, 1.0, 4.0, 3.5, 0.8),
        Segment(1, 4.0, 6.0, 4.5, 0.6),
    ]
    without = SegmentRule(leave=0.5)
    assert [s.onset for s in find_segments(rows, edges[:-1], edges, rule=without)] == [
        1, 3, 4
    ]  # fmt: skip


def test_short_ones_are_dropped():
    rows, edges = np.array([[0.9], [0.0], [0.9]]), np.array([0, 0.4, 1, 1.5])
    (kept,) = find_segments(rows, edges[:-1], edges, rule=SegmentRule(shortest=0.5))
    assert (kept.onset, kept.offset) == (1, 1.5)


@pytest.mark.parametrize(
    ('options', 'says'),
    [
        (dict(enter=0.3, leave=0.4), 'leave <= enter'),
        (dict(enter=float('nan')), 'leave <= enter'),
        (dict(leave=-0.1), 'leave <= enter'),
        (dict(enter=0, leave=0), 'enter above 0'),
        (dict(shortest=float('nan')), 'shortest must be'),
        (dict(shortest=float('inf')), 'shortest must be'),
    ],
)
def test_rules_out_of_range(options, says):
    with pytest.raises(ValueError, match=says):
        SegmentRule(**options)


def test_shapes_have_to_match():
    with pytest.raises(ValueError, match='expected probabilities'):
        find_segments(np.zeros((2, 7)), [0, 1], [0, 1])

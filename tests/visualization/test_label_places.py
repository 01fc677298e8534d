from hypothesis import given, settings
from hypothesis import strategies as st

from dfew_mmaction.visualization.label_places import INSIDE, place_labels

BOX = st.tuples(
    st.integers(-20, 180),
    st.integers(-20, 180),
    st.integers(5, 120),
    st.integers(5, 120),
)


def overlap(one, other):
    return all(
        min(one[k + 2], other[k + 2]) - max(one[k], other[k]) > 1 for k in (0, 1)
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(BOX, max_size=8))
def test_no_label_covers_a_box_or_another_label(corners):
    boxes = [(x, y, x + width, y + height) for x, y, width, height in corners]
    sizes = [[(70, 30), (30, 12)]] * len(boxes)
    places = place_labels(boxes, sizes, (200, 200))
    labels = []
    for place, box in zip(places, boxes):
        if place is None:
            continue
        form, x, y = place
        width, height = sizes[0][form]
        label = (x, y, x + width, y + height)
        assert 0 <= x and 0 <= y and label[2] <= 200 and label[3] <= 200
        if overlap(label, box):  # inside its own, which is large
            area = (box[2] - box[0]) * (box[3] - box[1])
            assert width * height <= INSIDE * area
        assert not any(overlap(label, other) for other in boxes if other != box)
        assert not any(overlap(label, other) for other in labels)
        labels.append(label)


def test_above_below_right_left_and_smaller():
    size, picture = [(20, 10)], (100, 100)
    assert place_labels([(40, 40, 60, 60)], [size], picture) == [(0, 40, 30)]
    assert place_labels([(40, 2, 60, 22)], [size], picture) == [(0, 40, 22)]
    assert place_labels([(40, 2, 60, 98)], [size], picture) == [(0, 60, 2)]
    # Too wide for the picture: the next form.
    sizes = [[(120, 10), (20, 10)]]
    assert place_labels([(40, 40, 60, 60)], sizes, picture) == [(1, 40, 30)]
    # A crowd without a free place.
    crowd = [
        (x, y, x + 10, y + 10) for x in range(0, 100, 10) for y in range(0, 100, 10)
    ]
    assert place_labels(crowd, [size] * 100, picture) == [None] * 100

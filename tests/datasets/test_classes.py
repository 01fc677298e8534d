"""Classes of the sets: their order, other names for them, and some of them."""

import pytest
from other_sets import clips

from dfew_mmaction.datasets import DFEWDataset, FERV39kDataset, MAFWDataset
from dfew_mmaction.utils import CLASSES, MAFW_CLASSES


def test_mafw_compound_classes_are_those_of_the_lists(tree):
    root = tree('mafw')
    parts = [
        MAFWDataset(root, label_type='compound', split=s) for s in ('train', 'test')
    ]
    classes = parts[0].classes
    assert classes == parts[1].classes == parts[0].metainfo['classes']
    assert classes[:7] == CLASSES and all('_' in name for name in classes[7:])
    found = {**clips(parts[0]), **clips(parts[1])}
    assert set(found.values()) == set(classes) and len(found) > 70
    listed = root / 'Train & Test Set/compound/no_caption/set_1/train.txt'
    with open(listed, 'a') as file:
        file.write('99999.mp4 anger_bored\n')
    with pytest.raises(ValueError, match=r"row \d+: clip 99999.*'bored' is not one of"):
        MAFWDataset(root, label_type='compound')


def test_eleven_classes(tree):
    root = tree('mafw')
    path = root / 'Train & Test Set/single/no_caption/set_1/train.txt'
    lines = path.read_text().splitlines()
    for i, word in enumerate(MAFW_CLASSES[7:]):
        lines[i] = f'{lines[i].split()[0]} {word}'
    path.write_text('\n'.join(lines))
    counts = MAFWDataset(root).class_counts()
    assert list(counts) == list(MAFW_CLASSES) and list(counts.values())[7:] == [1] * 4


def test_order_of_the_classes_is_a_parameter(tree, demo_root):
    order = ('Anger', 'disgust', 'Fear', 'happiness', 'neutral', 'sad', 'surprise')
    root = tree('ferv39k')
    data, usual = FERV39kDataset(root, classes=order), FERV39kDataset(root)
    own = {'Anger': 'angry', 'Fear': 'fear', 'happiness': 'happy'}
    assert {n: own.get(w, w) for n, w in clips(data).items()} == clips(usual)
    assert data.metainfo['classes'] == order and list(data.class_counts()) == list(
        order
    )
    dfew = DFEWDataset(demo_root, classes=order)
    assert {n: own.get(w, w) for n, w in clips(dfew).items()} == clips(
        DFEWDataset(demo_root)
    )
    with pytest.raises(ValueError, match="release's order of the classes"):
        DFEWDataset(demo_root, classes=order, label_type='distribution')


def test_numbers_in_a_list_are_told_by_aliases(tree):
    root = tree('ferv39k')
    path = root / '4_setups' / 'All_scenes' / 'train_All.csv'
    wanted = clips(FERV39kDataset(root))
    order = ('angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise')
    rows = [line.split() for line in path.read_text().splitlines()]
    path.write_text(
        ''.join(f'{name} {order.index(wanted[name])}\n' for name, _ in rows)
    )
    with pytest.raises(ValueError, match=r"row 1: .* is '\d', which is not one of"):
        FERV39kDataset(root)
    aliases = {str(i): word for i, word in enumerate(order)}
    assert clips(FERV39kDataset(root, aliases=aliases)) == wanted
    with pytest.raises(ValueError, match="map '3' to 'joy', which is not one of"):
        FERV39kDataset(root, aliases={**aliases, '3': 'joy'})


def test_clips_of_other_classes(tree, demo_root, caplog):
    root, some = tree('ferv39k'), ('happy', 'sad')
    with pytest.raises(ValueError, match=r"others='skip'"):
        FERV39kDataset(root, classes=some)
    assert FERV39kDataset(root, classes=some, others='skip').class_counts() == {
        'happy': 8,
        'sad': 8,
    }
    assert DFEWDataset(demo_root, classes=some, others='skip').class_counts() == {
        'happy': 8,
        'sad': 8,
    }
    with pytest.raises(ValueError, match='lack neutral, angry, .* which DFEW has'):
        DFEWDataset(demo_root, classes=some)
    with pytest.raises(ValueError, match='no clip of the classes'):
        FERV39kDataset(root, classes=('contempt',), others='skip')
    with pytest.raises(ValueError, match="name the same twice: 'anger' and 'Angry'"):
        FERV39kDataset(root, classes=('anger', 'Angry'))

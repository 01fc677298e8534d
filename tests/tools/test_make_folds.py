import pandas as pd

from dfew_mmaction.datasets import ExpressionDataset, read_split_csv
from dfew_mmaction.utils import write_rows


def lists(root, part, fold):
    folder = root / 'EmoLabel_DataSplit' / f'{part}(single-labeled)'
    return read_split_csv(folder / f'set_{fold}.csv')


def test_from_votes(demo_root, tmp_path, run):
    votes = demo_root / 'Annotation' / 'annotation.xlsx'
    done = run('python', 'tools/data/make_folds.py', votes, tmp_path, '--folds', '3')
    raw = pd.read_excel(votes).set_index('order')['label']
    tests = [lists(tmp_path, 'test', fold) for fold in (1, 2, 3)]
    merged = {clip: label + 1 for part in tests for clip, label in part.items()}
    assert merged == raw[raw > 0].to_dict()
    assert max(map(len, tests)) - min(map(len, tests)) <= 1
    assert f'|      1 |           {len(tests[0])} |' in done.stdout
    again = run('python', 'tools/data/make_folds.py', votes, tmp_path, check=False)
    assert again.returncode == 2 and '--overwrite' in again.stderr
    assert lists(tmp_path, 'test', 1) == tests[0]
    run(
        'python', 'tools/data/make_folds.py', votes, tmp_path, '--overwrite', '--strict'
    )
    strict = lists(tmp_path, 'test', 1).keys() | lists(tmp_path, 'train', 1).keys()
    assert strict < merged.keys()


def test_from_labels_by_group(tmp_path, run):
    rows = [(clip, clip % 7 + 1, clip // 10) for clip in range(1, 141)]
    table = pd.DataFrame(rows, columns=['video_name', 'label', 'group'])
    table[['video_name', 'label']].to_csv(tmp_path / 'labels.csv', index=False)
    table[['video_name', 'group']].to_csv(tmp_path / 'movies.csv', index=False)
    run(
        'python', 'tools/data/make_folds.py', tmp_path / 'labels.csv', tmp_path / 'set',
        '--groups', tmp_path / 'movies.csv',
    )  # fmt: skip
    seen = [{c // 10 for c in lists(tmp_path / 'set', 'test', f)} for f in range(1, 6)]
    assert sum(map(len, seen)) == len(set().union(*seen)) == 15
    table.to_csv(tmp_path / 'movies.csv', index=False)
    done = run(
        'python', 'tools/data/make_folds.py', tmp_path / 'labels.csv', tmp_path / 'two',
        '--groups', tmp_path / 'movies.csv', check=False,
    )  # fmt: skip
    assert (
        done.returncode == 2 and "expected the header 'video_name,group'" in done.stderr
    )


def test_groups_are_text_and_headers_may_be_quoted(tmp_path, run):
    """A quoted header, and groups that a spreadsheet takes for numbers or nothing."""
    names = ['NA', 'nan', '', '007', '7', 'a,b', "it's", 'None', '1e3', '1000']
    rows = [(clip, clip % 7 + 1, names[clip // 14]) for clip in range(1, 140)]
    rows = [row for row in rows if row[2]]
    write_rows(tmp_path / 'groups.csv', ['video_name', 'group'], [r[::2] for r in rows])
    text = ''.join(f'"{clip:05d}","{label}"\n' for clip, label, _ in rows)
    (tmp_path / 'labels.csv').write_text(f'"video_name","label"\n{text}')
    run(
        'python', 'tools/data/make_folds.py', tmp_path / 'labels.csv', tmp_path / 'set',
        '--groups', tmp_path / 'groups.csv', '--folds', '3',
    )  # fmt: skip
    group = {clip: name for clip, _, name in rows}
    seen = [{group[c] for c in lists(tmp_path / 'set', 'test', f)} for f in (1, 2, 3)]
    assert sum(map(len, seen)) == len(set().union(*seen)) == len(names) - 1


def test_a_custom_set(tmp_path, run):
    """Words as labels, paths as clips, persons as groups; read by ExpressionDataset."""
    root, classes = tmp_path / 'own', ('0', 'NA', 'joy, small')
    rows = [
        (f'clips/{person}/{take}', classes[(person + take) % 3], f'P{person}')
        for person in range(12)
        for take in range(3)
    ]
    for path, _, _ in rows:
        (root / path).mkdir(parents=True)
        (root / path / '1.jpg').touch()
    write_rows(
        root / 'labels.csv', ['note', 'path', 'label'], [('x', *r[:2]) for r in rows]
    )
    write_rows(
        root / 'persons.csv',
        ['path', 'group'],
        [(f'./{p}/', who) for p, _, who in rows],
    )
    command = ['python', 'tools/data/make_folds.py', root / 'labels.csv', root]
    command += ['--groups', root / 'persons.csv', '--folds', '4']
    done = run(*command)
    assert 'joy, small' in done.stdout and 'set_<fold>/{train,test}.csv' in done.stdout
    options = dict(ann_file='set_{fold}/{split}.csv', classes=classes)
    tested = {}
    for fold in range(1, 5):
        data = ExpressionDataset(root, fold=fold, split='test', **options)
        train = ExpressionDataset(root, fold=fold, **options)
        assert len(data) + len(train) == len(rows)
        tested[fold] = {name.split('/')[1] for name in data.listed()}
        assert not tested[fold] & {name.split('/')[1] for name in train.listed()}
    assert sum(map(len, tested.values())) == 12
    labels = {**data.listed(), **train.listed()}
    assert labels == {path: classes.index(label) for path, label, _ in rows}
    again = run(*command, check=False)
    assert again.returncode == 2 and '--overwrite' in again.stderr
    run(*command[:-1], '2', '--overwrite')
    assert (
        sorted(p.name for p in root.glob('set_*/*.csv'))
        == ['test.csv'] * 2 + ['train.csv'] * 2
    )

import pandas as pd

from dfew_mmaction.datasets import read_split_csv


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

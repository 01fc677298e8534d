import json

import pandas as pd
from statsmodels.stats.inter_rater import fleiss_kappa

from dfew_mmaction.utils import CLASSES


def test_tables_kappas_picture_and_json(demo_root, tmp_path, run):
    path = demo_root / 'Annotation' / 'annotation.xlsx'
    done = run(
        'python', 'tools/data/describe_votes.py', path, '--name', 'Drawn',
        '--videos', demo_root / 'Clip' / 'original', '--source', 'a pen',
        '--picture', tmp_path / 'seen.png', '--json', tmp_path / 'votes.json',
    )  # fmt: skip
    raw = pd.read_excel(path)
    votes = raw[[f'{i}{name}' for i, name in enumerate(CLASSES, 1)]]
    report = json.loads((tmp_path / 'votes.json').read_text())
    assert report['clips'] == len(raw)
    assert report['labelled'] == (raw['label'] > 0).sum()
    assert abs(report['kappa']['all'] - fleiss_kappa(votes.values)) < 1e-12
    single = votes[raw['label'] > 0].values
    assert abs(report['kappa']['single-labelled'] - fleiss_kappa(single)) < 1e-12
    table = pd.DataFrame(**report['table_2'])
    assert table.loc['fear', 'Total'] == (raw['label'] == 7).sum()
    # Drawn clips have 24 frames at most, 25 a second.
    assert table.loc['Total', '0-2s'] == table.loc['Total', 'Total']
    assert '| Drawn      |' in done.stdout and 'a pen' in done.stdout
    assert f'{report["kappa"]["all"]:.2f}' in done.stdout
    assert (tmp_path / 'seen.png').read_bytes()[:4] == b'\x89PNG'


def test_wrong_row_is_a_sentence(tmp_path, run):
    path = tmp_path / 'votes.csv'
    path.write_text('happy,sad,neutral,angry,surprise,disgust,fear,clip\n1,' * 2)
    done = run('python', 'tools/data/describe_votes.py', path, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith('error: ') and 'votes.csv' in done.stderr
    assert 'Traceback' not in done.stderr

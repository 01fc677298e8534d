"""The table of heads in the docs is up to date."""

from head_table import head_table

HEAD, TAIL = '<!-- heads -->\n', '<!-- /heads -->'


def cells(line):
    return [cell.strip() for cell in line.strip().strip('|').split('|')]


def test_the_docs_have_the_table(repo):
    from mmaction.models import heads  # the package makes it importable

    text = (repo / 'docs' / 'own_network.md').read_text()
    header, _, *lines = text.split(HEAD)[1].split(TAIL)[0].strip().splitlines()
    rows = [dict(zip(cells(header), cells(line))) for line in lines]
    assert rows == head_table()
    # Whatever heads MMAction2 has, each is there.
    assert {row['head'] for row in rows} == set(heads.__all__) - {'BaseHead'}
    refused = {row['head'] for row in rows if row['feature losses'] != 'yes'}
    assert refused == {'FeatureHead', 'RGBPoseHead'}


def test_the_command_prints_it(run, repo):
    text = run('python', 'docs/figures/head_table.py').stdout
    assert text in (repo / 'docs' / 'own_network.md').read_text()

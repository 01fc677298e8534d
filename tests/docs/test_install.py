"""The container files and docs/install.md give the same commands."""

import re

import pytest


@pytest.mark.parametrize('name', ['Dockerfile', 'Dockerfile.cuda'])
def test_containers_run_the_commands_of_the_page(repo, name):
    page = (repo / 'docs' / 'install.md').read_text()
    text = (repo / 'docker' / name).read_text().replace('\\\n', ' ')
    steps = [line[4:] for line in text.splitlines() if line.startswith('RUN ')]
    commands = [part.strip() for step in steps for part in step.split('&&')]
    ours = [c for c in commands if 'apt' not in c]
    assert len(ours) == 3
    for command in ours:
        # The page shows an extra at a time; the container installs two.
        shown = command.replace('[lite,mim]', '[lite]')
        assert shown in page, f'docs/install.md does not have `{shown}`'
    assert re.search(rf'docker build -f docker/{re.escape(name)} ', text)


def test_each_extra_is_on_the_page(repo):
    page = (repo / 'docs' / 'install.md').read_text()
    setup = (repo / 'setup.py').read_text()
    extras = re.findall(r"^        '([a-z-]+)': \[", setup, re.M)
    assert len(extras) > 10
    internal = {'docs', 'test'}
    assert {e for e in extras if f'`{e}`' not in page and f'[{e}]' not in page} <= (
        internal
    )

"""Each tool runs from every folder, with paths relative to it.

The other tests give absolute paths.
"""

import os

import pytest
from mistakes import TOOLS, kind

# They need a face model, a port that stays open, and a checkpoint of a training.
NOT_RUN = ('tools/data/make_synthetic.py', 'tools/web_demo.py')
LINES = [
    (tool, line)
    for tool, lines in TOOLS.items()
    for line in lines
    if tool not in NOT_RUN and '--resume' not in line
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ('tool', 'line'), LINES, ids=[f'{tool[6:-3]}-{line[:30]}' for tool, line in LINES]
)
def test_from_another_folder(tool, line, good, call, tmp_path, monkeypatch):
    place = tmp_path / 'another' / 'folder'
    place.mkdir(parents=True)
    monkeypatch.chdir(place)
    words, new = line.split(), []
    for i, word in enumerate(words):
        name = kind(word)
        if name in ('NEW', 'NEW_FOLDER'):
            new.append(place / f'{i}' / word.lower())
        if name:
            path = good.get(name) or new[-1]
            words[i] = os.path.relpath(path)
    status, out, err = call(tool, *words)
    assert status in (0, 1), f'{status}\n{out}\n{err}'
    for path in new:
        assert path.exists(), f'{path}\n{out}\n{err}'

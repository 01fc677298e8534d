"""Pages of the site; `make docs` builds it."""

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / 'docs'


def load(name):
    pytest.importorskip('mkdocs', reason="needs pip install '.[docs]'")
    spec = importlib.util.spec_from_file_location(name, DOCS / f'{name}.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope='module')
def hooks():
    return load('mkdocs_hooks')


class Page:
    class file:  # noqa: N801
        src_uri = 'configs.md'


@pytest.mark.parametrize(
    ('path', 'page'),
    [
        ('README.md', 'index.md'),
        ('docs/losses.md', 'losses.md'),
        ('docs/images/predict.png', 'images/predict.png'),
        ('configs/dfew', 'repository/configs/dfew/README.md'),
        ('configs/_base_', 'repository/configs/_base_/index.md'),
        ('tools/train.py', 'repository/tools/train.py.md'),
    ],
)
def test_where_files_are_shown(hooks, path, page):
    assert hooks.page_of(path) == page


def test_links_are_found_but_not_in_code(hooks):
    text = '[a](../configs/dfew#x) ![b](losses.md)\n```\n[c](none.md)\n```\n[d](#here)'
    found = hooks.map_links(text, 'docs/own_data.md', lambda path: f'<{path}>')
    assert found == (
        '[a](<configs/dfew>#x) ![b](<docs/losses.md>)\n```\n[c](none.md)\n```\n'
        '[d](#here)'
    )


@pytest.mark.parametrize('target', ['none.md', '../../outside.md'])
def test_links_to_nothing_stop_the_build(hooks, target):
    with pytest.raises(hooks.PluginError, match="docs/losses.md links to '.*not there"):
        hooks.map_links(f'[a]({target})', 'docs/losses.md', str)


def test_pages_that_would_load_from_elsewhere_stop_the_build(hooks):
    fine = '<a href="https://dfew-dataset.github.io/">x</a><script src="a.js"></script>'
    assert hooks.on_post_page(fine, Page, None) == fine
    with pytest.raises(hooks.PluginError, match='configs.md would load <script'):
        hooks.on_post_page('<script src="https://cdn.org/a.js">', Page, None)


def test_formulas_are_drawn_or_stop_the_build(hooks):
    drawn = hooks.on_page_content(
        r'<span class="arithmatex">\(x_i\)</span>', Page, None, None
    )
    assert drawn.startswith('<math') and '<msub><mi>x</mi><mi>i</mi></msub>' in drawn
    with pytest.raises(hooks.PluginError, match='configs.md'):
        hooks.on_page_content(
            r'<span class="arithmatex">\(\frac{\)</span>', Page, None, None
        )


def test_public_names_are_found_where_they_are_defined(hooks):
    from dfew_mmaction import annotations, evaluation, models

    for package in (annotations, evaluation, models):
        places = hooks.public_names(package.__name__.rpartition('.')[2])
        assert sorted(places) == sorted(package.__all__)
        for name, place in places.items():
            thing = getattr(package, name)
            assert place == f'{thing.__module__}.{thing.__qualname__}'


def test_docstrings_become_markdown():
    to_markdown = load('griffe_docstrings').to_markdown
    text = 'See :class:`.Pack`.\n\n.. math::\n    a +\n    b\n\nIn a config::\n\n    x'
    assert to_markdown(text) == (
        'See `Pack`.\n\n$$\na +\nb\n$$\n\nIn a config:\n\n    x'
    )

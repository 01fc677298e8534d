"""Builds a site from the pages of the repository.

README.md is the first page, docs/ are the others. Linked files elsewhere in the
repository become pages as well: a Markdown file or a folder's README unchanged, another
file as its text, a folder without README as a list. Each public package has a page of
its docstrings. Formulas are rendered here.
"""

import functools
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from posixpath import dirname, normpath, relpath, split
from typing import Any

import griffe
from latex2mathml.converter import convert
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = (
    'apis', 'inference', 'cross_validation', 'datasets', 'models', 'engine',
    'evaluation', 'annotations', 'video', 'faces', 'clips', 'extraction',
    'visualization', 'weights', 'deploy', 'synthetic',
)  # fmt: skip
LINK = re.compile(r'(\]\()([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(\))')
FORMULA = re.compile(
    r'<(div|span) class="arithmatex">(\\\[|\\\()(.*?)(?:\\\]|\\\))</\1>', re.S
)
FOREIGN = re.compile(r'<(?:script|img|link|iframe)\b[^>]*(?:src|href)="?https?:[^>]*>')
CELL = re.compile(r'<td.*?</td>', re.S)
FENCE = re.compile(r'^(```|~~~).*?^\1', re.S | re.M)
LANGUAGES = {'.py': 'python', '.yml': 'yaml', '.sh': 'shell', '.txt': 'text'}
MEMBERLESS = (
    '    options:\n      members: false\n'
    '      show_root_heading: false\n      show_root_toc_entry: false\n'
)
SPECIAL = {
    'README.md': 'index.md',
    'CONTRIBUTING.md': 'CONTRIBUTING.md',
    'CHANGELOG.md': 'CHANGELOG.md',
}
UNSEARCHED = '---\nsearch:\n  exclude: true\n---\n\n'


@functools.lru_cache
def public_names(package: str) -> dict[str, str]:
    """Where what a package calls public is defined, by name."""
    module = griffe.load(f'dfew_mmaction.{package}', search_paths=[ROOT])
    places = {}
    for name in sorted(map(str, module.exports)):
        thing = module[name]
        # A function in a module of its own name is hidden by it from this reader.
        while (thing := getattr(thing, 'final_target', thing)).is_module:
            thing = thing[name]
        places[name] = thing.path
    return places


def page_of(path: str) -> str:
    """The page that shows a file or folder, both as paths: 'README.md' → 'index.md'."""
    if path in SPECIAL:
        return SPECIAL[path]
    if path.startswith('docs/'):
        return path[len('docs/') :]
    if (ROOT / path).is_dir():
        readme = (ROOT / path / 'README.md').is_file()
        path = f'{path}/README.md' if readme else f'{path}/index.md'
    elif not path.endswith('.md'):
        path = f'{path}.md'
    return f'repository/{path}'


def map_links(text: str, source: str, found: Callable[[str], str]) -> str:
    """Give each link to a file of the repository another target.

    Args:
        text (str): Markdown.
        source (str): The file that it is from.
        found (Callable): Gets the path that a link names, gives the new target.

    Raises:
        PluginError: For a link to nothing.
    """

    def replace(match: 're.Match') -> str:
        target, hash_, anchor = match[2].partition('#')
        if not target or re.match(r'[a-z]+:', target):
            return match[0]
        path = normpath(f'{dirname(source)}/{target}' if dirname(source) else target)
        if path.startswith('..') or not (ROOT / path).exists():
            raise PluginError(f"{source} links to '{target}', which is not there")
        return f'{match[1]}{found(path)}{hash_}{anchor}{match[3]}'

    parts, end = [], 0
    for fence in FENCE.finditer(text):
        parts += [LINK.sub(replace, text[end : fence.start()]), fence[0]]
        end = fence.end()
    return ''.join([*parts, LINK.sub(replace, text[end:])])


def _text(path: str) -> str:
    """Markdown that shows a file or folder of the repository."""
    place = ROOT / path
    if place.is_dir() and (place / 'README.md').is_file():
        place = place / 'README.md'
    if place.suffix == '.md':
        return place.read_text(encoding='utf-8')
    if place.is_file():
        language = LANGUAGES.get(place.suffix, 'text')
        try:
            body = place.read_text(encoding='utf-8').rstrip()
        except UnicodeDecodeError:  # such as an archive
            body = f'{place.stat().st_size} bytes that are not text'
        return f'{UNSEARCHED}# `{path}`\n\n````{language}\n{body}\n````\n'
    entries = sorted(p for p in place.iterdir() if not p.name.startswith(('.', '__')))
    return f'{UNSEARCHED}# `{path}`\n\n' + '\n'.join(
        f'- [`{entry.name}`]({entry.name})' for entry in entries
    )


def _origin(path: str) -> str:
    """The file whose folder the links of a path's page start from."""
    return f'{path}/README.md' if (ROOT / path).is_dir() else path


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are not in docs/."""
    for name in PACKAGES:
        text = f'# dfew_mmaction.{name}\n\n::: dfew_mmaction.{name}\n{MEMBERLESS}'
        text += ''.join(f'\n::: {path}\n' for path in public_names(name).values())
        files.append(File.generated(config, f'api/{name}.md', content=text))
    waiting: list[str] = [*SPECIAL] + [
        f'docs/{file.src_uri}'
        for file in files.documentation_pages()
        if not file.src_uri.startswith('api/')
    ]
    seen: dict[str, str] = {}  # by page: README.md may be named as its folder too
    while waiting:
        path = waiting.pop()
        if (page := page_of(path)) in seen:
            continue
        seen[page] = path
        if path.startswith('docs/') and not path.endswith('.md'):
            continue  # pictures
        text = _text(path)

        def enter(target: str) -> str:
            waiting.append(target)
            return target

        map_links(text, _origin(path), enter)
        if not path.startswith('docs/'):
            files.append(File.generated(config, page, content=text))
    config.extra['origins'] = {page: _origin(path) for page, path in seen.items()}
    return files


def on_page_markdown(text: str, page: Any, config: Any, files: Any) -> str:
    """Turn the links of the repository into those of the site."""
    here = page.file.src_uri
    source: str | None = config.extra['origins'].get(here)
    if source is None:
        return text
    return map_links(text, source, lambda path: relpath(page_of(path), dirname(here)))


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """Formulas are MathML, which browsers draw without a script.

    Raises:
        PluginError: For a formula that cannot be read, or a public name that is not on
            the page of its package.
    """
    package, name = split(page.file.src_uri)
    places = public_names(name.removesuffix('.md')) if package == 'api' else {}
    lacking = [name for name, place in places.items() if f'id="{place}"' not in html]
    if lacking:
        raise PluginError(f'{page.file.src_uri}: no docstring for {", ".join(lacking)}')

    def draw(match: 're.Match') -> str:
        display = match[2] == '\\['
        try:
            return convert(
                unescape(match[3]).strip(), display='block' if display else 'inline'
            )
        except Exception as error:
            raise PluginError(f'{page.file.src_uri}: {match[3]}: {error!r}') from error

    # In a table's code GitHub takes the backslash before a bar away; this reader, not.
    html = CELL.sub(lambda cell: cell[0].replace(r'\|', '|'), html)
    return FORMULA.sub(draw, html)


def on_post_page(output: str, page: Any, config: Any) -> str:
    """See that the page loads nothing from elsewhere.

    Raises:
        PluginError: For a script, style or picture with an address.
    """
    if found := FOREIGN.search(output):
        raise PluginError(f'{page.file.src_uri} would load {found[0]}')
    return output

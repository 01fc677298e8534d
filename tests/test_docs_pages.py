"""Links of the pages exist; messages of the FAQ are those of the sources."""

import ast
import re
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [*REPO.glob('*.md'), *(REPO / 'docs').rglob('*.md'), *REPO.glob('configs/**/*.md')]
)
FENCE = re.compile(r'^( *)(```|~~~).*?^\1\2', re.S | re.M)
LINK = re.compile(r'\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)')


def prose(path):
    return FENCE.sub('', path.read_text(encoding='utf-8'))


def anchors(path):
    """GitHub's anchors of the headings of a page."""
    found = set()
    for title in re.findall(r'^#{1,6} (.+?) *$', prose(path), re.M):
        title = re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', title).lower()
        name = re.sub(r'[^\w\- ]', '', title.replace('`', '')).replace(' ', '-')
        copies = sum(re.fullmatch(rf'{re.escape(name)}(-\d+)?', f) is not None
                     for f in found)  # fmt: skip
        found.add(f'{name}-{copies}' if copies else name)
    return found


@pytest.mark.parametrize('page', PAGES, ids=lambda p: str(p.relative_to(REPO)))
def test_links_lead_somewhere(page):
    for target in LINK.findall(prose(page)):
        if re.match(r'[a-z]+:', target):
            continue
        path, hash_, anchor = target.partition('#')
        place = (page.parent / path).resolve() if path else page
        assert place.is_relative_to(REPO) and place.exists(), f'{page}: {target}'
        if hash_:
            place = place / 'README.md' if place.is_dir() else place
            assert anchor in anchors(place), f'{page}: no heading for {target}'


def test_each_page_is_reached_from_the_readme():
    waiting, seen = [REPO / 'README.md'], set()
    while waiting:
        page = waiting.pop()
        if page not in seen:
            seen.add(page)
            for target in LINK.findall(prose(page)):
                place = (page.parent / target.partition('#')[0]).resolve()
                if place.suffix == '.md' and place.is_file():
                    waiting.append(place)
    assert {*(REPO / 'docs').rglob('*.md')} - seen == set()


def messages():
    """All strings in the sources, with … for inserted values."""
    parts = []
    for path in [
        *(REPO / 'dfew_mmaction').rglob('*.py'),
        *(REPO / 'tools').rglob('*.py'),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if isinstance(node, ast.JoinedStr):
                parts.append(
                    ''.join(
                        str(v.value) if isinstance(v, ast.Constant) else '…'
                        for v in node.values
                    )
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                parts.append(node.value)
    return ' \n'.join(' '.join(part.split()) for part in parts)


def test_messages_of_the_faq_are_those_of_the_sources():
    text, page = messages(), prose(REPO / 'docs' / 'faq.md')
    page = re.sub(r'\*\*\*.+?\*\*\*', '', page, flags=re.S)  # MMEngine's own
    named = [' '.join(m.split()) for m in re.findall(r'\*\*(.+?)\*\*', page, re.S)]
    assert len(named) > 40
    for message in named:
        for part in filter(None, (p.strip(" '") for p in message.split('…'))):
            assert part in text, f'{message!r}: {part!r} is in no source'

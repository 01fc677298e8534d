"""The commands that the documentation shows, and the parsers that would take them.

A parser is made again from the `add_argument` calls in a tool's source: nothing of the
tool is imported, which for twenty of them would take a minute.
"""

import argparse
import ast
import functools
import importlib.util
import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

REPO = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [REPO / 'README.md', REPO / 'CONTRIBUTING.md']
    + [*(REPO / 'docs').rglob('*.md'), *(REPO / 'configs').rglob('README.md')]
)
BLOCK = re.compile(r'^( *)```(\w*)\n(.*?)^\1```', re.S | re.M)
INLINE = re.compile(r'(?<!`)`([^`\n]+)`(?!`)')
BEGINS = ('python ', 'make ', 'mim ', 'torchrun ', 'pip ', 'tools/', 'benchmarks/')


class Command(NamedTuple):
    page: str
    words: list[str]
    whole: bool  # from a block; in a sentence it may lack arguments

    def __str__(self):
        return f'{self.page}: {" ".join(self.words)}'


def name_of(page: Path) -> str:
    return str(page.relative_to(REPO))


def _words(line: str) -> list[str]:
    reader = shlex.shlex(line, posix=True, punctuation_chars=';')
    reader.whitespace_split = True
    return list(reader)


def block_commands(block: str) -> Iterator[list[str]]:
    """One list of words a command; loops are run through, assignments put in."""
    values: dict[str, list[str]] = {}
    for line in block.replace('\\\n', ' ').splitlines():
        words = _words(line)
        parts = [list(g) for end, g in itertools.groupby(words, ';'.__eq__) if not end]
        for part in parts:
            if part[0] == 'for':
                values[part[1]] = part[3:]
            elif alone := re.fullmatch(r'(\w+)=(\S+)', ' '.join(part)):
                values[alone[1]] = [alone[2]]
            elif part not in (['do'], ['done']):
                used = [n for n in values if re.search(rf'\$\{{?{n}\b', ' '.join(part))]
                for chosen in itertools.product(*(values[n] for n in used)):
                    put = part
                    for n, value in zip(used, chosen):
                        put = [re.sub(rf'\$\{{{n}\}}|\${n}\b', value, w) for w in put]
                    yield put


def commands() -> list[Command]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding='utf-8')
        for _, language, block in BLOCK.findall(text):
            if language in ('shell', 'bash', 'sh', 'console'):
                found += [
                    Command(name_of(page), w, True) for w in block_commands(block)
                ]
        for code in INLINE.findall(BLOCK.sub('', text)):
            if code.startswith(BEGINS) and ' ' in code:
                found.append(Command(name_of(page), _words(code), False))
    return found


def expand(word: str) -> list[str]:
    """Words for each value in braces: 'a{b,c}' is 'ab' and 'ac'."""
    if match := re.search(r'\{([^{}]*,[^{}]*)\}', word):
        head, tail = word[: match.start()], word[match.end() :]
        return [e for v in match[1].split(',') for e in expand(head + v + tail)]
    return [word]


class Parser(argparse.ArgumentParser):
    """Raises instead of ending the process."""

    def error(self, message):
        raise ValueError(message)


def _literal(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _place(package: str) -> Path:
    return Path(importlib.util.find_spec(package).submodule_search_locations[0])


@functools.lru_cache
def sources(tool: str) -> list[Path]:
    """The files that hold the options of a tool."""
    if tool in ('tools/train.py', 'tools/test.py'):
        ours = REPO / 'dfew_mmaction' / 'apis' / 'mmaction_tools.py'
        theirs = _place('mmaction') / '.mim' / tool
        if not theirs.exists():  # a source install
            theirs = _place('mmaction').parent / tool
        return [theirs] + [ours] * (tool == 'tools/test.py')
    if tool.startswith('mim '):
        return [_place('mim') / 'commands' / f'{tool[4:]}.py']
    if tool == 'torchrun':
        return [_place('torch') / 'distributed' / 'run.py']
    more = [REPO / 'benchmarks' / 'measure.py'] * tool.startswith('benchmarks/')
    return [REPO / tool, *more]


@functools.lru_cache
def parser(tool: str) -> Parser:
    """What takes the arguments of a tool, without its types and own actions."""
    made = Parser(allow_abbrev=False, conflict_handler='resolve')
    for path in sources(tool):
        tree = ast.parse(path.read_text(encoding='utf-8'))
        calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
        for call in sorted(calls, key=lambda c: c.lineno):
            kind = getattr(call.func, 'attr', '')
            # mim is written with click; its arguments are the package and the rest.
            if kind not in ('add_argument', 'option'):
                continue
            names = [_literal(a) for a in call.args]
            if not names or not isinstance(names[0], str):
                continue
            known = ('nargs', 'required', 'choices', 'action', 'dest', 'const')
            given = {k.arg: _literal(k.value) for k in call.keywords if k.arg in known}
            kept = {k: v for k, v in given.items() if v is not None}
            numbers = {k.value.id: k for k in call.keywords if k.arg == 'type'
                       and isinstance(k.value, ast.Name)}  # fmt: skip
            flags = [k for k in call.keywords if k.arg == 'is_flag']
            own = [ast.unparse(k.value) for k in call.keywords if k.arg == 'action']
            if flags or own == ['check_env']:
                kept['action'] = 'store_true'
            elif own == ['argparse.BooleanOptionalAction']:
                kept['action'] = argparse.BooleanOptionalAction
            elif 'action' not in kept and (numbers.keys() & {'int', 'float'}):
                kept['type'] = {'int': int, 'float': float}[[*numbers][0]]
            elif own == ['argparse.REMAINDER']:
                kept['nargs'] = argparse.REMAINDER
            rest = [ast.unparse(k.value) for k in call.keywords if k.arg == 'nargs']
            if rest in (['REMAINDER'], ['argparse.REMAINDER']):
                kept['nargs'] = argparse.REMAINDER
            made.add_argument(*names, **kept)
    if tool.startswith('mim '):
        made.add_argument('package')
    return made


def options(tool: str) -> list[str]:
    return list(parser(tool)._option_string_actions)

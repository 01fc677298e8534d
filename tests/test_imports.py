"""Imports run downwards through the floors of docs/architecture.md."""

import ast
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / 'dfew_mmaction'
FLOORS = (
    {'utils', 'compat', 'version'},
    {'evaluation', 'annotations', 'visualization', 'video', 'clips', 'weights'},
    {'datasets', 'models', 'faces'},
    {'engine', 'extraction', 'synthetic'},
    {'inference'},
    {'cross_validation'},
    {'web_demo', 'deploy', 'reports'},
    {'apis'},
    {'doctor'},
    {'__main__', '__init__'},
)
FLOOR = {name: i for i, names in enumerate(FLOORS) for name in names}
#: These run where neither torch nor MMAction2 is installed.
WITHOUT_TORCH = (
    'annotations', 'clips', 'evaluation.functional', 'synthetic', 'video',
    'visualization',
)  # fmt: skip


def imports_of(path):
    """Packages of this project that a file imports, with the line."""
    parts = path.relative_to(PACKAGE.parent).with_suffix('').parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = parts[: -node.level] if node.level else ()
            module = base + tuple(node.module.split('.') if node.module else ())
            names = [(*module, alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [tuple(alias.name.split('.')) for alias in node.names]
        else:
            continue
        for name in names:
            if name[0] == 'dfew_mmaction' and len(name) > 1:
                yield name[1], node.lineno


def home_of(path):
    return path.relative_to(PACKAGE).with_suffix('').parts[0]


def test_each_folder_has_a_floor():
    there = {p.name for p in PACKAGE.iterdir() if (p / '__init__.py').is_file()}
    there |= {p.stem for p in PACKAGE.glob('*.py')}
    assert there == set(FLOOR)


def test_imports_run_downwards():
    wrong = []
    for path in PACKAGE.rglob('*.py'):
        home = home_of(path)
        for name, line in imports_of(path):
            if name != home and FLOOR.get(name, -1) >= FLOOR[home]:
                wrong.append(f'{path.relative_to(PACKAGE)}:{line} imports {name}')
    assert not wrong, '\n'.join(wrong)


def test_no_file_is_longer_than_300_lines():
    lengths = {p: len(p.read_text().splitlines()) for p in PACKAGE.rglob('*.py')}
    assert not {str(p): n for p, n in lengths.items() if n > 300}


def test_these_packages_run_without_torch():
    code = f"""
import importlib, importlib.abc, pkgutil, sys

class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in ('torch', 'mmaction', 'mmcv'):
            raise ModuleNotFoundError(f'No module named {{name!r}}', name=name)

sys.meta_path.insert(0, Blocked())
for name in {WITHOUT_TORCH!r}:
    package = importlib.import_module('dfew_mmaction.' + name)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):
        importlib.import_module(module.name)
"""
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

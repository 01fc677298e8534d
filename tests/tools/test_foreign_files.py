"""JSON files with values of other types: each ends in a sentence, or is not used."""

import copy
import json
import shutil

import pytest

# What a value is replaced by; `...` stands for a missing key.
OTHERS = (..., None, 'x', -1, 10**400, [], {}, [[]], True)
FILES = {
    'timelines.json': 'tools/analysis/compare_coding.py TIMELINES CODING --out NEW',
    'report.json': 'tools/analysis/transfer_table.py REPORT --out NEW.md',
    'run.json': 'tools/analysis/plot_sweep.py WORK_DIR loss_weight NEW.png',
    'scalars.json': 'tools/analysis/plot_training.py LOGS NEW.png',
    'scalars.json ': 'tools/analysis/summarize_training.py LOGS --out NEW.md',
}


def places(value, path=()):
    """Every place in parsed JSON."""
    if path:
        yield path
    if isinstance(value, (dict, list)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from places(item, (*path, key))


def spoilt(content):
    """The content with one value replaced, for each value and replacement."""
    for *parents, key in places(content):
        for other in OTHERS:
            changed = copy.deepcopy(content)
            node = changed
            for parent in parents:
                node = node[parent]
            if other is ...:
                del node[key]
            else:
                node[key] = other
            yield f'{".".join(map(str, [*parents, key]))}={other!r:.9}', changed
    yield 'another', [1]
    yield 'number', 1


@pytest.mark.parametrize('name', FILES)
def test_values_of_other_types(name, good, call, tmp_path):
    tool, *words = FILES[name].split()
    kind = words[0] if name != 'timelines.json' else 'TIMELINES'
    source = good[kind]
    failed = []
    copied = tmp_path / 'copy' / source.name
    if source.is_dir():
        shutil.copytree(source, copied)
    else:
        copied.parent.mkdir()
        shutil.copy(source, copied)
    (path,) = copied.rglob(name.strip()) if copied.is_dir() else [copied]
    content = json.loads(path.read_text())
    for what, changed in spoilt(content):
        path.write_text(json.dumps(changed) + '\n')
        arguments = [good.get(word, word) for word in words]
        arguments[0] = copied
        status, out, err = call(tool, *arguments)
        told = [line for line in err.splitlines() if line.startswith('error: ')]
        right = status == 0 or (status == 2 and len(told) == 1)
        if not right or 'Traceback' in err or 'fault of' in err or 'Warning' in err:
            failed.append(f'{what}: {status} {err[-300:]}')
    assert not failed, f'{len(failed)}\n' + '\n'.join(failed[:40])

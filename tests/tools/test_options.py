"""Numbers that no option of a tool takes."""

import argparse

import doc_commands
import pytest
from mistakes import TOOLS

# Their parsers are MMAction2's.
OTHERS = ('tools/test.py', 'tools/train.py')


def value(kind, text):
    """What an argparse type reads; None for what is not a number."""
    try:
        return kind(text)
    except (argparse.ArgumentTypeError, ValueError):
        return None


@pytest.mark.parametrize('tool', [tool for tool in TOOLS if tool not in OTHERS])
def test_numbers(tool):
    for action in doc_commands.parser(tool)._actions:
        if action.choices or action.type is None:
            continue
        assert action.type not in (int, float), f'{action.option_strings} has no range'
        one = value(action.type, '1')
        if not isinstance(one, (int, float)):
            continue
        wrong = ['nan', 'inf', '-inf', '1e999', '1e30', '-99', '', 'x', '0x1', '1,5']
        if value(action.type, '0') is None:
            wrong += ['1e-12', '1e-320', '0']
        wrong += ['9' * 30, '1.5', '1_0'] if isinstance(one, int) else []
        for text in wrong:
            with pytest.raises(argparse.ArgumentTypeError, match='expected a.*, got '):
                action.type(text)


def test_a_seed_replaces_that_of_the_config(good, call, tmp_path):
    """MMAction2 ignores ``--seed`` where the config sets ``randomness``."""
    assert 'randomness = dict(seed=0)' in good['CONFIG'].read_text()
    status, out, err = call(
        'tools/train.py', good['CONFIG'], '--work-dir', tmp_path / 'w', '--seed', 5,
        '--cfg-options', 'train_dataloader.dataset.fold=6',
    )  # fmt: skip
    assert status == 2 and 'fold 6' in err
    assert ', seed 5, ' in out + err

"""Reading of configs, and of the options that change them."""

import argparse
import difflib
import inspect
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config, DictAction
from mmengine.runner import Runner

from .error_sentences import error_sentence


def load_config(path: str | Path, *needed: str) -> Config:
    """Read a config as ``Config.fromfile`` does; each error names the file.

    Args:
        path (str | Path): A config in Python.
        *needed (str): Names that it must set, such as ``'model'``.

    Returns:
        Config: The config with its ``_base_``.

    Raises:
        ValueError: If it is not UTF-8, has a syntax error, fails when executed, or
            lacks a name.
        ImportError: If a module of its ``custom_imports`` cannot be imported.
        OSError: If it cannot be opened.
    """
    if Path(path).is_dir():
        raise IsADirectoryError(f"'{path}' is a folder, expected a config file")
    if not Path(path).exists():
        raise FileNotFoundError(f"there is no config '{path}'")
    try:
        config = Config.fromfile(path)
    except (OSError, ImportError):
        raise
    except Exception as error:
        cause = error.__context__
        # MMEngine's clean-up hides why its temporary folder could not be made.
        if isinstance(error, UnboundLocalError) and isinstance(cause, OSError):
            raise cause from None
        raise ValueError(
            f"the config '{path}' cannot be read: {_reason(error)}"
        ) from error
    if lacking := [name for name in needed if config.get(name) is None]:
        raise ValueError(
            f"the config '{path}' does not set "
            + ', '.join(f'`{name}`' for name in lacking)
        )
    return config


class ConfigOptions(DictAction):
    """``--cfg-options`` of MMEngine, which refuses values that it cannot represent.

    MMEngine makes strings of dicts and calls, or recurses without end.
    """

    def __call__(
        self, parser: Any, namespace: Any, values: Any, option_string: str | None = None
    ) -> None:
        """Read ``KEY=VALUE`` words."""
        for text in values:
            key, equals, value = text.partition('=')
            if not equals or not all(key.split('.')):
                raise argparse.ArgumentError(self, f'expected KEY=VALUE, got {text!r}')
            try:
                parts = list(_strings(self._parse_iterable(value)))
                wrong = any(map(_CALL.fullmatch, parts))
            except (AssertionError, RecursionError):  # unbalanced brackets, a call
                wrong = True
            if wrong:
                raise argparse.ArgumentError(
                    self,
                    f'{text!r} cannot be read: numbers, strings, lists and tuples in '
                    'balanced brackets can, dicts and calls cannot. Set the keys one '
                    'by one, such as model.cls_head.feature_losses.0.loss_weight=1, or '
                    'write a config that inherits from this one',
                )
        super().__call__(parser, namespace, values, option_string)


#: Names that MMEngine's runners read in addition to the arguments of ``Runner``.
_MORE = (
    'activation_checkpointing', 'compile', 'efficient_conv_bn_eval',
    'find_unused_parameters', 'model_wrapper_cfg', 'runner_type', 'strategy', 'sync_bn',
    'tta_model', 'tta_pipeline',
)  # fmt: skip
_CALL = re.compile(r'(dict|\w+(?=\(\w+=))\(.*\)|\{.*\}', re.S)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value


def merge_options(config: Config, options: Mapping[str, Any] | None) -> None:
    """Set keys of a config, as ``--cfg-options`` of MMEngine does.

    Args:
        config (Config): The config, changed in place.
        options (Mapping[str, Any], optional): Values by key, such as
            ``{'model.backbone.depth': 50}``.

    Raises:
        ValueError: If neither the config nor MMEngine's ``Runner`` has the first part
            of a key, so that nothing would read it, or a value goes below one that has
            no keys.
    """
    known = {*config, *inspect.signature(Runner.__init__).parameters, *_MORE}
    for key, value in (options or {}).items():
        name = key.partition('.')[0]
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            raise ValueError(
                f'--cfg-options {key}: no part of the run reads `{name}`'
                + (f'. Is `{near[0]}` meant?' if near else '')
            )
        try:
            config.merge_from_dict({key: value})
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(
                f'--cfg-options {key}={value}: the config has no such key, or a value '
                f'without keys on the way to it ({error_sentence(error)})'
            ) from error


def config_value(config: Config, key: str) -> Any:
    """Look up a key such as ``'model.cls_head.feature_losses.0.loss_weight'``.

    Raises:
        LookupError: If the config does not have it.
    """
    node: Any = config
    try:
        for part in key.split('.'):
            node = node[int(part)] if isinstance(node, (list, tuple)) else node[part]
    except (ValueError, TypeError) as error:
        raise LookupError(key) from error
    return node


def _reason(error: Exception) -> str:
    if isinstance(error, NameError):
        # MMEngine inserts the values of environment variables into the text.
        names = [n for n, value in os.environ.items() if value == error.name]
        if names:
            return f'{names[0]} is {error.name!r}, expected a number'
    if isinstance(error, (NameError, TypeError, AttributeError, KeyError)):
        return f'{type(error).__name__}: {error}'
    # MMEngine parses the text without the file name.
    return error_sentence(error).replace('(<unknown>, line', '(line')

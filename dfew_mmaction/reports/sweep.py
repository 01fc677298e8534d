"""Scores of the finished runs of a sweep, by the varied value."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..utils.error_sentences import reading
from ..utils.json_files import check_shape, read_json

#: Shape of ``run.json``, and of that of a finished run.
RUN = dict(setting=str, values={str: (float, str, bool, None)})
FINISHED = dict(score=dict(UAR=float, WAR=float))


def read_sweep(
    work_dir: str | Path, key: str, configs: Sequence[str] | None = None
) -> dict[str, dict[Any, list[dict[str, float]]]]:
    """Collect the scores of the finished runs of ``tools/cross_validate.py --grid``.

    Args:
        work_dir (str | Path): Folder of the runs.
        key (str): The varied key or the end of it, such as ``'loss_weight'``.
        configs (Sequence[str], optional): Names of the configs to collect. Defaults to
            all.

    Returns:
        dict: Scores of the runs (folds and seeds), by name of the config and value.

    Raises:
        FileNotFoundError: If no finished run varied it.
        ValueError: If several settings end with ``key``.
    """
    found: dict[str, dict[Any, list[dict[str, float]]]] = {}
    varied, keys = set(), set()
    for path in sorted(Path(work_dir).glob('**/run.json')):
        run = read_json(path, 'description of a run (run.json)', RUN)
        name = run['setting'].split('/')[0]
        varied.update(run['values'])
        fits = [k for k in run['values'] if k == key or k.endswith(f'.{key}')]
        if not run.get('finished') or not fits or (configs and name not in configs):
            continue
        keys.update(fits)
        with reading(path, 'description of a finished run (run.json)'):
            check_shape(run, FINISHED)
        if len(keys) > 1:
            raise ValueError(f'several settings end with {key!r}: {sorted(keys)}')
        curve = found.setdefault(name, {})
        curve.setdefault(run['values'][fits[0]], []).append(run['score'])
    if not found:
        raise FileNotFoundError(
            f"no finished run in '{work_dir}' varied {key!r}; varied there: "
            f'{sorted(varied) or "nothing"}'
        )
    return found

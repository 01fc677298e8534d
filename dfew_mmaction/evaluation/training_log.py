"""Losses and scores in the log of a training."""

import json
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate


def read_training_log(work_dir: str | Path) -> dict[int, dict[str, float]]:
    """Read losses and scores of each epoch from MMEngine's log in JSON lines.

    A resumed run has several logs; the last one that contains an epoch is used.

    Args:
        work_dir (str | Path): Folder of the run.

    Returns:
        dict[int, dict[str, float]]: Last logged values by epoch (from 1): ``loss``,
        each loss by name, ``lr``, and, if the epoch was scored, the scores
        (``acc/UAR``, …, fractions).

    Raises:
        FileNotFoundError: If there is no log.
        ValueError: If it contains no epoch.
    """
    logs = sorted(Path(work_dir).glob('*/vis_data/scalars.json'))
    if not logs:
        raise FileNotFoundError(
            f"no training log in '{work_dir}': looked for */vis_data/scalars.json"
        )
    epochs: dict[int, dict[str, float]] = {}
    for log in logs:
        for line in log.read_text(encoding='utf-8').splitlines():
            try:
                entry = json.loads(line)
            except ValueError:  # truncated when the run was killed
                continue
            # Scores are logged without epoch; their step is the epoch.
            epoch = entry.get('epoch', entry.get('step')) if _is_log(entry) else 'none'
            if epoch is not None:
                if not isinstance(epoch, int) or not 0 <= epoch < 2**31:
                    raise ValueError(
                        f"'{log}' is no training log of MMEngine: found {line[:60]!r}"
                    )
                epochs.setdefault(epoch, {}).update(entry)
    if not epochs:
        raise ValueError(
            f"the training log '{logs[-1]}' contains no epoch: the run ended before it "
            'logged one'
        )
    return dict(sorted(epochs.items()))


def _is_log(entry: object) -> bool:
    return isinstance(entry, dict) and all(
        isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**63)
        for name, value in entry.items()
        if name.startswith('acc/') or 'loss' in name
    )


def summarize_training(work_dir: str | Path) -> tuple[list[dict], dict]:
    """Summarise the scored epochs of a run and find the best one by UAR.

    Args:
        work_dir (str | Path): Folder of the run.

    Returns:
        tuple[list[dict], dict]: Rows with ``epoch``, the losses, ``UAR %`` and
        ``WAR %``; and the row with the highest UAR, the first of equals.

    Raises:
        FileNotFoundError: If there is no log.
        ValueError: If no epoch was scored.
    """
    rows = []
    for epoch, entry in read_training_log(work_dir).items():
        if 'acc/UAR' in entry and 'acc/WAR' in entry:
            losses = {k: v for k, v in entry.items() if 'loss' in k}
            rows.append(
                dict(
                    epoch=epoch,
                    **losses,
                    **{f'{k} %': 100 * entry[f'acc/{k}'] for k in ('UAR', 'WAR')},
                )
            )
    if not rows:
        raise ValueError(f"no epoch of the run in '{work_dir}' was scored")
    return rows, max(rows, key=lambda row: row['UAR %'])


def training_report(
    work_dirs: Sequence[str | Path], title: str, notes: Sequence[str] = ()
) -> str:
    """Format the scored epochs of runs as Markdown tables.

    Args:
        work_dirs (Sequence[str | Path]): Folders of the runs; their names are the
            headings.
        title (str): Title.
        notes (Sequence[str]): Paragraphs below the title.

    Returns:
        str: Markdown; for errors see :func:`summarize_training`.
    """
    parts = [f'# {title}', *notes]
    for work_dir in work_dirs:
        rows, best = summarize_training(work_dir)
        last = rows[-1]
        parts += [
            f'## {Path(work_dir).name}',
            f'Best UAR {best["UAR %"]:.1f} % in epoch {best["epoch"]}, last '
            f'{last["UAR %"]:.1f} % in epoch {last["epoch"]}.',
            tabulate(rows, headers='keys', tablefmt='github', floatfmt='.3f'),
        ]
    return '\n\n'.join(parts) + '\n'

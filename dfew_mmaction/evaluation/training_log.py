"""What a training run logged, epoch by epoch."""

import json
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate


def read_training_log(work_dir: str | Path) -> dict[int, dict[str, float]]:
    """Losses and scores of each epoch, from the log that MMEngine keeps as JSON lines.

    A run that was resumed has several logs: an epoch that is in more than one counts as
    in the last.

    Args:
        work_dir (str | Path): Folder of the run.

    Returns:
        dict[int, dict[str, float]]: Epoch, from 1, to what was logged last in it:
        ``loss``, each loss by name, ``lr``, and the scores where the epoch was scored
        (``acc/UAR``, …, fractions).

    Raises:
        FileNotFoundError: If there is no log.
        ValueError: If it holds no epoch.
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
            except ValueError:  # cut off when the run was killed
                continue
            # Scores are logged with the epoch as their step, and nothing else of it.
            epoch = entry.get('epoch', entry.get('step'))
            if epoch is not None:
                epochs.setdefault(int(epoch), {}).update(entry)
    if not epochs:
        raise ValueError(
            f"the training log '{logs[-1]}' holds no epoch: the run ended before it "
            'logged one'
        )
    return dict(sorted(epochs.items()))


def summarize_training(work_dir: str | Path) -> tuple[list[dict], dict]:
    """The scored epochs of a run, and the best of them by UAR.

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
        if 'acc/UAR' in entry:
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


def training_report(work_dirs: Sequence[str | Path], title: str) -> str:
    """Markdown with a table of the scored epochs of each run.

    Args:
        work_dirs (Sequence[str | Path]): Folders of the runs; their names head the
            tables.
        title (str): Heading of the whole.

    Returns:
        str: Several lines; for errors see :func:`summarize_training`.
    """
    parts = [f'# {title}']
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

"""One run: training, selection of a checkpoint, test, and record of the results."""

import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from ..evaluation.functional import read_predictions, uar_war
from ..utils import write_json
from .plan import _read

try:
    import fcntl
except ImportError:  # no such locks on Windows
    fcntl = None  # type: ignore[assignment]

PACKAGES = ('dfew_mmaction', 'mmaction2', 'mmengine', 'mmcv', 'mmcv-lite', 'torch')
_BEST = re.compile(r'best_.*_epoch_(\d+)\.pth$')


class RunError(RuntimeError):
    """A run failed; the message ends with the last lines of its log."""


class RunStopped(RuntimeError):
    """A run was interrupted and can be resumed."""


def read_run(folder: Path) -> dict[str, Any]:
    """Read ``run.json``; it contains ``finished`` once the run is scored."""
    return _read(Path(folder) / 'run.json')


def execute_run(
    folder: Path,
    launcher: str = 'none',
    processes: int = 1,
    *,
    environment: Mapping[str, str] | None = None,
    embeddings: bool = False,
    call: Callable[..., int] | None = None,
) -> dict[str, Any]:
    """Train and test the run in a folder by MMAction2's scripts, or resume it.

    ::

        folder/config.py, run.json      written by Run.write
        folder/train/, log.txt          by MMAction2's tools/train.py
        folder/predictions.csv          by its tools/test.py
        folder/embeddings.npz           with ``embeddings=True``

    Args:
        folder (Path): Folder of the run.
        launcher (str): ``'none'``, or ``'pytorch'`` or ``'slurm'`` for several
            ``processes``. Defaults to ``'none'``.
        processes (int): Number of processes. Defaults to 1.
        environment (Mapping[str, str], optional): Variables to add.
        embeddings (bool): Dump the embeddings of the test part. Defaults to False.
        call (callable, optional): ``call(command, log=file, env=…, locks=…)`` runs a
            command and returns its exit status. Defaults to a plain subprocess.

    Returns:
        dict: The content of ``run.json`` at the end.

    Raises:
        RunError: If training or testing failed, or another process works on it.
        RunStopped: If ``call`` was interrupted.
    """
    folder, call = Path(folder), call or _call
    env = {**os.environ, **(environment or {})}
    with _lock(folder) as locks, open(folder / 'log.txt', 'ab') as log:
        known = read_run(folder)
        lacks = embeddings and not (folder / 'embeddings.npz').is_file()
        if known.get('finished') and not lacks:
            return known
        known.pop('error', None)
        known.update(_provenance())

        def step(script: str, *arguments: Any) -> None:
            started = time.time()
            command = [*_launch(launcher, processes), _script(script)]
            command += [str(part) for part in arguments]
            command += ['--launcher', launcher]
            try:
                status = call(command, log=log, env=env, locks=locks)
                if status:
                    known['error'] = _tail(folder / 'log.txt')
            finally:
                # The time of a resumed run is the sum of its parts.
                seconds = known.get('seconds', 0) + time.time() - started
                known['seconds'] = round(seconds, 1)
                write_json(folder / 'run.json', known)
            if status:
                raise RunError(
                    f'{script} ended with status {status}:\n{known["error"]}'
                )

        config = folder / 'config.py'
        if 'trained' not in known:
            resume = ['--resume'] if _resumable(folder / 'train') else []
            step('train.py', config, '--work-dir', folder / 'train', *resume)
            known['trained'] = True
            write_json(folder / 'run.json', known)
        checkpoint = choose_checkpoint(folder / 'train', known['select'])
        dump = ['--dump', folder / 'predictions.csv']
        if embeddings:
            dump += ['--embeddings', folder / 'embeddings.npz']
        step('test.py', config, checkpoint, '--work-dir', folder / 'test', *dump)
        _, labels, scores, classes = read_predictions(folder / 'predictions.csv')
        known.update(
            checkpoint=checkpoint.name,
            score=uar_war(scores, labels, len(classes), classes=classes),
            finished=time.strftime('%Y-%m-%d'),
        )
        write_json(folder / 'run.json', known)
        return known


def choose_checkpoint(work_dir: Path, select: str) -> Path:
    """Select the checkpoint of a finished training.

    Raises:
        RunError: If there is none.
    """
    if select == 'last':
        pointer = work_dir / 'last_checkpoint'
        found = [work_dir / Path(pointer.read_text()).name] if pointer.exists() else []
        wanted = '`last_checkpoint`'
    else:
        # A resumed run may keep an earlier best checkpoint; the later one is better.
        best = [p for p in work_dir.glob('best_*_epoch_*.pth') if _BEST.match(p.name)]
        found = sorted(best, key=lambda path: int(_BEST.sub(r'\1', path.name)))
        wanted = "`best_…_epoch_*.pth` (the checkpoint hook's save_best)"
    if not found or not found[-1].is_file():
        raise RunError(f"no checkpoint to score in '{work_dir}': expected {wanted}")
    return found[-1]


def _launch(launcher: str, processes: int) -> list[str]:
    python = [sys.executable]
    if launcher == 'pytorch':
        torchrun = ['-m', 'torch.distributed.run', '--standalone']
        return [*python, *torchrun, f'--nproc_per_node={processes}']
    if launcher == 'slurm':
        return ['srun', f'--ntasks={processes}', '--kill-on-bad-exit=1', *python]
    return python


def _script(name: str) -> str:
    package = Path(__file__).resolve().parents[1]
    for tools in (package / '.mim' / 'tools', package.parent / 'tools'):
        if (tools / name).is_file():
            return str(tools / name)
    raise RunError(f'`{name}` is not installed with dfew_mmaction: install it again')


def _resumable(work_dir: Path) -> bool:
    pointer = work_dir / 'last_checkpoint'
    return pointer.is_file() and (work_dir / Path(pointer.read_text()).name).is_file()


@contextmanager
def _lock(folder: Path) -> Iterator[Sequence[int]]:
    """Lock a run, also against surviving child processes of a killed worker."""
    if fcntl is None:
        yield []
        return
    with open(folder / 'lock', 'w') as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RunError(
                f"another process works in '{folder}'; wait for it, or stop it"
            ) from error
        yield [file.fileno()]


def _call(
    command: Sequence[str], log: Any, env: Mapping[str, str], locks: Sequence[int]
) -> int:
    return subprocess.run(
        command, stdout=log, stderr=log, env=env, pass_fds=locks
    ).returncode


def _tail(path: Path, lines: int = 15) -> str:
    with open(path, 'rb') as file:
        file.seek(max(0, path.stat().st_size - 20_000))
        text = file.read().decode(errors='replace').splitlines()
    return '\n'.join(text[-lines:])


def _provenance() -> dict[str, Any]:
    versions = {'python': platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return dict(versions=versions, git=_git_state())


def _git_state() -> str | None:
    """Commit of the working directory, with ``+`` if files were changed."""
    try:
        commit, changes = (
            subprocess.run(
                ['git', *command], capture_output=True, text=True, check=True
            ).stdout.strip()
            for command in (
                ('rev-parse', '--short=12', 'HEAD'),
                ('status', '--porcelain', '--untracked-files=no'),
            )
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return commit + '+' * bool(changes)

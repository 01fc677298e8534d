"""Runs on a Slurm cluster: one job array, collected by a second call."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..utils import write_json
from .execute import execute_run, read_run
from .plan import Run, _read


def submit_runs(
    runs: Sequence[Run],
    work_dir: Path,
    jobs: int | None = None,
    *,
    gpus_per_run: int = 1,
    embeddings: bool = False,
    options: Sequence[str] = (),
) -> str | None:
    """Submit the runs that are not finished to Slurm, as one array.

    In a job, each run is trained and tested by MMAction2's Slurm launcher, with one
    process per GPU.

    Args:
        runs (Sequence[Run]): Written runs.
        work_dir (Path): Folder of all runs; the nodes need access to it.
        jobs (int, optional): Greatest number of concurrent runs. Defaults to no limit.
        gpus_per_run (int): GPUs of a run; 0 for nodes without. Defaults to 1.
        embeddings (bool): Dump the embeddings of the test parts. Defaults to False.
        options (Sequence[str]): Options of ``sbatch``, such as ``'--partition=gpu'``.

    Returns:
        str, optional: Number of the array; None if all runs are finished.

    Raises:
        RuntimeError: If Slurm refuses the array, or an array of this folder is still
            queued or running.
    """
    if states := array_states(work_dir):
        number = _read(_home(work_dir) / 'array.json')['array']
        counted = ', '.join(f'{states.count(s)} {s}' for s in sorted(set(states)))
        raise RuntimeError(
            f'the array {number} of this folder has not ended: {counted}. Wait for it '
            f'and repeat the command, or stop it by `scancel {number}`.'
        )
    todo = [run for run in runs if not read_run(run.folder).get('finished')]
    if not todo:
        return None
    home = _home(work_dir)
    (home / 'logs').mkdir(parents=True, exist_ok=True)
    write_json(
        home / 'runs.json',
        dict(
            folders=[str(run.folder.absolute()) for run in todo],
            processes=gpus_per_run,
            embeddings=embeddings,
        ),
    )
    at_a_time = f'%{jobs}' if jobs else ''
    inside = [sys.executable, '-m', __package__, str((home / 'runs.json').absolute())]
    command = ['sbatch', '--parsable', f'--array=0-{len(todo) - 1}{at_a_time}']
    command += ['--job-name=dfew', f'--output={home.absolute()}/logs/%A_%a.txt']
    if gpus_per_run:
        command += [f'--ntasks={gpus_per_run}', f'--gpus={gpus_per_run}']
    command += [*options, f'--wrap=exec {shlex.join(inside)}']
    answer = _slurm(command)
    number = answer.strip().split(';')[0]
    write_json(home / 'array.json', dict(array=number, runs=len(todo)))
    return number


def array_states(work_dir: Path) -> list[str]:
    """States of the queued and running jobs of a folder's array."""
    number = _read(_home(work_dir) / 'array.json').get('array')
    if number is None:
        return []
    command = ['squeue', '--noheader', '--array', '--format=%T', f'--jobs={number}']
    try:
        return _slurm(command).split()
    except RuntimeError as error:
        # Slurm forgets a job some minutes after its end.
        if 'Invalid job id' in str(error):
            return []
        raise


def execute_task(path: str) -> dict[str, Any]:
    """Execute the run of this job; called on a node.

    Args:
        path (str): ``runs.json`` of :func:`submit_runs`.

    Returns:
        dict: See :func:`execute_run`.
    """
    content = json.loads(Path(path).read_text(encoding='utf-8'))
    folder = content['folders'][int(os.environ['SLURM_ARRAY_TASK_ID'])]
    processes = content['processes']
    # Without a GPU MMEngine's Slurm launcher cannot start.
    launcher = 'slurm' if processes else 'none'
    # MMEngine uses one port for all jobs, which may share a node.
    port = str(20000 + int(os.environ['SLURM_JOB_ID']) % 20000)
    return execute_run(
        Path(folder),
        launcher,
        processes,
        environment={'MASTER_PORT': port},
        embeddings=content['embeddings'],
    )


def _home(work_dir: Path) -> Path:
    return Path(work_dir) / 'slurm'


def _slurm(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise RuntimeError(
            f'`{command[0]}` is not installed: use a machine with Slurm, or omit '
            '`--launcher slurm`'
        ) from error
    if done.returncode:
        raise RuntimeError(f'{command[0]} failed: {done.stderr.strip()}')
    return done.stdout

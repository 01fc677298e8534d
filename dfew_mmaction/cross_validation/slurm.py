"""Runs on a cluster: one array of jobs, collected by a second call."""

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
    """Hand the runs that are not finished to Slurm, as one array.

    Inside a job each run is trained and tested by MMAction2's Slurm launcher, with a
    process for each GPU. Where an array of this folder is still queued or going on,
    nothing is handed over.

    Args:
        runs (Sequence[Run]): Written runs.
        work_dir (Path): Of all of them; it has to be seen by the nodes.
        jobs (int, optional): Runs at a time at most. None leaves that to Slurm.
        gpus_per_run (int): GPUs of a run; 0 for nodes without. Defaults to 1.
        embeddings (bool): Dump the embeddings of the test parts. Defaults to False.
        options (Sequence[str]): For ``sbatch``, such as ``'--partition=gpu'``.

    Returns:
        str, optional: Number of the array; None if all runs are finished.

    Raises:
        RuntimeError: If Slurm does not take it, or an array is still going on.
    """
    if states := array_states(work_dir):
        number = _read(_home(work_dir) / 'array.json')['array']
        counted = ', '.join(f'{states.count(s)} {s}' for s in sorted(set(states)))
        raise RuntimeError(
            f'the array {number} of this folder is not over: {counted}. Wait for it '
            f'and call again, or end it by `scancel {number}`.'
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
    """States of the array of a folder, one a job that is queued or going on."""
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
    """Do the run of this job; what a node calls.

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
    # MMEngine has one port for all; jobs may share a node.
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
            f'`{command[0]}` is not here: call this where Slurm is, or without '
            '`--launcher slurm`'
        ) from error
    if done.returncode:
        raise RuntimeError(f'{command[0]} said: {done.stderr.strip()}')
    return done.stdout

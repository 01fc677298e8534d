"""``python -m dfew_mmaction doctor``: what is installed and which jobs it serves.

The report is a Markdown table for bug reports. It contains no paths and no values of
environment variables. It needs only the standard library and ``tabulate``, so it also
works if the installation is broken.
"""

import importlib
import importlib.metadata
import importlib.util
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from typing import NamedTuple

#: Distributions that are listed.
PACKAGES = (
    'torch', 'mmengine', 'onedl-mmengine', 'mmcv-lite', 'mmcv', 'onedl-mmcv',
    'mmaction2', 'mmdet', 'openmim', 'numpy', 'opencv-python', 'opencv-contrib-python',
    'pandas', 'scikit-learn',
)  # fmt: skip
#: Alternatives: one of each group is needed.
STACKS = (('mmengine', 'onedl-mmengine'), ('mmcv-lite', 'mmcv', 'onedl-mmcv'))


class Job(NamedTuple):
    """A job and its requirements.

    Attributes:
        name (str): Short description.
        modules (tuple[str, ...]): All modules that it needs.
        remedy (str): Command that installs what is missing.
    """

    name: str
    modules: tuple[str, ...]
    remedy: str


STACK = ('torch', 'mmengine', 'mmcv', 'mmaction')
JOBS = (
    Job('train, test and score', STACK, 'pip install torch mmcv-lite==2.1.0 mmengine '
        'mmaction2'),
    Job('`mim train`, `mim test`', (*STACK, 'mim', 'pkg_resources'),
        "pip install '.[mim]'; pip install --no-deps openmim"),
    Job('read video files', ('av',), 'pip install av'),
    Job('find faces by MTCNN', ('torch', 'facenet_pytorch'),
        'pip install --no-deps facenet-pytorch'),
    Job('find faces by MMDetection', (*STACK, 'mmdet', 'mmcv.ops'),
        'see docs/preprocessing.md'),
    Job('web page', ('starlette', 'uvicorn'), "pip install '.[web]'"),
    Job('export to ONNX', ('torch', 'onnx', 'onnxruntime', 'onnxscript'),
        "pip install '.[deploy]'"),
    Job('run an ONNX file', ('onnxruntime',), "pip install '.[deploy]'"),
    Job('extract faces of many videos', ('pebble',), "pip install '.[extraction]'"),
    Job('extract on a Ray cluster', ('ray',), "pip install '.[ray]'"),
    Job('losses of pytorch-metric-learning', ('pytorch_metric_learning',),
        "pip install '.[metric-learning]'"),
)  # fmt: skip

Row = tuple[str, str, str]


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _found(module: str) -> bool:
    """Whether a module can be imported; only its parent is imported."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _system() -> Iterator[Row]:
    yield 'platform', f'{platform.system()} {platform.machine()}', ''
    yield 'Python', platform.python_version(), ''
    yield 'CPU cores', str(os.cpu_count()), ''


def _packages() -> Iterator[Row]:
    versions = {name: _version(name) for name in PACKAGES}
    yield 'dfew_mmaction', _version('dfew_mmaction') or 'not installed', ''
    alternatives = {name: group for group in STACKS for name in group}
    for name, version in versions.items():
        group = alternatives.get(name, (name,))
        if version is not None:
            rivals = [n for n in group if n != name and versions[n] is not None]
            note = f'conflicts with {", ".join(rivals)}: keep one' if rivals else ''
            yield name, version, note
        elif name == group[0] and not any(versions[n] for n in group):
            yield name, 'not installed', ''


def _accelerator() -> Iterator[Row]:
    if not _found('torch'):
        yield 'GPU', 'unknown', 'torch is not installed'
        return
    import torch

    if torch.cuda.is_available():
        names = {
            torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())
        }
        yield 'GPU', f'{torch.cuda.device_count()} × {", ".join(sorted(names))}', ''
    elif torch.backends.mps.is_available():
        yield 'GPU', 'Apple MPS', ''
    else:
        yield 'GPU', 'none', 'training and prediction run on the CPU'


def _ffmpeg() -> Iterator[Row]:
    if shutil.which('ffmpeg'):
        yield 'ffmpeg', 'on the PATH', ''
    elif _found('imageio_ffmpeg'):
        yield 'ffmpeg', 'from imageio-ffmpeg', ''
    else:
        yield (
            'ffmpeg', 'not found',
            "annotated videos have no sound; pip install '.[sound]'",
        )  # fmt: skip


def _jobs() -> Iterator[Row]:
    for job in JOBS:
        missing = [module for module in job.modules if not _found(module)]
        if missing:
            yield f'job: {job.name}', f'missing: {", ".join(missing)}', job.remedy
        else:
            yield f'job: {job.name}', 'ready', ''


def _plugin(register: Callable[[], None]) -> Iterator[Row]:
    """Register the plugin, as its import does, and list the workarounds."""
    if not all(map(_found, STACK)):
        return
    try:
        register()
    except Exception as error:  # any error of a broken installation is reported
        lines = str(error).strip().splitlines() or ['']
        yield 'plugin', f'{type(error).__name__}', lines[0]
        return
    yield 'plugin', 'registered in MMAction2', ''
    from . import compat

    for number, workaround in enumerate(compat.WORKAROUNDS, 1):
        state = 'applied' if workaround.applied else 'not needed'
        note = f'{workaround.upstream}: {workaround.name}'
        yield f'workaround {number}', state, note


def report(register: Callable[[], None]) -> list[Row]:
    """Collect the rows of the report.

    Args:
        register (Callable): Registers the plugin; its error becomes a row.

    Returns:
        list[tuple[str, str, str]]: Item, what was found, and a note or remedy.
    """
    return [
        *_system(), *_packages(), *_accelerator(), *_ffmpeg(), *_jobs(),
        *_plugin(register),
    ]  # fmt: skip


def main(register: Callable[[], None]) -> int:
    """Print the report.

    Returns:
        int: Exit status: 0, or 1 if the plugin cannot train and test.
    """
    rows = report(register)
    header = ('what', 'found', 'note')
    try:
        from tabulate import tabulate

        print(tabulate(rows, header, tablefmt='github', disable_numparse=True))
    except ImportError:
        for row in (header, *rows):
            print('| ' + ' | '.join(row) + ' |')
    ready = any(row[:2] == ('plugin', 'registered in MMAction2') for row in rows)
    return 0 if ready else 1

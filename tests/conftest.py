"""Common fixtures: a small demo set on disk, and functions that run commands on it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import in_process
import mmcv
import pytest
import slurm_node
from filelock import FileLock
from mmengine.utils import digit_version

pytest_plugins = ['videos']  # tests/fixtures

REPO = Path(__file__).resolve().parents[1]
REAL_VIDEOS = REPO.parent / 'shared' / 'data' / 'videos'

# In a background shell, the tests and their child processes ignore Ctrl-C: tests of
# Ctrl-C need the default handler.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_scope_is_left():
    """Reset MMEngine's default scope after each test."""
    yield
    if 'mmengine.registry' in sys.modules:
        sys.modules['mmengine.registry'].DefaultScope._instance_dict.clear()


@pytest.fixture(scope='session')
def repo():
    return REPO


@pytest.fixture(scope='session')
def demo_root(tmp_path_factory):
    """A demo set with all sources. Tests read it; those that change it copy it."""
    from dfew_mmaction.synthetic import make_demo

    folder = tmp_path_factory.getbasetemp()
    if 'PYTEST_XDIST_WORKER' in os.environ:  # the workers share it
        folder = folder.parent
    root = folder / 'demo' / 'DFEW'
    root.parent.mkdir(exist_ok=True)
    with FileLock(folder / 'demo.lock'):
        # Does nothing where another worker has made it.
        make_demo(root, num_clips=70, num_identities=10, max_frames=24, workers=1)
    return root


@pytest.fixture
def demo_copy(demo_root, tmp_path):
    """A copy of the demo set that a test may change."""
    return Path(shutil.copytree(demo_root, tmp_path / 'DFEW'))


TINY = """
_base_ = '{repo}/configs/demo/losses/{base}.py'
train_pipeline = _base_.train_pipeline
train_pipeline[0]['clip_len'] = 16
test_pipeline = _base_.test_pipeline
test_pipeline[0]['clip_len'] = 16
train_dataloader = dict(batch_size=14, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = val_dataloader
model = dict(backbone=dict(base_channels=2), cls_head=dict(in_channels=16))
optim_wrapper = dict(optimizer=dict(fused=False))
train_cfg = dict(max_epochs={epochs}, val_interval=1)
default_hooks = dict(logger=dict(interval=1))
randomness = dict(seed=0)
{more}
"""


@pytest.fixture(scope='session')
def tiny_config():
    """Write a config of configs/demo/losses with a network that trains in a second."""

    def _tiny(folder, name='ecstfl', base=None, epochs=3, more=''):
        path = folder / f'{name}.py'
        values = dict(repo=REPO, base=base or name, epochs=epochs, more=more)
        path.write_text(TINY.format(**values))
        return path

    return _tiny


@pytest.fixture(scope='session')
def held_out(demo_root):
    """Folders of the 16-frame clips of the demo set's test part, and their ids."""
    split = demo_root / 'EmoLabel_DataSplit' / 'test(single-labeled)' / 'set_1.csv'
    ids = [int(line.split(',')[0]) for line in split.read_text().splitlines()[1:]]
    return [demo_root / 'Clip' / 'clip_224x224_16f' / f'{i:05d}' for i in ids]


@pytest.fixture(scope='session')
def network(tmp_path_factory, demo_root, tiny_config, held_out):
    """Config and checkpoint of a tiny network as training leaves them, untrained."""
    import cv2
    import numpy as np
    import torch
    from mmaction.registry import MODELS
    from mmengine.config import Config
    from mmengine.registry import init_default_scope

    from dfew_mmaction.utils import CLASSES

    folder = tmp_path_factory.mktemp('network')
    before = os.environ.get('DFEW_ROOT')
    os.environ['DFEW_ROOT'] = str(demo_root)
    path = tiny_config(folder)
    init_default_scope('mmaction')
    config = Config.fromfile(path)
    if before is None:
        del os.environ['DFEW_ROOT']
    else:
        os.environ['DFEW_ROOT'] = before
    # The paths of the demo set are in the text now.
    config.dump(folder / 'resolved.py')
    torch.manual_seed(0)
    model = MODELS.build(config.model)
    # Scores that differ between clips: features and logits around zero.
    clips = [[cv2.imread(str(f)) for f in clip.iterdir()] for clip in held_out]
    small = np.array([[cv2.resize(f, (32, 32)) for f in clip] for clip in clips])
    # As the config's data_preprocessor does.
    pixels = (torch.tensor(small).permute(0, 4, 1, 2, 3) - 127.5) / 64
    for part in model.modules():
        if isinstance(part, torch.nn.BatchNorm3d):
            part.momentum = 1.0
    last = model.cls_head.fc_cls
    with torch.no_grad():
        model.backbone(pixels)
        model.eval()
        logits = model.cls_head(model.backbone(pixels))
        last.weight *= 2 / logits.std(dim=0).mean()
        last.bias -= model.cls_head(model.backbone(pixels)).mean(dim=0)
    known = dict(dataset='DFEW', fold=1, source='16f', classes=CLASSES)
    checkpoint = dict(
        meta=dict(dataset_meta=known, cfg='raise SystemExit'),
        state_dict=model.state_dict(),
        optimizer=dict(state=torch.zeros(100_000)),
    )
    torch.save(checkpoint, folder / 'epoch_1.pth')
    return folder / 'resolved.py', folder / 'epoch_1.pth'


@pytest.fixture(scope='session')
def model_file(network, tmp_path_factory):
    """The same network in a model file, with scores that are made up."""
    import numpy as np

    from dfew_mmaction.apis import publish
    from dfew_mmaction.evaluation.functional import write_predictions
    from dfew_mmaction.utils import CLASSES

    folder = tmp_path_factory.mktemp('published')
    scores = np.eye(7)[[0, 1, 2, 3, 4, 5, 0, 0]]
    labels = [0, 1, 2, 3, 4, 5, 6, 0]
    ids = [f'{i:05d}' for i in range(8)]
    write_predictions(folder / 'p.csv', ids, labels, scores, CLASSES)
    return publish(
        *network, folder, name='tiny', predictions=folder / 'p.csv', note='A test.'
    )


@pytest.fixture(scope='session')
def exported(network, tmp_path_factory):
    """The same network as ONNX."""
    pytest.importorskip('onnxscript')
    from dfew_mmaction.deploy import export_network, load_network

    out = tmp_path_factory.mktemp('onnx') / 'tiny.onnx'
    return export_network(load_network(*network), out)


@pytest.fixture
def real_face():
    """A real video with a face; it is not part of the project."""
    path = REAL_VIDEOS / 'single_face.mp4'
    if not path.is_file():
        pytest.skip(f'the real video is not here: {path}')
    return path


@pytest.fixture(scope='session')
def ffmpeg():
    """Run ffmpeg, which the tested environment has."""
    program = pytest.importorskip('imageio_ffmpeg').get_ffmpeg_exe()

    def _ffmpeg(*arguments):
        command = [program, '-nostdin', '-v', 'error', '-y', *map(str, arguments)]
        subprocess.run(command, check=True)
        return Path(arguments[-1])

    return _ffmpeg


@pytest.fixture(scope='session')
def wait_for():
    """Wait until a condition holds; fail after half a minute."""

    def _wait_for(condition, seconds=30):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, 'it did not happen in time'
            time.sleep(0.05)

    return _wait_for


# `mim` imports mmaction2 before any plugin, and mmaction2 refuses mmcv 2.2 and later.
MIM_WORKS = digit_version(mmcv.__version__) < digit_version('2.2.0')


def _without_mim(action, package, config, *options):
    """The command of this project that does the same as ``mim``."""
    options = [option for option in options if option != '--checkpoint']
    return 'python', f'tools/{action}.py', config, *options


@pytest.fixture(scope='session')
def train_command():
    """``mim train mmaction2``, or what replaces it where mim does not work."""
    programs = Path(sys.executable).parent
    if MIM_WORKS:
        return [programs / 'mim', 'train', 'mmaction2']
    return [programs / 'python', 'tools/train.py']


@pytest.fixture(scope='session')
def run(repo):
    """Run a command of the environment in the checkout to its end.

    Scripts of the project run in this process: a new one takes four seconds to import
    torch and MMAction2. Tests of how a tool starts and stops start real processes.
    """

    def _run(*command, root=None, check=True, **env):
        if command[0] == 'mim' and not MIM_WORKS:
            command = _without_mim(*command[1:])
        found = Path(sys.executable).parent / command[0]
        program = [str(found)] if found.exists() else [command[0]]
        words = [str(part) for part in command[1:]]
        added = {k: str(v) for k, v in env.items()}
        if root is not None:
            added['DFEW_ROOT'] = str(root)
        if command[0] == 'python' and words[0].startswith(in_process.SCRIPTS):
            done = in_process.run_here(words, added)
        else:
            done = subprocess.run(
                program + words, cwd=repo, env={**os.environ, **added},
                capture_output=True, text=True, timeout=600,
            )  # fmt: skip
        if check and done.returncode:
            raise AssertionError(f'{command} failed:\n{done.stdout}\n{done.stderr}')
        return done

    return _run


@pytest.fixture(scope='session')
def run_group():
    """Run a script in several processes, as torchrun does."""
    return in_process.run_group


@pytest.fixture(scope='session')
def published():
    """The package ``published_networks`` of tests/fixtures."""
    import published_networks

    return published_networks


@pytest.fixture(scope='session')
def slurm(tmp_path_factory):
    """A real Slurm of one node; gives the path of its configuration."""
    if reason := slurm_node.why_not():
        pytest.skip(reason)
    home = tmp_path_factory.mktemp('slurm')
    yield str(slurm_node.start(home))
    slurm_node.stop(home)

"""Imports every module and does the main jobs once, in the environment at hand.

`make stack-check PYTHON=… VENV=…` runs it. It takes a minute and the tests many: it is
for a Python or a torch on which they are not run.
"""

import importlib.util
import pkgutil
import sys
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPO), str(REPO / 'tests' / 'fixtures')]

import dfew_mmaction  # noqa: E402
from dfew_mmaction.synthetic import make_demo  # noqa: E402

CONFIG = 'configs/demo/losses/ecstfl.py'
SMALL = [
    '--cfg-options', 'model.backbone.base_channels=2', 'model.cls_head.in_channels=16',
    'train_cfg.val_interval=1', 'default_hooks.logger.interval=1',
]  # fmt: skip


def import_all() -> int:
    """Import all modules of the package; their number."""
    found = pkgutil.walk_packages(dfew_mmaction.__path__, 'dfew_mmaction.')
    names = [module.name for module in found if not module.name.endswith('__main__')]
    for name in names:
        importlib.import_module(name)
    return len(names)


def do(root: Path, *words: object) -> str:
    """Run a tool; what it printed, where it ended well."""
    import in_process

    done = in_process.run_here([str(word) for word in words], {'DFEW_ROOT': str(root)})
    if done.returncode:
        sys.exit(f'{done.stdout}\n{done.stderr}\nerror: {words[0]} failed')
    print(words[0], 'works')
    return done.stdout


def main() -> None:
    """Do all; the first that fails ends it."""
    import torch

    versions = f'Python {sys.version.split()[0]}, torch {torch.__version__}'
    print(f'{versions}: {import_all()} modules import')
    with tempfile.TemporaryDirectory(prefix='dfew_mmaction-') as temporary:
        root, work = Path(temporary, 'DFEW'), Path(temporary, 'work')
        make_demo(
            root, num_clips=70, num_identities=10, max_frames=16, workers=1,
            sources=['16f', 'original'],
        )  # fmt: skip
        train = ['tools/train.py', CONFIG, '--work-dir', work]
        do(root, *train, *SMALL, 'train_cfg.max_epochs=1')
        do(root, *train, '--resume', *SMALL, 'train_cfg.max_epochs=2')
        trained, table = work / 'epoch_2.pth', work / 'predictions.csv'
        said = do(
            root, 'tools/test.py', CONFIG, trained, '--work-dir', work / 'test',
            '--dump', table, '--embeddings', work / 'embeddings.npz', *SMALL,
        )  # fmt: skip
        print(next(line for line in said.splitlines() if 'recall %' in line))
        config = next((work / 'test').rglob('*.py'))
        model = work / 'model'
        do(root, 'tools/publish.py', config, trained, model, '--predictions', table)
        packed = next(model.glob('*.pth'))
        if importlib.util.find_spec('onnxscript'):
            do(root, 'tools/deploy/export.py', packed, work / 'network.onnx')
        video = next((root / 'Clip' / 'original').glob('1.*'))
        do(
            root, 'tools/predict.py', video, '--checkpoint', packed,
            '--detector', 'none', '--out', work / 'predicted',
        )  # fmt: skip


if __name__ == '__main__':
    main()

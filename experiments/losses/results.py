"""Finished runs in a small form that can be committed."""

import gzip
import hashlib
import json
import shutil
from pathlib import Path

from dfew_mmaction.cross_validation import Run
from dfew_mmaction.cross_validation.execute import read_run
from dfew_mmaction.utils import atomic_write, write_json

RESULTS = Path(__file__).resolve().parent / 'results'
#: Keys of a config that affect the result of a run.
DECISIVE = (
    'model', 'train_dataloader', 'test_dataloader', 'optim_wrapper', 'param_scheduler',
    'train_cfg', 'randomness', 'init_weights',
)  # fmt: skip


def digest(run: Run) -> str:
    """SHA-256 (16 digits) of the settings that affect the result of a run."""
    settings = run.config.to_dict()
    config = {name: settings[name] for name in DECISIVE if name in settings}
    for name in ('train_dataloader', 'test_dataloader'):
        dataset = config[name]['dataset']
        dataset.pop('data_root')
        if dataset.get('pack'):
            dataset['pack'] = Path(dataset['pack']).name
    text = json.dumps(config, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_stored(run: Run, folder: Path) -> bool:
    """Whether a run with these settings is stored."""
    stored = (folder / run.setting / run.folder.name).with_suffix('.json')
    if not stored.is_file():
        return False
    known = json.loads(stored.read_text(encoding='utf-8'))
    return known['config_digest'] == digest(run)


def store(run: Run, folder: Path) -> None:
    """Write scores, predictions and the log of a finished run."""
    place = folder / run.setting / run.folder.name
    text = (run.folder / 'predictions.csv').read_bytes()
    with atomic_write(place.with_suffix('.csv.gz')) as partial:
        # Without the time of day, so that the same run gives the same bytes.
        partial.write_bytes(gzip.compress(text, mtime=0))
    known = read_run(run.folder)
    known.pop('data_root', None)
    known['config_digest'] = digest(run)
    known['epochs'] = [
        {key: float(f'{value:.4g}') for key, value in row.items()}
        for row in known['epochs']
    ]
    write_json(place.with_suffix('.json'), known)


def restore(run: Run, folder: Path) -> None:
    """Restore the folder of a stored run for reports."""
    place = folder / run.setting / run.folder.name
    shutil.rmtree(run.folder, ignore_errors=True)
    run.folder.mkdir(parents=True)
    known = json.loads(place.with_suffix('.json').read_text(encoding='utf-8'))
    write_json(run.folder / 'run.json', known)
    text = gzip.decompress(place.with_suffix('.csv.gz').read_bytes())
    (run.folder / 'predictions.csv').write_bytes(text)
    run.write()

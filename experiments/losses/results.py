"""Finished runs in a form that is small enough to commit."""

import gzip
import hashlib
import json
from pathlib import Path

from dfew_mmaction.cross_validation import Run
from dfew_mmaction.cross_validation.execute import read_run
from dfew_mmaction.utils import atomic_write, write_json

RESULTS = Path(__file__).resolve().parent / 'results'
#: Settings of a config that do not change what is trained.
IGNORED = ('work_dir', 'data_root', 'launcher')


def digest(run: Run) -> str:
    """SHA-256 (16 digits) of the settings that decide the outcome of a run."""
    config = run.config.to_dict()
    for name in IGNORED:
        config.pop(name, None)
    for name in ('train_dataloader', 'val_dataloader', 'test_dataloader'):
        config[name]['dataset'].pop('data_root', None)
    text = json.dumps(config, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


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


def restore(run: Run, folder: Path) -> bool:
    """Put a stored run into its work folder; False if there is none with its config."""
    place = folder / run.setting / run.folder.name
    stored = place.with_suffix('.json')
    if not stored.is_file():
        return False
    known = json.loads(stored.read_text(encoding='utf-8'))
    if known.pop('config_digest') != digest(run):
        return False
    run.folder.mkdir(parents=True, exist_ok=True)
    with atomic_write(run.folder / 'predictions.csv') as partial:
        partial.write_bytes(gzip.decompress(place.with_suffix('.csv.gz').read_bytes()))
    write_json(run.folder / 'run.json', known)
    return True

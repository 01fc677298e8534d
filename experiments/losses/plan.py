"""What is trained: losses, folds, seeds and grids, stage by stage."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'demo' / 'losses'
WEIGHT = 'model.cls_head.feature_losses.0.loss_weight'


@dataclass(frozen=True)
class Stage:
    """Runs of one question; the arguments are those of ``plan_runs``."""

    name: str
    losses: tuple[str, ...]
    folds: tuple[int, ...] = (1, 2, 3, 4, 5)
    seeds: tuple[int, ...] = (0,)
    grid: dict[str, list[Any]] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def configs(self) -> list[Path]:
        return [CONFIGS / f'{loss}.py' for loss in self.losses]


# Scored on a fifth of the training clips of the fold, which training goes without.
VALIDATION = {
    'train_dataloader.dataset.val_fraction': 0.2,
    'test_dataloader.dataset.split': 'val',
    'test_dataloader.dataset.val_fraction': 0.2,
}
FORM = 'model.cls_head.feature_losses.0.form'
WEIGHTS = [1, 3, 10, 30]
_ALL = (
    Stage('forms', ('ce',), folds=(1, 2), options=VALIDATION),
    Stage(
        'forms',
        ('ecstfl_released',),
        folds=(1, 2),
        grid={WEIGHT: WEIGHTS},
        options=VALIDATION,
    ),
    Stage(
        'forms',
        ('candidate',),
        folds=(1, 2),
        grid={FORM: ['paper', 'bounded', 'harmonic'], WEIGHT: WEIGHTS},
        options=VALIDATION,
    ),
)
STAGES: dict[str, list[Stage]] = {}
for _stage in _ALL:
    STAGES.setdefault(_stage.name, []).append(_stage)

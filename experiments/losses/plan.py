"""What is trained: losses, folds, seeds and grids, stage by stage."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CONFIGS = (HERE.parents[1] / 'configs' / 'demo' / 'losses', HERE / 'configs')
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
    priority: int = 0

    @property
    def configs(self) -> list[Path]:
        return [
            path
            for loss in self.losses
            for folder in CONFIGS
            if (path := folder / f'{loss}.py').is_file()
        ]


# Scored on a fifth of the training clips of the fold, which training goes without.
VALIDATION = {
    'train_dataloader.dataset.val_fraction': 0.2,
    'test_dataloader.dataset.split': 'val',
    'test_dataloader.dataset.val_fraction': 0.2,
}
BATCH = 'train_dataloader.batch_size'
WEIGHTS = [1, 3, 10, 30]
FOUR = ('ce', 'ecstfl', 'ecstfl_bounded', 'ecstfl_released')
OTHERS = ('center', 'supcon')
SEEDS = (0, 1, 2, 3)
#: Stages of one name are reported together. Runs are done by rising priority, within
#: one by seed and fold, so that comparisons are complete wherever this is stopped.
STAGES = (
    Stage('losses', FOUR, priority=0),
    Stage('lambda', ('ce',), folds=(1,), options=VALIDATION, priority=1),
    Stage(
        'lambda', FOUR[1:], folds=(1,), grid={WEIGHT: WEIGHTS}, options=VALIDATION,
        priority=1,
    ),
    Stage('losses', OTHERS, priority=2),
    Stage('losses', FOUR + OTHERS, seeds=SEEDS, priority=3),
    Stage('lambda', ('ce',), options=VALIDATION, seeds=SEEDS[:2], priority=4),
    Stage(
        'lambda', FOUR[1:], seeds=SEEDS[:2], grid={WEIGHT: WEIGHTS},
        options=VALIDATION, priority=4,
    ),
    Stage(
        'forms', ('candidate',), options=VALIDATION, priority=5,
        grid={
            'model.cls_head.feature_losses.0.form': [
                'norm', 'between', 'log', 'unit', 'batchnorm', 'harmonic'
            ],
            WEIGHT: WEIGHTS,
        },
    ),
    Stage(
        'batch', ('ecstfl_bounded',), grid={BATCH: [18, 24, 30, 36, 42, 48]},
        options=VALIDATION, priority=6,
    ),
)  # fmt: skip
NAMES = tuple(dict.fromkeys(stage.name for stage in STAGES))

"""Plan of the experiment: losses, folds, seeds and grids in stages."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dfew_mmaction.cross_validation import Run, plan_runs

HERE = Path(__file__).resolve().parent
CONFIGS = (HERE.parents[1] / 'configs' / 'demo' / 'losses', HERE / 'configs')
LOSS = 'model.cls_head.feature_losses.0'
WEIGHT, VARIANT, BOUND = (
    f'{LOSS}.{name}' for name in ('loss_weight', 'variant', 'max_share')
)


@dataclass(frozen=True)
class Stage:
    """Runs of one question; most fields are arguments of ``plan_runs``."""

    name: str
    losses: tuple[str, ...]
    folds: tuple[int, ...] = (1, 2, 3, 4, 5)
    seeds: tuple[int, ...] = (0,)
    grid: dict[str, list[Any]] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    priority: int = 0
    # Whether it takes days without a GPU.
    gpu: bool = False
    # Whether it trains on rendered faces, not on drawn ones.
    rendered: bool = False

    @property
    def configs(self) -> list[Path]:
        return [
            path
            for loss in self.losses
            for folder in CONFIGS
            if (path := folder / f'{loss}.py').is_file()
        ]

    def runs(self, work_dir: Path, rendered_root: Path) -> list[Run]:
        """The runs, with their folders in ``work_dir``; not trained here."""
        options = dict(self.options)
        if self.rendered:
            for part in ('train', 'val', 'test'):
                options[f'{part}_dataloader.dataset.data_root'] = str(rendered_root)
        return plan_runs(
            self.configs,
            work_dir / self.name,
            self.folds,
            seeds=self.seeds,
            grid=self.grid,
            options=options,
        )


# Scored on a fifth of the training clips of the fold, which is held out.
VALIDATION = {
    'train_dataloader.dataset.val_fraction': 0.2,
    'test_dataloader.dataset.split': 'val',
    'test_dataloader.dataset.val_fraction': 0.2,
}
BATCH = 'train_dataloader.batch_size'
WEIGHTS = [1, 3, 10, 30, 100]
CORE = ('ce', 'ecstfl', 'ecstfl_recipe')
OTHERS = ('ecstfl_released', 'ecstfl_bounded', 'center', 'supcon')
FORMS = CORE[1:] + OTHERS[:1]
# With λ = 10 the bound of the recipe is not active: it equals the released form.
C3D = ('c3d_ce', 'c3d_ecstfl_released', 'c3d_ecstfl_linear')
FULL = ('full_sgd', 'full_adamw', 'full_adam')
LAYERS = ('full_adamw_default_init', 'full_adamw_linear', 'full_adamw_dropout')
RECIPE = {WEIGHT: [10], VARIANT: ['released'], BOUND: [0.5]}
SEEDS = (0, 1, 2, 3)
LAMBDA = dict(grid={WEIGHT: WEIGHTS}, options=VALIDATION)
#: Stages of one name are reported together. Runs are done by rising priority, within
#: one by seed and fold, so that comparisons are complete wherever this is stopped.
STAGES = (
    Stage('losses', CORE, folds=(1, 2), priority=0),
    Stage('lambda', ('ce',), folds=(1,), options=VALIDATION, priority=1),
    Stage('lambda', ('ecstfl_recipe', 'ecstfl'), folds=(1,), priority=1, **LAMBDA),
    Stage('losses', CORE, priority=2),
    Stage('losses', CORE, seeds=SEEDS[:2], priority=2),
    Stage('losses', OTHERS, priority=3),
    Stage('losses', CORE + OTHERS, seeds=SEEDS, priority=4),
    Stage('lambda', ('ce',), options=VALIDATION, seeds=SEEDS[:2], priority=5),
    Stage('lambda', FORMS, seeds=SEEDS[:2], priority=5, **LAMBDA),
    Stage(
        'forms', ('candidate',), options=VALIDATION, priority=6,
        grid={
            f'{LOSS}.form': ['norm', 'between', 'log', 'unit', 'batchnorm', 'harmonic'],
            WEIGHT: WEIGHTS,
        },
    ),
    # The network of the paper at full width: equation 9 with two weights.
    Stage('c3d', C3D, folds=(1,), priority=6),
    Stage(
        'c3d', ('c3d_ecstfl',), folds=(1,), grid={WEIGHT: [10, 1]}, priority=6
    ),
    Stage('c3d', ('c3d_sgd',), folds=(1,), grid={WEIGHT: [10, 0, 1]}, priority=6),
    Stage('c3d', ('c3d_sgd_recipe',), folds=(1,), priority=6),
    # The same network and schedule on faces that are nearer to real ones.
    Stage('rendered', CORE, seeds=SEEDS, rendered=True, priority=6),
    Stage(
        'rendered_lambda', ('ce',), rendered=True, options=VALIDATION, priority=6
    ),
    Stage(
        'rendered_lambda', ('ecstfl_recipe', 'ecstfl'), rendered=True, priority=6,
        **LAMBDA,
    ),
    Stage('rendered', OTHERS, rendered=True, priority=7),
    Stage(
        'batch', ('ce', 'ecstfl_recipe'), grid={BATCH: [18, 24, 30, 36, 42, 48]},
        options=VALIDATION, priority=7,
    ),
    # The network and frames of the paper, with what the paper leaves open.
    Stage('full', FULL, folds=(1,), grid={WEIGHT: [10, 0]}, priority=8, gpu=True),
    Stage('full', FULL, folds=(1,), grid=RECIPE, priority=8, gpu=True),
    Stage('full', FULL, folds=(1,), grid={WEIGHT: [1]}, priority=9, gpu=True),
    Stage('full', LAYERS, folds=(1,), grid={WEIGHT: [10, 0]}, priority=8, gpu=True),
    Stage('full', LAYERS, folds=(1,), grid=RECIPE, priority=8, gpu=True),
)  # fmt: skip
NAMES = tuple(dict.fromkeys(stage.name for stage in STAGES))

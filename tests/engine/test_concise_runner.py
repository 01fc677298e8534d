"""Default hooks of the runner that the configs select."""

from pathlib import Path

import pytest
from mmengine.config import Config
from mmengine.model import BaseModel

from dfew_mmaction.engine import ConciseRunner

RUNTIME = Path(__file__).resolve().parents[2] / 'configs/_base_/default_runtime.py'


class Network(BaseModel):
    def forward(self, inputs, data_samples=None, mode='tensor'):
        return dict(loss=inputs)


def kinds_of_hooks(work_dir, **removed):
    hooks = Config.fromfile(RUNTIME).default_hooks
    hooks.update(removed)
    runner = ConciseRunner(
        model=Network(),
        work_dir=str(work_dir),
        default_hooks=hooks,
        default_scope='mmaction',
        experiment_name=work_dir.name + '_'.join(removed),
    )
    return {type(hook).__name__ for hook in runner.hooks}


@pytest.mark.parametrize(
    ('name', 'kind'),
    [
        ('feature_loss_guard', 'FeatureLossGuardHook'),
        ('sync_buffers', 'SyncBuffersHook'),
        ('timer', 'IterTimerHook'),
    ],
)
def test_none_removes_any_default_hook(tmp_path, name, kind):
    everything = kinds_of_hooks(tmp_path / 'a')
    assert kinds_of_hooks(tmp_path / 'b', **{name: None}) == everything - {kind}
    assert kind in everything

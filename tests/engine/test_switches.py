"""Each switch of docs/training_speed.md trains correctly."""

import json
from argparse import Namespace

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from dfew_mmaction.models import CNNLSTM


@pytest.fixture(scope='module')
def benchmark(repo):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(repo / 'benchmarks'))
        import switches

    return switches


@pytest.fixture(scope='module')
def switches(benchmark):
    return benchmark.SWITCHES


@pytest.fixture(scope='module')
def train(demo_root, tiny_config, tmp_path_factory):
    """Train one epoch of four steps with a config and additional options."""
    folder = tmp_path_factory.mktemp('switches')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('DFEW_ROOT', str(demo_root))
        yield lambda **more: _train(tiny_config(folder, 'ecstfl', epochs=1), **more)


def _train(path, _name='run', **more):
    cfg = Config.fromfile(path)
    cfg.merge_from_dict({key.replace('__', '.'): more[key] for key in more})
    cfg.work_dir = str(path.parent / _name)
    cfg.experiment_name = f'{path.parent.name}_{_name}'
    runner = Runner.from_cfg(cfg)
    runner.train()
    logs = sorted(path.parent.glob(f'{_name}/*/vis_data/scalars.json'))
    rows = [json.loads(line) for line in logs[-1].read_text().splitlines()]
    runner.losses = [row['loss'] for row in rows if 'loss' in row]
    runner.scores = [row for row in rows if 'acc/UAR' in row]
    assert len(runner.losses) == 4 and len(runner.scores) == 1
    return runner


@pytest.fixture(scope='module')
def default(train):
    return train(_name='default')


def test_the_benchmark_trains_the_steps_it_measures(benchmark, repo, monkeypatch):
    monkeypatch.chdir(repo)
    args = Namespace(batch=2, steps=2, warm_up=1, threads=1)
    shapes = []
    forward = CNNLSTM.forward
    monkeypatch.setattr(
        CNNLSTM, 'forward', lambda self, x: shapes.append(x.shape) or forward(self, x)
    )
    steps = benchmark.train('resnet18_lstm', {}, args)
    assert shapes == [(2, 3, 16, 112, 112)] * 3
    assert steps.seconds > 0 and steps.processor > 0


def test_docs_name_each_switch(repo, switches):
    page = (repo / 'docs/training_speed.md').read_text()
    for options in switches.values():
        for key, value in options.items():
            assert f'{key}={value}' in page


@pytest.mark.parametrize(
    'name, tolerance',
    [
        ('channels last', 1e-5),
        ('fused optimiser', 1e-5),
        ('bfloat16', 2e-2),
        ('no cudnn_benchmark', 0),
        ('copies not awaited', 0),
        ('memory kept', 0),
    ],
)
def test_switch_trains_to_the_same(train, default, switches, name, tolerance):
    runner = train(_name=name.replace(' ', '_'), **switches[name])
    if torch.cuda.is_available():  # cuDNN sums in varying order
        tolerance = max(tolerance, 1e-4)
    assert runner.losses == pytest.approx(default.losses, rel=tolerance)
    assert runner.losses != [runner.losses[0]] * 4


def test_bfloat16_computes_in_bfloat16_and_learns_in_float32(train, switches):
    seen = set()
    forward = torch.nn.functional.linear

    class Watch(torch.overrides.TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            out = func(*args, **(kwargs or {}))
            if func is forward:
                seen.add(out.dtype)
            return out

    with Watch():
        runner = train(_name='watched', **switches['bfloat16'], val_cfg__fp16=True)
    # In training and, by fp16=True, in scoring, where MMEngine takes float16 on a GPU.
    scoring = torch.float16 if torch.cuda.is_available() else torch.bfloat16
    assert seen == {torch.bfloat16, scoring}
    assert {p.dtype for p in runner.model.parameters()} == {torch.float32}
    assert 0 <= runner.scores[0]['acc/UAR'] <= 1


def test_accumulation_steps_once_in_two(train, default, switches):
    runner = train(_name='accumulation', **switches['accumulation'])
    # The first two mini-batches meet the first weights; the loss is not halved there.
    assert runner.losses[0] == pytest.approx(default.losses[0], rel=1e-6)
    # What the default's first step changed is little: OneCycleLR begins low.
    assert runner.losses[1] != pytest.approx(default.losses[1], rel=1e-6)
    steps = [s['step'] for s in runner.optim_wrapper.optimizer.state.values()]
    assert {int(step) for step in steps} == {2}


@pytest.mark.slow
def test_compiled_training_is_the_same(train, default):
    # Tracing alone: which compiler then takes over makes no difference to what runs.
    runner = train(_name='compiled', compile=dict(backend='eager'))
    assert runner.losses == pytest.approx(default.losses, rel=1e-4)


def test_mmengines_own_wrapper_wants_a_gpu(train):
    if torch.cuda.is_available():
        pytest.skip('there is a GPU')
    with pytest.raises(AssertionError, match='only available training on gpu'):
        train(_name='amp', optim_wrapper__type='AmpOptimWrapper')


@pytest.mark.skipif(not torch.cuda.is_available(), reason='there is no GPU')
@pytest.mark.parametrize('dtype', ['float16', 'bfloat16'])
def test_mmengines_own_wrapper_trains_on_a_gpu(train, default, dtype):
    runner = train(
        _name=dtype,
        optim_wrapper__type='AmpOptimWrapper',
        optim_wrapper__dtype=dtype,
    )
    assert runner.losses == pytest.approx(default.losses, rel=5e-2)

"""Checkpoints are read without executing anything in them."""

import functools
import http.server
import pickle
import threading

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner import CheckpointLoader, save_checkpoint

from dfew_mmaction import compat


def mmengine_checkpoint():
    history = HistoryBuffer([1.0, 2.0], [1, 1])
    history.update(3.0)
    return dict(
        state_dict={'weight': torch.ones(2)},
        message_hub=dict(
            log_scalars={'train/loss': history},
            runtime_info={'best_score': np.float64(0.5), 'ids': np.arange(3)},
            resumed_keys={'train/loss': True},
        ),
    )


class Evil:
    def __reduce__(self):
        return exec, ("open('pwned', 'w').close()",)


class GetAttr:
    """Pickles an attribute look-up, as the buffer's statistics are pickled."""

    def __init__(self, owner, name):
        self.owner, self.name = owner, name

    def __reduce__(self):
        return getattr, (self.owner, self.name)


def test_apply_twice_changes_nothing():
    before = CheckpointLoader.load_checkpoint, torch.serialization.get_safe_globals()
    compat.apply()
    after = CheckpointLoader.load_checkpoint, torch.serialization.get_safe_globals()
    assert before[0] == after[0] and len(before[1]) == len(after[1])


def test_mmengine_checkpoint_loads(tmp_path):
    path = tmp_path / 'epoch_1.pth'
    save_checkpoint(mmengine_checkpoint(), str(path))
    loaded = CheckpointLoader.load_checkpoint(str(path))
    hub = loaded['message_hub']
    history = hub['log_scalars']['train/loss']
    assert history.statistics('mean') == 2.0 and history.current() == 3.0
    assert hub['runtime_info']['best_score'] == 0.5
    assert hub['runtime_info']['ids'].tolist() == [0, 1, 2]


def test_plain_torch_load_stays_safe(tmp_path):
    path = tmp_path / 'evil.pth'
    torch.save({'state_dict': Evil()}, path)
    with pytest.raises(pickle.UnpicklingError):
        torch.load(path)


def test_foreign_code_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({'state_dict': {}, 'extra': Evil()}, 'evil.pth')
    with pytest.raises(RuntimeError, match=r'evil\.pth was not loaded.*builtins\.exec'):
        CheckpointLoader.load_checkpoint('evil.pth')
    assert not (tmp_path / 'pwned').exists()


@pytest.mark.parametrize(
    'owner, name',
    [(HistoryBuffer, '__init__'), (HistoryBuffer, 'data'), (torch.Tensor, 'mean')],
)
def test_getattr_reaches_the_statistics_only(tmp_path, owner, name):
    path = tmp_path / 'getattr.pth'
    torch.save({'state_dict': {}, 'extra': GetAttr(owner, name)}, path)
    with pytest.raises(RuntimeError, match='was not loaded'):
        CheckpointLoader.load_checkpoint(str(path))


def test_getattr_of_a_statistic_loads(tmp_path):
    path = tmp_path / 'getattr.pth'
    torch.save({'state_dict': {}, 'extra': GetAttr(HistoryBuffer, 'mean')}, path)
    assert CheckpointLoader.load_checkpoint(str(path))['extra'] is HistoryBuffer.mean


@pytest.mark.parametrize(
    'config',
    [
        dict(type='OneCycleLR', eta_max=0.1, total_steps=8, by_epoch=False),
        dict(type='ReduceOnPlateauLR', monitor='loss'),
        dict(type='CosineAnnealingLR', T_max=8),
    ],
)
def test_schedulers_in_checkpoints_load(tmp_path, config):
    from mmengine.registry import PARAM_SCHEDULERS

    optimizer = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    args = dict(optimizer=optimizer)
    scheduler = PARAM_SCHEDULERS.build(config, default_args=args)
    state = dict(state_dict={}, param_schedulers=[scheduler.state_dict()])
    path = str(tmp_path / 'epoch_1.pth')
    save_checkpoint({**state, 'optimizer': optimizer.state_dict()}, path)
    loaded = CheckpointLoader.load_checkpoint(path)
    assert loaded['param_schedulers'][0] == state['param_schedulers'][0]


@pytest.mark.parametrize(
    ('content', 'named'),
    [
        (dict(state_dict=[1]), 'state_dict is of type list'),
        (dict(meta='x'), 'meta is of type str'),
        (dict(meta=dict(dataset_meta=[1])), 'meta.dataset_meta is of type list'),
        (dict(meta=dict(dataset_meta=dict(classes='ab'))), 'classes is of type str'),
        (dict(message_hub=dict(runtime_info=1)), 'runtime_info is of type int'),
    ],
)
def test_parts_of_other_types(tmp_path, content, named):
    torch.save(content, tmp_path / 'other.pth')
    with pytest.raises(ValueError, match=f"other.pth' is not a checkpoint.*{named}"):
        CheckpointLoader.load_checkpoint(str(tmp_path / 'other.pth'))


def test_cut_off_checkpoint_is_named(tmp_path):
    path = tmp_path / 'epoch_2.pth'
    save_checkpoint(mmengine_checkpoint(), str(path))
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(RuntimeError, match=r'epoch_2\.pth is not a complete check'):
        CheckpointLoader.load_checkpoint(str(path))


CODE_IN_CONFIGS = [
    "import os\nos.system('touch pwned')",
    "x = __import__('os').system('touch pwned')",
    # Executed when MMEngine fills in environment variables, before any parsing.
    "# {{$NOPE:'+str(open('pwned', 'w'))},}#|Z}}\nw = {{'Z'}}",
    "custom_imports = dict(imports=['evilmod'])",
]


@pytest.mark.parametrize('code', CODE_IN_CONFIGS)
def test_config_text_in_a_checkpoint_is_never_executed(tmp_path, monkeypatch, code):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / 'evilmod.py').write_text("open('pwned', 'w').close()")
    network = torch.nn.Linear(1, 1)
    meta = dict(config=code, cfg=code, epoch=0, iter=0, seed=1)
    hub = dict(log_scalars={}, runtime_info=dict(cfg=code), resumed_keys={})
    checkpoint = dict(state_dict=network.state_dict(), meta=meta, message_hub=hub)
    save_checkpoint(checkpoint, 'evil.pth')

    from mmengine.model import BaseModel
    from mmengine.runner import Runner

    class Network(BaseModel):
        def forward(self, inputs, mode='tensor'):
            return {'loss': self.layer(inputs).sum()}

    model = Network()
    model.layer = network
    runner = Runner(
        model,
        work_dir='work',
        train_dataloader=dict(
            dataset=torch.rand(2, 1),
            sampler=dict(type='DefaultSampler', shuffle=False),
            batch_size=1,
        ),
        train_cfg=dict(by_epoch=True, max_epochs=1),
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.1)),
        load_from=str(tmp_path / 'evil.pth'),
        resume=True,
        experiment_name=f'evil{CODE_IN_CONFIGS.index(code)}',
    )
    runner.train()
    loaded = CheckpointLoader.load_checkpoint('evil.pth')
    assert loaded['meta']['config_text'] == code
    assert loaded['message_hub']['runtime_info'] == {'config_text': code}
    assert not (tmp_path / 'pwned').exists()


def test_loaders_of_other_schemes_are_guarded(monkeypatch):
    monkeypatch.setattr(CheckpointLoader, '_schemes', dict(CheckpointLoader._schemes))
    CheckpointLoader.register_scheme(
        'shelf://', lambda filename, map_location: dict(meta=dict(config='x = 1'))
    )
    loaded = CheckpointLoader.load_checkpoint('shelf://network')
    assert loaded == dict(meta=dict(config_text='x = 1'))


@pytest.fixture
def address(tmp_path, monkeypatch):
    """A folder that is served by HTTP; downloads go to another."""
    monkeypatch.setenv('TORCH_HOME', str(tmp_path / 'home'))
    (tmp_path / 'served').mkdir()
    handler = functools.partial(
        http.server.SimpleHTTPRequestHandler, directory=tmp_path / 'served'
    )
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield tmp_path / 'served', f'http://127.0.0.1:{server.server_port}'
        server.shutdown()


def test_downloads_are_read_safely(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder, url = address
    torch.save(mmengine_checkpoint(), folder / 'sound.pth')
    loaded = CheckpointLoader.load_checkpoint(f'{url}/sound.pth')
    assert loaded['state_dict']['weight'].tolist() == [1, 1]
    torch.save({'state_dict': {}, 'extra': Evil()}, folder / 'evil.pth')
    with pytest.raises(RuntimeError, match=r'/evil\.pth was not loaded'):
        CheckpointLoader.load_checkpoint(f'{url}/evil.pth')
    assert not (tmp_path / 'pwned').exists()


@pytest.mark.parametrize('place', ['{url}/none.pth', 'http://127.0.0.1:9/none.pth'])
def test_downloads_that_fail_say_what_to_do(address, place):
    with pytest.raises(
        RuntimeError, match=r'none\.pth could not be downloaded .*load_from=FILE'
    ):
        CheckpointLoader.load_checkpoint(place.format(url=address[1]))

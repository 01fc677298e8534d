from types import SimpleNamespace

import pytest
from torch import nn

from dfew_mmaction.engine import StrictCheckpointHook


@pytest.fixture
def runner():
    return SimpleNamespace(model=nn.Linear(3, 2), _resume=False)


def state_of(model, **more):
    return dict(state_dict=model.state_dict(), meta=dict(epoch=1, iter=9), **more)


def test_another_network(runner):
    hook, other = StrictCheckpointHook(), state_of(nn.Linear(4, 2))
    hook.after_load_checkpoint(runner, other)  # a training may start from it
    with pytest.raises(ValueError, match='does not fill the network: 1 of 2 weights'):
        hook.before_test(runner)
    runner._resume = True
    with pytest.raises(ValueError, match='does not fill(.|\n)*set `load_from=CHECK'):
        hook.after_load_checkpoint(runner, other)


@pytest.mark.parametrize('names', [['0.weight', '0.bias'], []])
def test_nothing_fits(runner, names):
    """Such as the weights of a backbone without the prefix of a recognizer."""
    weights = dict(zip(names, runner.model.state_dict().values()))
    with pytest.raises(ValueError, match='none of the weights.* has weight, bias, …'):
        StrictCheckpointHook().after_load_checkpoint(runner, dict(state_dict=weights))


def test_weights_without_the_state_of_a_training(runner):
    hook, state = StrictCheckpointHook(), dict(message_hub={}, optimizer={})
    hook.after_load_checkpoint(runner, state_of(runner.model))
    hook.before_test(runner)
    runner._resume = True
    hook.after_load_checkpoint(runner, state_of(runner.model, **state))
    del state['optimizer']
    with pytest.raises(ValueError, match='cannot be resumed.*optimizer missing'):
        hook.after_load_checkpoint(runner, state_of(runner.model, **state))
    published = dict(runner.model.state_dict())
    with pytest.raises(ValueError, match='epoch, iter, message_hub, optimizer missing'):
        hook.after_load_checkpoint(runner, published)

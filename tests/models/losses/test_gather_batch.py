import importlib.util
from pathlib import Path

import pytest
import torch

from dfew_mmaction.models import ECSTFLLoss, gather_batch

SCRIPT = Path(__file__).with_name('gather_batch_in_processes.py')
LOSSES = {
    'paper': dict(type='ECSTFLLoss', gather=True),
    'released': dict(type='ECSTFLLoss', variant='released', gather=True),
    'centres': dict(type='CenterLoss', num_classes=3, feat_dim=5, loss_weight=1.0),
    'pairs': dict(type='PMLLoss', loss='SupConLoss', gather=True),
    'weights of its own': dict(
        type='PMLLoss', loss='ArcFaceLoss', num_classes=3, embedding_size=5, gather=True
    ),
}
# Where the part of each process ends in a batch of 12.
ENDS = {
    2: [[0, 6, 12], [0, 3, 12], [0, 12, 12]],
    4: [[0, 3, 6, 9, 12], [0, 1, 6, 6, 12]],
}
LABELS = {
    'mixed': [0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 1, 2],
    'one class a process': [0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 0],
    'one class': [1] * 12,
}


@pytest.fixture(scope='module')
def processes():
    spec = importlib.util.spec_from_file_location('in_processes', SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize('world', [2, 4])
def test_processes_equal_one_with_the_whole_batch(
    tmp_path, run_group, processes, world
):
    torch.manual_seed(0)
    cases = []
    for name, loss in LOSSES.items():
        # A mean over each process's clips is that over all where they are equally many.
        for ends in ENDS[world][: 1 if name == 'centres' else None]:
            net = processes.Net(loss).double()
            state = {k: v.clone() for k, v in net.state_dict().items()}
            batches = [
                (torch.randn(12, 3, dtype=torch.float64), torch.tensor(labels))
                for labels in LABELS.values()
            ]
            cases.append(dict(loss=loss, state_dict=state, batches=batches, ends=ends))
    torch.save(cases, tmp_path / 'cases.pt')
    run_group(world, SCRIPT, tmp_path)
    expected = [processes.train(case, processes.build(case)) for case in cases]
    # It did train: from the first case's first step to its last.
    assert not torch.equal(expected[0][0][-1], expected[0][-1][-1])
    for rank in range(world):
        got = torch.load(tmp_path / f'{rank}.pt')
        for case, steps, wanted in zip(cases, got, expected):
            # The centre loss itself is the process's own.
            first = 1 if case['loss']['type'] == 'CenterLoss' else 0
            for step, whole in zip(steps, wanted):
                torch.testing.assert_close(
                    step[first:], whole[first:], rtol=1e-9, atol=1e-12
                )


def test_one_process_has_the_whole_batch():
    x, y = torch.randn(4, 3), torch.arange(4) % 2
    features, labels = gather_batch(x, y)
    assert features is x and labels is y
    assert ECSTFLLoss(gather=True)(x, y).equal(ECSTFLLoss()(x, y))


def test_soft_labels_are_refused_before_anything_is_sent():
    with pytest.raises(ValueError, match='EC-STFL needs one class for each sample'):
        ECSTFLLoss(gather=True)(torch.ones(4, 8), torch.ones(4, 7))

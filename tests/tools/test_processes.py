"""A run of several processes, by the commands of docs/distributed.md."""

import json

import pytest
import torch

# Neither batch normalisation, whose statistics are of each process's own clips, nor
# dropout, which each process draws for itself.
SHARED = """
model['backbone'].update(norm_cfg=dict(type='GN', num_groups=1))
model['cls_head'].update(
    dropout_ratio=0.0,
    feature_losses=[dict(type='ECSTFLLoss', loss_weight=1.0, gather=True)],
)
train_dataloader['batch_size'] = {batch}
optim_wrapper = dict(optimizer=dict(_delete_=True, type='SGD', lr=0.01))
"""


def logged(folder):
    """What each step and each evaluation logged, but for what is of one process."""
    (path,) = folder.glob('*/vis_data/scalars.json')
    names = ('loss_ecstfl', 'acc/UAR', 'acc/WAR', 'epoch')
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [{k: v for k, v in line.items() if k in names} for line in lines]


@pytest.mark.slow
def test_two_processes_train_as_one_with_their_batches_together(
    demo_root, tiny_config, tmp_path, run
):
    two = tiny_config(tmp_path, 'two', 'ecstfl', 2, SHARED.format(batch=7))
    one = tiny_config(tmp_path, 'one', 'ecstfl', 2, SHARED.format(batch=14))
    tail = ('--seed', 0, '--work-dir')
    run(
        'torchrun', '--standalone', '--nproc_per_node=2', 'tools/train.py', two,
        '--launcher', 'pytorch', *tail, tmp_path / 'w2', root=demo_root,
    )  # fmt: skip
    run('python', 'tools/train.py', one, *tail, tmp_path / 'w1', root=demo_root)
    both = [
        torch.load(tmp_path / folder / 'epoch_2.pth', weights_only=True)['state_dict']
        for folder in ('w1', 'w2')
    ]
    torch.testing.assert_close(both[1], both[0], rtol=1e-3, atol=1e-5)
    expected, got = logged(tmp_path / 'w1'), logged(tmp_path / 'w2')
    assert len(got) == len(expected) > 2
    for ours, theirs in zip(got, expected):
        assert ours == pytest.approx(theirs, rel=1e-4)

from collections import Counter
from pathlib import Path

import pytest
import torch
from mmaction.registry import DATA_SAMPLERS
from mmengine.dataset import BaseDataset, ConcatDataset, DefaultSampler, RepeatDataset
from mmengine.runner import Runner
from torch.utils.data import Subset

from dfew_mmaction.datasets import ClassBalancedBatchSampler, DFEWDataset

# Like DFEW, but small: 97 clips, of which classes 4 and 5 have 2 and 1.
LABELS = [0] * 40 + [1] * 25 + [2] * 20 + [3] * 9 + [4] * 2 + [6]


class Clips(BaseDataset):
    """A data set with ``get_data_info`` only."""

    def __init__(self, labels):
        self.labels = labels
        super().__init__()

    def load_data_list(self):
        return [dict(label=label) for label in self.labels]

    def prepare_data(self, idx):
        raise AssertionError('a clip was loaded')


def draw(batch_size, classes=None, labels=LABELS, seed=0, epoch=0):
    sampler = DefaultSampler(Clips(labels), seed=seed)
    sampler.set_epoch(epoch)
    return list(ClassBalancedBatchSampler(sampler, batch_size, classes))


@pytest.mark.parametrize('classes, each', [(6, 4), (3, 4), (2, 8), (1, 5), (None, 1)])
@pytest.mark.parametrize('epoch', [0, 1])
def test_each_batch_has_p_classes_with_k_clips(classes, each, epoch):
    size = (classes or 6) * each
    batches = draw(size, classes, epoch=epoch)
    assert len(batches) == 97 // size
    for batch in batches:
        counts = Counter(LABELS[i] for i in batch)
        assert len(counts) == (classes or 6) and set(counts.values()) == {each}
        # A clip occurs twice only if its class has too few.
        for label in counts:
            clips = Counter(i for i in batch if LABELS[i] == label)
            there = LABELS.count(label)
            assert len(clips) == min(each, there)
            assert max(clips.values()) == -(-each // there)


@pytest.mark.parametrize('classes, each', [(6, 4), (3, 4), (2, 3), (5, 1)])
def test_an_epoch_uses_classes_and_clips_evenly(classes, each):
    batches = draw(classes * each, classes)
    uses = Counter(label for b in batches for label in {LABELS[i] for i in b})
    assert len(uses) == 6 and max(uses.values()) - min(uses.values()) <= 1
    clips = Counter(i for b in batches for i in b)
    for label in set(LABELS):
        of_class = [clips[i] for i, other in enumerate(LABELS) if other == label]
        assert max(of_class) - min(of_class) <= 1
        assert sum(of_class) == uses[label] * each


def test_epoch_and_seed_alone_decide():
    assert draw(8, 2) == draw(8, 2)
    drawn = [draw(8, 2, seed=s, epoch=e) for s, e in [(0, 0), (0, 1), (1, 0)]]
    assert drawn[0] != drawn[1] != drawn[2] != drawn[0]
    sampler = DefaultSampler(Clips(LABELS), seed=0)
    batches = ClassBalancedBatchSampler(sampler, 8, 2)
    # Not what was drawn before: a resumed run begins in the middle.
    batches.set_epoch(1)
    assert list(batches) == drawn[1]
    batches.set_epoch(0)
    assert list(batches) == drawn[0]
    batches.seed = 1
    assert list(batches) == drawn[2] and sampler.seed == batches.seed == 1


def test_over_many_epochs_every_clip_comes():
    seen = {i for epoch in range(10) for b in draw(12, 3, epoch=epoch) for i in b}
    assert seen == set(range(97))


def test_two_processes_share_one_sequence(tmp_path, run_group):
    torch.save(LABELS, tmp_path / 'labels.pt')
    script = Path(__file__).with_name('draw_in_processes.py')
    run_group(2, script, tmp_path)
    first, second = (torch.load(tmp_path / f'{rank}.pt') for rank in range(2))
    for epoch in range(2):
        assert len(first[epoch]) == len(second[epoch]) == 97 // 16
        together = [b for pair in zip(first[epoch], second[epoch]) for b in pair]
        assert together == draw(8, 2, seed=5, epoch=epoch)[:12]


def test_labels_are_read_through_wrappers(demo_root):
    parts = [DFEWDataset(str(demo_root), fold=k) for k in (1, 2)]
    whole = ConcatDataset(parts, ignore_keys=['fold'])
    for dataset in (parts[0], whole, RepeatDataset(parts[0], 2)):
        batches = ClassBalancedBatchSampler(DefaultSampler(dataset, seed=0), 14, 7)
        for batch in batches:
            labels = Counter(dataset.get_data_info(i)['label'] for i in batch)
            assert labels == {label: 2 for label in range(7)}
        assert len(batches) == len(dataset) // 14


def test_a_config_builds_it(tmp_path, demo_root):
    config = dict(
        batch_size=14,
        num_workers=0,
        sampler=dict(type='DefaultSampler', shuffle=True),
        batch_sampler=dict(type='ClassBalancedBatchSampler', classes_per_batch=7),
        dataset=dict(
            type='DFEWDataset',
            data_root=str(demo_root),
            pipeline=[
                dict(type='SampleFaceFrames', clip_len=16),
                dict(type='DecodeFaceFrames', scale=(16, 16)),
                dict(type='FormatShape', input_format='NCTHW'),
                dict(type='PackActionInputs'),
            ],
        ),
    )
    runner = Runner(
        model=dict(
            type='Recognizer3D',
            backbone=dict(
                type='SlimC3D', base_channels=2, fc_channels=16, input_size=16
            ),
            cls_head=dict(
                type='C3DHead',
                in_channels=16,
                feature_losses=[
                    dict(type='CenterLoss', feat_dim=16),
                    dict(type='PMLLoss', loss='SupConLoss'),
                ],
            ),
            data_preprocessor=dict(
                type='ActionDataPreprocessor', format_shape='NCTHW',
                mean=[0, 0, 0], std=[255, 255, 255],
            ),
        ),
        work_dir=str(tmp_path),
        train_dataloader=config,
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.01)),
        auto_scale_lr=dict(enable=True, base_batch_size=7),
        train_cfg=dict(by_epoch=True, max_epochs=2),
        default_hooks=dict(sampler_seed=dict(type='DistSamplerSeedHook')),
        custom_hooks=[dict(type='EpochSeedHook'), dict(type='DataConsistencyHook')],
        randomness=dict(seed=11),
        default_scope='mmaction',
        experiment_name=tmp_path.name,
    )  # fmt: skip
    drawn = []
    forward = runner.model.forward

    def watch(inputs, data_samples=None, mode='tensor'):
        drawn.append([int(sample.gt_label) for sample in data_samples])
        return forward(inputs, data_samples, mode)

    runner.model.forward = watch
    runner.train()
    assert runner.optim_wrapper.get_lr()['lr'] == [0.02]
    batches = runner.train_dataloader.batch_sampler
    assert isinstance(batches, ClassBalancedBatchSampler) and batches.seed == 11
    assert runner.train_dataloader.sampler is not batches.sampler
    expected = []
    for epoch in range(2):
        batches.set_epoch(epoch)
        info = batches.sampler.dataset.get_data_info
        expected += [[info(i)['label'] for i in batch] for batch in batches]
    assert drawn == expected and len(drawn) == 2 * len(batches) > 2
    assert all(Counter(b) == {label: 2 for label in range(7)} for b in drawn)
    assert runner.model.cls_head.feature_losses[0].centers.any(dim=1).all()


@pytest.mark.parametrize(
    'batch_size, classes, labels, message',
    [
        (12, 7, LABELS, 'from 1 to 6, the number of classes with clips, got 7'),
        (12, 0, LABELS, 'from 1 to 6, the number of classes with clips, got 0'),
        (24, 5, LABELS, 'batch_size must be a multiple of classes_per_batch, got 24'),
        (0, 5, LABELS, 'batch_size must be a multiple'),
        (98, 2, LABELS, '97 clips do not fill one mini-batch of 98'),
        (4, 2, [0, 1, [0, 1], 1, 0], r'clip 2 has the label \[0, 1\]'),
    ],
)
def test_what_does_not_fit_is_refused(batch_size, classes, labels, message):
    with pytest.raises(ValueError, match=message):
        draw(batch_size, classes, labels)


def test_samplers_and_data_sets_that_do_not_fit():
    with pytest.raises(TypeError, match='Sampler lacks .*seed, epoch: set sampler='):
        ClassBalancedBatchSampler(torch.utils.data.SequentialSampler([1]), 2)
    subset = Subset(Clips(LABELS), [0, 1])
    with pytest.raises(
        ValueError, match=r"Subset has no get_data_info\(0\)\['label'\]"
    ):
        ClassBalancedBatchSampler(DefaultSampler(subset, seed=0), 2)


def test_is_registered():
    sampler = DefaultSampler(Clips(LABELS), seed=0)
    config = dict(type='ClassBalancedBatchSampler', classes_per_batch=4)
    batches = DATA_SAMPLERS.build(
        config, default_args=dict(sampler=sampler, batch_size=24)
    )
    assert batches.clips_per_class == 6

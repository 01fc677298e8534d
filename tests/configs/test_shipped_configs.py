"""MMAction2's configs with the added lines train and are scored."""

import csv
import json

import pytest
from mmengine.config import Config
from mmengine.runner import Runner

# What a user adds; the paths are those of MMAction2's package.
LINES = """
_base_ = 'mmaction::recognition/{path}'
custom_imports = dict(imports=['dfew_mmaction'])
model = dict(
    cls_head=dict(type='FeatureLossHead', head='{head}', num_classes=7,
                  feature_losses=[dict(type='ECSTFLLoss')])
)
val_evaluator = dict(type='UARWARMetric')
"""
SMALL_VIT = {
    'backbone.img_size': 32,
    'backbone.embed_dims': 48,
    'backbone.num_heads': 2,
    'cls_head.in_channels': 48,
}
SMALL_RESNET = {'backbone.depth': 18, 'cls_head.in_channels': 512}
SHIPPED = {
    'slowonly/slowonly_r50_8xb16-8x8x1-256e_kinetics400-rgb.py': (
        'I3DHead', SMALL_RESNET,
    ),
    'c2d/c2d_r50-in1k-pre_8xb32-8x8x1-100e_kinetics400-rgb.py': (
        'I3DHead', SMALL_RESNET,
    ),
    'tsn/tsn_imagenet-pretrained-r50_8xb32-1x1x8-100e_kinetics400-rgb.py': (
        'TSNHead', SMALL_RESNET,
    ),
    'tsm/tsm_imagenet-pretrained-r50_8xb16-1x1x8-50e_kinetics400-rgb.py': (
        'TSMHead', {**SMALL_RESNET, 'backbone.pretrained2d': False},
    ),
    'x3d/x3d_m_16x5x1_facebook-kinetics400-rgb.py': (
        'X3DHead', {'backbone.gamma_d': 0.5},
    ),
    'uniformer/uniformer-small_imagenet1k-pre_16x4x1_kinetics400-rgb.py': (
        'I3DHead', {'backbone.depth': [1, 1, 1, 1]},
    ),
    'swin/swin-tiny-p244-w877_in1k-pre_8xb8-amp-32x2x1-30e_kinetics400-rgb.py': (
        'I3DHead',
        {
            'backbone.arch': dict(
                embed_dims=12, depths=[1, 1, 1, 1], num_heads=[1, 2, 4, 8]
            ),
            'backbone.pretrained2d': False,
            'cls_head.in_channels': 96,
        },
    ),
    'mvit/mvit-small-p244_32xb16-16x4x1-200e_kinetics400-rgb.py': (
        'MViTHead',
        {
            'backbone.arch': dict(
                embed_dims=12, num_layers=4, num_heads=1, downscale_indices=[1, 2, 3]
            ),
            'backbone.spatial_size': 32,
            'cls_head.in_channels': 96,
            # Mixed clips have no single label to compare by.
            'data_preprocessor.blending': None,
        },
    ),
    'videomae/vit-base-p16_videomae-k400-pre_16x4x1_kinetics-400.py': (
        'TimeSformerHead', {**SMALL_VIT, 'backbone.depth': 2},
    ),
    'timesformer/timesformer_divST_8xb8-8x32x1-15e_kinetics400-rgb.py': (
        'TimeSformerHead', {**SMALL_VIT, 'backbone.num_transformer_layers': 2},
    ),
}  # fmt: skip


def smaller(steps):
    """The same pipeline on frames of 32 x 32, and one clip of a video."""
    sizes = dict(size=32, crop_size=32, input_size=32, scale_range=(32, 40))
    result = []
    for step in steps:
        step = dict(step)
        step.update((key, sizes[key]) for key in sizes if key in step)
        if step['type'] == 'Resize':
            step['scale'] = (-1, 32) if -1 in step['scale'] else (32, 32)
        if step['type'] == 'SampleFrames' and step['clip_len'] > 1:
            step['num_clips'] = 1
        if step['type'] != 'PytorchVideoWrapper':  # a package that is not needed here
            result.append(step)
    return result


@pytest.fixture(scope='module')
def videos(demo_root, tmp_path_factory):
    """Two videos of each of two classes in MMAction2's own list."""
    (path,) = demo_root.glob('EmoLabel_DataSplit/train*/set_1.csv')
    rows = list(csv.DictReader(path.open(encoding='utf-8-sig')))
    rows = [row for c in '12' for row in [r for r in rows if r['label'] == c][:2]]
    out = tmp_path_factory.mktemp('videos') / 'list.txt'
    clips = demo_root / 'Clip' / 'clip_224x224_avi'
    lines = [
        f'{clips}/{int(r["video_name"]):05d}.avi {int(r["label"]) - 1}\n' for r in rows
    ]
    out.write_text(''.join(lines))
    return out


def config_of(path, folder):
    head, small = SHIPPED[path]
    file = folder / 'own.py'
    file.write_text(LINES.format(path=path, head=head))
    config = Config.fromfile(file)
    for key, value in small.items():
        part, _, key = key.partition('.')
        config.model[part][key] = value
    if 'pretrained' in config.model.backbone:
        config.model.backbone.pretrained = None  # there is no connection
    return config


def loader(steps, videos, test_mode):
    return dict(
        batch_size=4,
        num_workers=0,
        sampler=dict(type='DefaultSampler', shuffle=False),
        dataset=dict(
            type='VideoDataset',
            ann_file=str(videos),
            pipeline=smaller(steps),
            test_mode=test_mode,
        ),
    )


@pytest.mark.parametrize('path', SHIPPED)
def test_a_step_and_a_score(path, videos, tmp_path):
    config = config_of(path, tmp_path)
    # Those that MMAction2 only tests have no training part: their users add one.
    test = config.test_dataloader.dataset.pipeline
    train = config.get('train_dataloader', config.test_dataloader).dataset.pipeline
    config.train_dataloader = loader(train, videos, False)
    config.val_dataloader = loader(config.get('val_pipeline', test), videos, True)
    for part in ('test_dataloader', 'test_cfg', 'test_evaluator'):
        config.pop(part)
    config.train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=1, val_begin=1)
    config.val_cfg = dict(type='ValLoop')
    config.default_hooks.checkpoint = dict(type='CheckpointHook', interval=-1)
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=1e-3))
    # Mixed precision asks for a GPU.
    config.optim_wrapper = {
        **config.get('optim_wrapper', optim_wrapper),
        'type': 'OptimWrapper',
    }
    config.work_dir, config.experiment_name = str(tmp_path), f'shipped_{tmp_path.name}'
    config.default_hooks.logger.interval = 1
    config.log_level = 'ERROR'
    runner = Runner.from_cfg(config)
    before = {k: v.clone() for k, v in runner.model.state_dict().items()}
    runner.train()
    log = next(tmp_path.glob('*/vis_data/scalars.json')).read_text().splitlines()
    log = {key: value for line in log for key, value in json.loads(line).items()}
    assert log['loss_ecstfl'] > 0
    assert log['loss'] == pytest.approx(log['loss_cls'] + log['loss_ecstfl'], rel=1e-4)
    assert 0 <= log['acc/UAR'] <= 1 and 'acc/recall_6' in log
    moved = [k for k, v in runner.model.state_dict().items() if not v.equal(before[k])]
    assert any(k.startswith('backbone.') for k in moved)
    assert any(k.startswith('cls_head.') for k in moved)


def test_base_of_this_package_is_by_path_only(repo, tmp_path):
    """As docs/own_network.md has it; a newer MMEngine may know better."""
    by_path, by_name = tmp_path / 'path.py', tmp_path / 'name.py'
    by_path.write_text(f"_base_ = '{repo}/configs/dfew/c3d_ecstfl.py'\n")
    assert Config.fromfile(by_path).model.backbone.type == 'C3D'
    by_name.write_text("_base_ = 'dfew_mmaction::dfew/c3d_ecstfl.py'\n")
    with pytest.raises(AssertionError, match='not support to load dfew_mmaction'):
        Config.fromfile(by_name)

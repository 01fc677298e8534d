"""The configs that docs/own_network.md shows train and score DFEW as it says."""

import re

import pytest
from mmengine.config import Config
from mmengine.runner import Runner


@pytest.fixture(scope='module')
def blocks(repo):
    text = (repo / 'docs' / 'own_network.md').read_text()
    return re.findall(r'```python\n(.*?)```', text, re.S)


def score(config, root, folder):
    """Test an untrained network of half the size, on frames of 32 x 32."""
    config.work_dir, config.experiment_name = str(folder), f'doc_{folder.name}'
    config.model.backbone.depth, config.model.cls_head.in_channels = 18, 512
    config.model.backbone.pretrained = None
    for part in ('train', 'val', 'test'):
        loader = config[f'{part}_dataloader']
        loader.update(num_workers=0, persistent_workers=False, batch_size=7)
        loader.dataset.data_root = str(root)
        for step in loader.dataset.pipeline:
            if 'scale' in step:
                step['scale'] = (32, 32)
    config.log_level = 'ERROR'
    runner = Runner.from_cfg(config)
    loader = runner.build_dataloader(config.train_dataloader)
    batch = runner.model.data_preprocessor(next(iter(loader)), training=True)
    losses = runner.model(**batch, mode='loss')
    return runner.test(), [name for name in losses if 'loss' in name]


def test_dfew_under_a_shipped_config(blocks, demo_root, tmp_path):
    child, data = blocks[:2]
    (tmp_path / 'child.py').write_text(child + data)
    config = Config.fromfile(tmp_path / 'child.py')
    assert 'ann_file' not in config.test_dataloader.dataset
    scores, losses = score(config, demo_root, tmp_path)
    assert 'acc/UAR' in scores and losses == ['loss_cls', 'loss_ecstfl']


def test_a_child_config_scores_uar_in_testing(blocks, tmp_path):
    (tmp_path / 'child.py').write_text(blocks[0])
    config = Config.fromfile(tmp_path / 'child.py')
    assert config.test_evaluator.type == config.val_evaluator.type == 'UARWARMetric'


@pytest.mark.parametrize(
    ('name', 'loss'), [('new_style', 'ecstfl'), ('new_style_center', 'center')]
)
def test_new_style_configs(blocks, demo_root, tmp_path, name, loss):
    (tmp_path / 'new_style.py').write_text(blocks[2])
    (tmp_path / 'new_style_center.py').write_text(blocks[3])
    config = Config.fromfile(tmp_path / f'{name}.py')
    if loss == 'center':
        config.model.cls_head.feature_losses[0].feat_dim = 512
    scores, losses = score(config, demo_root, tmp_path)
    assert 'acc/UAR' in scores and losses == ['loss_cls', f'loss_{loss}']

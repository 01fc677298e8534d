"""Every config builds, takes a training step with finite losses, and predicts."""

import math
from pathlib import Path

import pytest
import torch
import yaml
from labels import samples
from mmaction.registry import MODELS
from mmengine.config import Config
from mmengine.optim import OptimWrapper
from mmengine.registry import init_default_scope

from dfew_mmaction.apis import describe_config
from dfew_mmaction.models.heads import classifier_layers
from dfew_mmaction.models.losses import FeatureLosses

REPO = Path(__file__).resolve().parents[2]
CONFIGS = sorted(
    str(path.relative_to(REPO))
    for path in (REPO / 'configs').rglob('*.py')
    if '_base_' not in path.parts
)

# Backbones from MMAction2, narrower or shallower, and the channels that they then give.
SMALLER = {
    'ResNet3dSlowOnly': (dict(depth=18), 512),
    'X3D': (dict(gamma_d=0.5), None),
    'UniFormer': (dict(depth=[1, 1, 1, 1]), None),
    'VisionTransformer': (
        dict(img_size=32, embed_dims=48, num_heads=2, depth=2), 48,
    ),
    'MViT': (
        dict(
            spatial_size=32,
            arch=dict(
                embed_dims=12, num_layers=4, num_heads=1, downscale_indices=[1, 2, 3]
            ),
        ),
        96,
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def scope():
    """Set the default scope, as the runner does before building."""
    init_default_scope('mmaction')


def shrink(model):
    """The same network at a size for a training step of a second on a CPU."""
    if model.backbone.type == 'C3D':
        model.backbone.out_dim = 512
        return 16
    small, channels = SMALLER.get(model.backbone.type, ({}, None))
    model.backbone.update(small)
    if channels is not None:
        model.cls_head.in_channels = channels
    return model.backbone.get('input_size', 32)


@pytest.mark.parametrize('config', CONFIGS)
def test_step_and_prediction(config):
    model_cfg = Config.fromfile(REPO / config).model
    size = shrink(model_cfg)
    torch.manual_seed(0)
    model = MODELS.build(model_cfg)
    model.init_weights()
    optimizer = OptimWrapper(torch.optim.SGD(model.parameters(), lr=1e-3))
    clips = [torch.randint(256, (1, 3, 16, size, size), dtype=torch.uint8)] * 2
    clips.append(255 - clips[0])
    ((_, classifier),) = classifier_layers(model.cls_head)
    before = classifier.weight.clone()
    batch = dict(inputs=clips, data_samples=samples([0, 0, 1]))
    losses = model.train_step(batch, optimizer)
    assert all(math.isfinite(value) for value in losses.values())
    assert not classifier.weight.equal(before)
    names = {name for name in losses if 'loss' in name}
    expected = {'loss', 'loss_cls'}
    name = Path(config).stem
    expected |= {f'loss_{k}' for k in ('center', 'ecstfl', 'supcon') if k in name}
    assert names == expected
    with torch.no_grad():
        predicted = model.test_step(dict(batch, data_samples=samples([0, 0, 1])))
    for sample in predicted:
        assert sample.pred_score.shape == (model_cfg.cls_head.num_classes,)
        assert sample.pred_score.sum().item() == pytest.approx(1, abs=1e-5)


def test_c3d_has_the_published_size():
    with torch.device('meta'):
        model = MODELS.build(Config.fromfile(REPO / 'configs/dfew/c3d.py').model)
    linear = 8192 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 7 + 7
    widths = [3, 64, 128, 256, 256, 512, 512, 512, 512]
    conv = sum(27 * a * b + 2 * b for a, b in zip(widths, widths[1:]))
    assert sum(p.numel() for p in model.parameters()) == linear + conv


@pytest.mark.slow
def test_c3d_at_full_size():
    model = MODELS.build(Config.fromfile(REPO / 'configs/dfew/c3d_ecstfl.py').model)
    model.init_weights()
    optimizer = OptimWrapper(torch.optim.SGD(model.parameters(), lr=1e-3))
    clips = [torch.randint(256, (1, 3, 16, 112, 112), dtype=torch.uint8) for _ in 'ab']
    batch = dict(inputs=clips, data_samples=samples([0, 1]))
    losses = model.train_step(batch, optimizer)
    assert all(math.isfinite(value) for value in losses.values())


@pytest.mark.parametrize('fold', range(1, 6))
def test_fold_configs(fold, monkeypatch):
    monkeypatch.setenv('DFEW_FOLD', '2')
    path = REPO / f'configs/dfew/folds/c3d_ecstfl_fd{fold}.py'
    config = Config.fromfile(path)
    parts = [config[f'{part}_dataloader'].dataset for part in ('train', 'val', 'test')]
    assert [part.fold for part in parts] == [fold] * 3
    assert [part.split for part in parts] == ['train', 'test', 'test']


def test_root_and_fold_from_the_environment(monkeypatch):
    path = REPO / 'configs/dfew/c3d_ecstfl.py'
    for name in ('DFEW_ROOT', 'DFEW_FOLD'):
        monkeypatch.delenv(name, raising=False)
    default = Config.fromfile(path).train_dataloader.dataset
    assert (default.data_root, default.fold) == ('data/DFEW', 1)
    for root in ["/sets/Xingxun's DFEW", 'D:/sets/new', '/sets/my DFEW']:
        monkeypatch.setenv('DFEW_ROOT', root)
        config = Config.fromfile(path)
        assert config.val_dataloader.dataset.data_root == root
    monkeypatch.setenv('DFEW_FOLD', '4')
    config = Config.fromfile(path)
    config.merge_from_dict({'test_dataloader.dataset.fold': 5})
    assert config.val_dataloader.dataset.data_root == '/sets/my DFEW'
    assert config.train_dataloader.dataset.fold == 4
    assert config.test_dataloader.dataset.fold == 5


def test_embedding_sizes_fit_the_center_loss():
    for path in (REPO / 'configs/dfew').glob('*_center.py'):
        head = Config.fromfile(path).model.cls_head
        assert head.feature_losses[0].feat_dim == head.in_channels, path
        assert head.feature_losses[0].loss_weight == 1e-4


def test_the_papers_networks_with_three_losses_and_newer_ones():
    names = {path.stem for path in (REPO / 'configs/dfew').glob('*.py')}
    networks = 'c3d p3d i3d r3d18 resnet3d18 vgg11_lstm resnet18_lstm'.split()
    papers = {n + loss for n in networks for loss in ('', '_center', '_ecstfl')}
    newer = 'slowonly_r50 x3d_m uniformer_s mvit_s videomae_vit_b swin_t'.split()
    others = {'mc3_18', 'mc3_18_ecstfl'}
    assert names == papers | others | {f'{n}_ecstfl' for n in newer}


def test_papers_training():
    config = Config.fromfile(REPO / 'configs/dfew/c3d_ecstfl.py')
    assert (
        config.train_dataloader.batch_size == config.auto_scale_lr.base_batch_size == 24
    )
    (loss,) = config.model.cls_head.feature_losses
    assert loss == dict(
        type='ECSTFLLoss', variant='released', loss_weight=10, max_share=0.5
    )
    assert config.param_scheduler[0].factor == 0.1
    assert config.param_scheduler[0].monitor == 'train/loss'


def test_equation_9_verbatim_differs_in_the_loss_only():
    folder = REPO / 'configs/dfew'
    paths = {path.stem: path for path in (folder / 'equation9').glob('*.py')}
    networks = 'c3d p3d i3d r3d18 resnet3d18 vgg11_lstm resnet18_lstm'.split()
    assert paths.keys() == {f'{name}_ecstfl_eq9' for name in networks}
    for name in networks:
        verbatim = Config.fromfile(paths[f'{name}_ecstfl_eq9'])
        losses = FeatureLosses(verbatim.model.cls_head.feature_losses)
        assert [loss.variant for loss in losses] == ['paper']
        assert (losses[0].loss_weight, losses.max_shares) == (10, [None])
        recipe = Config.fromfile(folder / f'{name}_ecstfl.py')
        for config in (verbatim, recipe):
            config.model.cls_head.pop('feature_losses')
        recipe.pop('feature_losses')
        verbatim.pop('feature_losses')
        assert verbatim.to_dict() == recipe.to_dict()


def test_metafile_and_table_agree():
    folder = REPO / 'configs' / 'dfew'
    models = yaml.safe_load((folder / 'metafile.yml').read_text())['Models']
    table = (folder / 'README.md').read_text()
    configs = {path.name for path in folder.glob('*.py')}
    assert {Path(m['Config']).name for m in models} == configs
    for model in models:
        assert (REPO / model['Config']).is_file()
        row = next(r for r in table.splitlines() if f'({model["Name"]}.py)' in r)
        if 'Results' in model:
            metrics = model['Results'][0]['Metrics']
            assert f'{metrics["UAR"]:.2f} / {metrics["WAR"]:.2f}' in row
        else:
            newer = 'Pretrained' in model['Metadata'] or 'MC3' in row
            assert ('not in the paper' if newer else 'not printed') in row
        got = describe_config(REPO / model['Config'])
        params, gflops = f'{got["params"]:.2f}', f'{got["gflops"]:.2f}'
        assert f'| {got["input"]} | {params} | {gflops} |' in row
        meta = model['Metadata']
        assert meta['Resolution'] == got['input'].replace(' × ', 'x')
        assert f'{meta["Parameters (M)"]:.2f}' == params
        assert f'{meta["Multiply-adds (G)"]:.2f}' == gflops
        assert got['losses'] == ['CrossEntropyLoss'] + [
            name
            for end, name in [('_center', 'CenterLoss'), ('_ecstfl', 'ECSTFLLoss')]
            if model['Name'].endswith(end)
        ]
    index = yaml.safe_load((REPO / 'model-index.yml').read_text())
    sets = ['dfew', 'afew', 'caer', 'ferv39k', 'mafw', 'synthetic']
    assert index['Import'] == [f'configs/{name}/metafile.yml' for name in sets]


@pytest.mark.parametrize('name', ['afew', 'caer', 'ferv39k', 'mafw', 'synthetic'])
def test_metafiles_and_tables_of_the_other_sets(name):
    folder = REPO / 'configs' / name
    models = yaml.safe_load((folder / 'metafile.yml').read_text())['Models']
    table = (folder / 'README.md').read_text()
    configs = {f'configs/{name}/{path.name}' for path in folder.glob('*.py')}
    assert {model['Config'] for model in models} == configs
    for model in models:
        got = describe_config(REPO / model['Config'])
        params, gflops = f'{got["params"]:.2f}', f'{got["gflops"]:.2f}'
        path = Path(model['Config']).name
        row = next(r for r in table.splitlines() if f'({path})' in r)
        assert f'| {got["input"]} | {params} | {gflops} |' in row
        meta = model['Metadata']
        assert f'{meta["Parameters (M)"]:.2f}' == params
        assert f'{meta["Multiply-adds (G)"]:.2f}' == gflops
        assert meta['Resolution'] == got['input'].replace(' × ', 'x')
        assert ('EC-STFL' in row) is ('ECSTFLLoss' in got['losses'])
        for result in model.get('Results', []):
            fold = result['Dataset'].split('from DFEW ')[1][:3]
            assert f'{result["Metrics"]["WAR"]:.2f} ({fold})' in row
    if name == 'afew':
        assert sum('Results' in model for model in models) == 4


def test_papers_table_7_is_what_the_metafile_says():
    from dfew_mmaction.reports.transfer import PAPER_TABLE_7

    path = REPO / 'configs/afew/metafile.yml'
    found = {}
    for model in yaml.safe_load(path.read_text())['Models']:
        for result in model.get('Results', []):
            fold = result['Dataset'].split('from DFEW ')[1][:3]
            found.setdefault(f'DFEW, {fold}', []).append(result['Metrics']['WAR'])
    printed = {row[0]: sorted(map(float, row[1:])) for row in PAPER_TABLE_7[-2:]}
    assert {fold: sorted(values) for fold, values in found.items()} == printed


def test_roots_of_the_other_sets_and_weights_from_the_environment(monkeypatch):
    for name, variable in (
        ('ferv39k/c3d_ecstfl', 'FERV39K'), ('mafw/c3d_ecstfl', 'MAFW'),
        ('afew/c3d', 'AFEW'), ('caer/c3d_ecstfl', 'CAER'),
        ('_base_/datasets/expression', 'EXPRESSION'),
    ):  # fmt: skip
        monkeypatch.setenv(f'{variable}_ROOT', f'/sets/my {name}')
        config = Config.fromfile(REPO / f'configs/{name}.py')
        for part in ('train', 'val', 'test'):
            dataset = config[f'{part}_dataloader'].dataset
            assert dataset.data_root == f'/sets/my {name}'
    assert [
        Config.fromfile(REPO / 'configs/caer/c3d_ecstfl.py')[f'{p}_dataloader']
        .dataset.split
        for p in ('train', 'val', 'test')
    ] == ['train', 'val', 'test']  # fmt: skip
    monkeypatch.setenv('MAFW_FOLD', '4')
    mafw = Config.fromfile(REPO / 'configs/mafw/c3d_ecstfl.py')
    assert mafw.test_dataloader.dataset.fold == 4
    assert mafw.test_evaluator.num_classes == mafw.model.cls_head.num_classes == 11
    monkeypatch.setenv('DFEW_CHECKPOINT', 'fd5.pth')
    for path in (REPO / 'configs/afew').glob('*_from_dfew.py'):
        assert Config.fromfile(path).load_from == 'fd5.pth'


def test_installed_package_carries_configs_and_tools(run):
    mim = Path(run('python', '-m', 'dfew_mmaction').stdout.strip())
    assert mim.parent.name == 'dfew_mmaction'
    for name in ['configs/dfew/c3d_ecstfl.py', 'tools/train.py', 'model-index.yml']:
        assert (mim / name).read_bytes() == (REPO / name).read_bytes()


def test_package_on_the_path_without_installation_has_no_configs(tmp_path, run):
    main = tmp_path / '__main__.py'
    main.write_bytes((REPO / 'dfew_mmaction/__main__.py').read_bytes())
    done = run('python', main, check=False)
    assert done.returncode == 2
    assert f"there are no configs in '{tmp_path}/.mim'" in done.stderr
    assert '`pip install .`' in done.stderr

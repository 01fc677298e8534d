"""Embeddings, class activation, gradients: on a network trained for an epoch."""

import runpy
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from dfew_mmaction.apis import class_activation, loss_gradients
from dfew_mmaction.evaluation.functional import read_embeddings, read_predictions


@pytest.fixture(scope='module')
def trained(tmp_path_factory, demo_root, tiny_config, run):
    """Config and checkpoint of a tiny network."""
    folder = tmp_path_factory.mktemp('trained')
    config = tiny_config(folder, 'ecstfl', epochs=1)
    work = folder / 'work'
    run('python', 'tools/train.py', config, '--work-dir', work, root=demo_root)
    return config, work / 'epoch_1.pth'


@pytest.fixture(autouse=True)
def root(monkeypatch, demo_root):
    monkeypatch.setenv('DFEW_ROOT', str(demo_root))


def test_embeddings_give_the_predictions_back(trained, tmp_path, run, demo_root):
    config, checkpoint = trained
    run(
        'python', 'tools/test.py', config, checkpoint, '--work-dir', tmp_path / 'w',
        '--embeddings', tmp_path / 'e.npz', '--dump', tmp_path / 'p.csv',
        root=demo_root,
    )  # fmt: skip
    dumped = read_embeddings(tmp_path / 'e.npz')
    ids, labels, scores, classes = read_predictions(tmp_path / 'p.csv')
    assert dumped.video_ids.tolist() == ids.tolist() and dumped.classes == classes
    assert dumped.labels.tolist() == labels.tolist()
    head = torch.load(checkpoint, weights_only=False)['state_dict']
    logits = torch.from_numpy(dumped.embeddings) @ head['cls_head.fc_cls.weight'].T
    expected = (logits + head['cls_head.fc_cls.bias']).softmax(dim=1)
    np.testing.assert_allclose(expected.numpy(), scores, atol=1e-5)
    run(
        'python', 'tools/analysis/plot_embeddings.py', tmp_path / 'e.npz',
        tmp_path / 'tsne.png',
    )  # fmt: skip
    assert cv2.imread(str(tmp_path / 'tsne.png')).std() > 5


def test_class_activation_of_a_clip(trained, tmp_path):
    config, checkpoint = trained
    ids = read_ids(config)
    found = class_activation(
        config, checkpoint, tmp_path, target_layer='backbone/layer2', video_ids=ids[:2]
    )
    assert [path.stem for path in found] == ids[:2]
    for path, answer in found.items():
        assert cv2.imread(str(path)).shape == (2 * 160, 8 * 160, 3)
        assert 'labelled' in answer


def give(tool, *arguments):
    """Run a tool in this process to its end."""
    path = Path(__file__).resolve().parents[2] / 'tools' / 'analysis' / tool
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr('sys.argv', [tool, *map(str, arguments)])
        with pytest.raises(SystemExit, match='^0$'):
            runpy.run_path(str(path), run_name='__main__')


def test_their_commands(trained, tmp_path, capsys):
    config, checkpoint = trained
    clip = read_ids(config)[3]
    give(
        'class_activation.py', config, checkpoint, tmp_path / 'cam',
        '--target-layer', 'backbone/layer2', '--video-ids', clip,
    )  # fmt: skip
    assert [path.stem for path in (tmp_path / 'cam').iterdir()] == [clip]
    give('loss_gradients.py', config, checkpoint, '--batches', 1)
    table = capsys.readouterr().out
    assert str(checkpoint) in table and 'loss_ecstfl' in table
    picture = tmp_path / 'curves.png'
    give('plot_training.py', checkpoint.parent, picture, '--names', 'EC-STFL')
    assert cv2.imread(str(picture)).std() > 5


def read_ids(config):
    from mmaction.registry import DATASETS
    from mmengine.config import Config

    dataset = DATASETS.build(Config.fromfile(config).test_dataloader.dataset)
    return [dataset.get_data_info(i)['video_id'] for i in range(len(dataset))]


def test_class_activation_says_what_there_is(trained, tmp_path):
    config, checkpoint = trained
    with pytest.raises(ValueError, match=r'no layer .*; the backbone has .*layer4'):
        class_activation(config, checkpoint, tmp_path, target_layer='backbone/layer5')
    with pytest.raises(ValueError, match='99999: not in the test part of fold 1'):
        class_activation(
            config,
            checkpoint,
            tmp_path,
            target_layer='backbone/layer2',
            video_ids=['99999'],
        )


def test_checkpoints_of_others_are_refused(trained, tmp_path):
    """Weights that do not fill the network, and classes in another order."""
    config, checkpoint = trained
    content = torch.load(checkpoint, weights_only=False)
    layer = dict(target_layer='backbone/layer4')
    order = content['meta']['dataset_meta']['classes']
    content['meta']['dataset_meta']['classes'] = tuple(reversed(order))
    torch.save(content, tmp_path / 'order.pth')
    with pytest.raises(ValueError, match="order.pth' has the classes fear, disgust"):
        class_activation(config, tmp_path / 'order.pth', tmp_path, **layer)
    del content['meta']
    weights = content['state_dict']
    del weights[next(name for name in weights if name.startswith('backbone'))]
    torch.save(content, tmp_path / 'part.pth')
    message = "part.pth' does not fill the network: 1 of"
    with pytest.raises(ValueError, match=message):
        class_activation(config, tmp_path / 'part.pth', tmp_path, **layer)
    with pytest.raises(ValueError, match=message):
        loss_gradients(config, tmp_path / 'part.pth', batches=1)


def test_gradients_grow_with_the_weight(trained, tiny_config, tmp_path):
    _, checkpoint = trained
    found = []
    for name, weight in (('light', 1), ('heavy', 10)):
        config = tiny_config(
            tmp_path, name, 'ecstfl',
            more="model['cls_head']['feature_losses'] = "
            f"[dict(type='ECSTFLLoss', loss_weight={weight})]",
        )  # fmt: skip
        found.append(loss_gradients(config, checkpoint, batches=2))
    one, ten = found
    assert one['loss_cls'] == pytest.approx(ten['loss_cls'])
    for key in ('value', 'gradient', 'relative'):
        assert ten['loss_ecstfl'][key] == pytest.approx(
            10 * one['loss_ecstfl'][key], rel=1e-4
        )
    assert one['embedding']['norm'] > 0 and 0 <= one['embedding']['zeros'] < 1
    assert abs(one['loss_ecstfl']['cosine']) <= 1


def test_initial_gradients_are_those_of_a_first_training_step(tmp_path, tiny_config):
    """In evaluation mode, embeddings of this network are far smaller."""
    from mmaction.registry import MODELS
    from mmengine.config import Config
    from mmengine.runner import Runner, set_random_seed

    config = tiny_config(
        tmp_path,
        'ecstfl',
        more="model['backbone'] = dict(_delete_=True, type='SlimC3D', base_channels=4,"
        ' fc_channels=64, input_size=32, dropout_ratio=0.0, init_cfg=['
        "dict(type='Kaiming', layer='Conv3d'),"
        " dict(type='Normal', std=0.005, layer='Linear')])\n"
        "model['cls_head'].update(in_channels=64)",
    )
    found = loss_gradients(config, batches=1)
    cfg = Config.fromfile(config)
    set_random_seed(0)
    model = MODELS.build(cfg.model)
    model.init_weights()
    (batch, *_) = Runner.build_dataloader(cfg.train_dataloader, seed=0)
    clips = model.data_preprocessor(batch, training=True)['inputs'][:, 0]
    with torch.no_grad():
        training = model.train().backbone(clips).norm(dim=1).mean()
        evaluation = model.eval().backbone(clips).norm(dim=1).mean()
    norm = found['embedding']['norm']
    assert norm == pytest.approx(float(training), rel=0.1)
    assert norm > 5 * float(evaluation)

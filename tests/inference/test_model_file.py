"""What is published in a model file, and its card."""

import importlib
import importlib.util
import json
import sys

import numpy as np
import pytest
import torch
from mmaction.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

from dfew_mmaction.apis import ExpressionInferencer, publish
from dfew_mmaction.datasets import pack_dfew
from dfew_mmaction.deploy.network import load_network
from dfew_mmaction.evaluation.functional import write_predictions
from dfew_mmaction.inference.classifiers.torch_classifier import TorchClassifier
from dfew_mmaction.inference.model_files.model_file import read_model_file

CLASSES = ('happy', 'sad', 'neutral', 'angry', 'surprise', 'disgust', 'fear')


def test_the_file_alone_is_the_network(network, published, held_out):
    with_config = TorchClassifier(*network, 'cpu')
    alone = ExpressionInferencer(published, detector='none', device='cpu')
    ours = alone.classifier
    assert (ours(held_out[:4]) == with_config(held_out[:4])).all()
    assert (ours.num_frames, ours.sampling) == (16, 'interpolate')
    assert ours.classes == CLASSES and ours.reads(held_out[0])


def test_what_is_in_the_file(network, published):
    loaded = torch.load(published, weights_only=True)
    assert set(loaded) == {'meta', 'state_dict'}  # no optimizer, no log
    original = torch.load(network[1], weights_only=True)['state_dict']
    assert loaded['state_dict'].keys() == original.keys()
    facts = json.loads(loaded['meta']['dfew_mmaction'])
    assert facts['classes'] == list(CLASSES) and facts['source'] == '16f'
    assert facts['input_size'] == [32, 32] and facts['num_frames'] == 16
    assert facts['mean'] == [127.5] * 3 and facts['std'] == [64.0] * 3
    assert facts['dataset'] == dict(dataset='DFEW', drawn=True, fold=1, source='16f')
    assert facts['config']['train_cfg']['max_epochs'] == 3
    scores = facts['scores']
    assert scores['clips'] == 8 and scores['WAR'] == pytest.approx(7 / 8)
    assert scores['UAR'] == pytest.approx(6 / 7) and scores['recall_fear'] == 0
    # MMEngine would execute these.
    assert not {'cfg', 'config'} & set(loaded['meta'])


def test_name_and_card(network, published, tmp_path):
    import hashlib

    sign = hashlib.sha256(published.read_bytes()).hexdigest()
    assert published.name == f'tiny-{sign[:8]}.pth'
    card = published.with_suffix('.md').read_text()
    for part in (
        '# tiny-', 'A test.', 'HaraResNet3d', 'C3DHead, ECSTFLLoss', ', '.join(CLASSES),
        '16 frames of 32 × 32', '(x − 127.5) / 64', 'synthetic faces of the demo set',
        sign, 'On 8 clips', '85.71', f'--checkpoint {published.name}',
    ):  # fmt: skip
        assert part in card, part
    # The same network has the same name; without scores the card says so.
    one, two = (publish(*network, tmp_path / i) for i in '12')
    assert (
        one.name == two.name and 'None were given' in two.with_suffix('.md').read_text()
    )


@pytest.mark.skipif(
    importlib.util.find_spec('facenet_pytorch') is None,
    reason="facenet-pytorch, the source of MTCNN's weights, is not installed",
)
def test_the_alignment_of_the_training_data(network, tmp_path, monkeypatch):
    """Where the demo set puts eyes, nose and mouth: `_TEMPLATE` of its clip.py."""
    module = importlib.import_module(publish.__module__)
    monkeypatch.setattr(module, 'FACES', 24)
    path = publish(*network, tmp_path, measure_alignment=True)
    inferencer = ExpressionInferencer(path, detector='none', device='cpu')
    eye, other, nose, *mouth = inferencer.template
    drawn = np.array([(78, 88), (146, 88), (112, 127.5), (112, 164.6)]) / 224
    np.testing.assert_allclose([eye, other, nose], drawn[:3], atol=0.04)
    np.testing.assert_allclose(np.mean(mouth, axis=0), drawn[3], atol=0.04)
    assert f'({eye[0]:.2f}, {eye[1]:.2f})' in path.with_suffix('.md').read_text()
    # Of what is published already the alignment is measured anew.
    again = publish(network[0], path, tmp_path / 'again', measure_alignment=True)
    assert read_model_file(again).facts.template == read_model_file(path).facts.template


@pytest.mark.parametrize('how', ['packed', 'default', 'repeated', 'pack'])
def test_which_frames_a_published_network_is_for(
    network, demo_root, tmp_path, held_out, how
):
    """16 interpolated frames, however the config comes to read them."""
    config, checkpoint = Config.fromfile(network[0]), network[1]
    loader = config.test_dataloader
    if how == 'default':
        del loader.dataset['source']
    elif how == 'repeated':
        loader.dataset = dict(type='RepeatDataset', times=1, dataset=loader.dataset)
    else:
        loader.dataset.source = 'packed'
    if how == 'pack':  # the checkpoint does not say
        loaded = torch.load(checkpoint, weights_only=True)
        del loaded['meta']['dataset_meta']['source']
        checkpoint = tmp_path / 'silent.pth'
        torch.save(loaded, checkpoint)
        loader.dataset.pack = str(tmp_path / 'pack')
        config.dump(tmp_path / 'c.py')
        with pytest.raises(ValueError, match='neither the checkpoint .* nor the pack'):
            publish(tmp_path / 'c.py', checkpoint, tmp_path / 'out')
        pack_dfew(demo_root, tmp_path / 'pack', scale=(16, 16), workers=1)
    config.dump(tmp_path / 'c.py')
    published = publish(tmp_path / 'c.py', checkpoint, tmp_path / 'out')
    facts = read_model_file(published).facts
    assert (facts.sampling, facts.source) == ('interpolate', '16f')
    for ours in (TorchClassifier(None, published), load_network(None, published)):
        assert ours.facts.sampling == 'interpolate' and ours.facts.source == '16f'
    with_config = TorchClassifier(tmp_path / 'c.py', checkpoint, 'cpu')
    assert with_config.sampling == 'interpolate' and with_config.reads(held_out[0])


def test_synthetic_data_in_wrappers_are_named(network, demo_root, tmp_path):
    config = Config.fromfile(network[0])
    loader = config.train_dataloader
    real = dict(loader.dataset, data_root=str(tmp_path))
    for others, drawn in (([], True), ([real], None)):
        both = dict(type='ConcatDataset', datasets=[loader.dataset, *others])
        config.train_dataloader = dict(
            loader, dataset=dict(type='RepeatDataset', times=2, dataset=both)
        )
        config.dump(tmp_path / 'c.py')
        path = publish(tmp_path / 'c.py', network[1], tmp_path / f'o{len(others)}')
        assert read_model_file(path).facts.dataset.get('drawn') is drawn


def test_the_alignment_is_not_measured_on_a_pack(network, demo_root, tmp_path):
    pack_dfew(demo_root, tmp_path / 'pack', scale=(16, 16), workers=1)
    config = Config.fromfile(network[0])
    dataset = config.test_dataloader.dataset
    dataset.update(source='packed', pack=str(tmp_path / 'pack'))
    config.dump(tmp_path / 'c.py')
    with pytest.raises(ValueError, match="folders of frames; .* reads source 'packed'"):
        publish(tmp_path / 'c.py', network[1], tmp_path / 'o', measure_alignment=True)
    assert not (tmp_path / 'o').exists()


def test_losses_of_training_are_named_and_not_built(
    network, tmp_path, held_out, monkeypatch
):
    """Their parts are of a library that predicting does not need."""
    config = Config.fromfile(network[0])
    losses = [
        dict(type='PMLLoss', loss='TripletMarginLoss', margin=0.1,
             miner=dict(type='MultiSimilarityMiner', epsilon=0.1)),
        dict(type='CenterLoss', num_classes=7, feat_dim=16),
    ]  # fmt: skip
    config.model.cls_head.feature_losses = losses
    config.dump(tmp_path / 'pml.py')
    expected = TorchClassifier(*network, 'cpu')(held_out[:3])
    monkeypatch.setitem(sys.modules, 'pytorch_metric_learning.losses', None)
    monkeypatch.setitem(sys.modules, 'pytorch_metric_learning.miners', None)
    path = publish(tmp_path / 'pml.py', network[1], tmp_path)
    card = path.with_suffix('.md').read_text()
    assert 'C3DHead, PMLLoss, CenterLoss' in card
    ours = TorchClassifier(None, path, 'cpu')
    assert (ours(held_out[:3]) == expected).all()
    assert ours.facts.network['cls_head']['feature_losses'] == losses


def test_safetensors(network, held_out, tmp_path):
    path = publish(*network, tmp_path, safetensors=True)
    assert path.suffix == '.safetensors'
    ours = TorchClassifier(None, path, 'cpu')(held_out[:3])
    assert (ours == TorchClassifier(*network, 'cpu')(held_out[:3])).all()
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(RuntimeError, match='not a complete .safetensors file'):
        TorchClassifier(None, path)


def test_predictions_of_other_classes(network, tmp_path):
    write_predictions(tmp_path / 'p.csv', ['1'], [0], np.eye(2)[:1], ('yes', 'no'))
    with pytest.raises(ValueError, match='classes yes, no, the checkpoint happy, sad'):
        publish(*network, tmp_path / 'out', predictions=tmp_path / 'p.csv')
    assert not (tmp_path / 'out').exists()


@pytest.mark.parametrize(
    'name',
    ['c3d', 'i3d', 'p3d', 'r3d18', 'resnet18_lstm', 'resnet3d18', 'vgg11_lstm'],
)
def test_json_says_each_network(repo, name):
    """Lists for tuples make no difference: the same weights."""
    init_default_scope('mmaction')
    model = Config.fromfile(repo / 'configs' / 'dfew' / f'{name}.py').to_dict()['model']
    with torch.device('meta'):
        shapes = [
            {k: v.shape for k, v in MODELS.build(network).state_dict().items()}
            for network in (model, json.loads(json.dumps(model)))
        ]
    assert shapes[0] == shapes[1] and len(shapes[0]) > 10


def test_weights_that_are_not_finite(network, tmp_path, held_out):
    """They are not published, and what they predict is an error and no emotion."""
    loaded = torch.load(network[1], weights_only=True)
    name = next(iter(loaded['state_dict']))
    loaded['state_dict'][name].flatten()[0] = float('nan')
    torch.save(loaded, tmp_path / 'diverged.pth')
    with pytest.raises(ValueError, match=f'1 of .* the first is {name}. Has training'):
        publish(network[0], tmp_path / 'diverged.pth', tmp_path / 'out')
    assert not (tmp_path / 'out').exists()
    with pytest.raises(ValueError, match='the scores of .* clips are not finite'):
        TorchClassifier(network[0], tmp_path / 'diverged.pth', 'cpu')(held_out[:2])

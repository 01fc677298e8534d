"""Converted weights compute what the published networks compute."""

import pytest
import torch
from mmaction.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

from dfew_mmaction.weights import convert_weights, fit_weights

SMALL = (2, 3, 16, 32, 32)
NETWORKS = {
    'c3d': ('dfew-official', 'C3D', dict(flat=512), 'c3d', dict(out_dim=512)),
    'p3d': ('dfew-official', 'P3D', {}, 'p3d', {}),
    'p3d131': (
        'p3d-pytorch', 'P3D', dict(blocks=(3, 4, 23, 3)), 'p3d', dict(depth=131),
    ),
    'i3d': ('piergiaj-i3d', 'InceptionI3d', {}, 'i3d', {}),
    'i3d-official': ('dfew-official', 'InceptionI3d', {}, 'i3d', {}),
    'r3d18': ('torchvision', 'R3D18', {}, 'r3d18', {}),
    'r3d18-official': ('dfew-official', 'R3D18', {}, 'r3d18', {}),
    'mc3_18': ('torchvision', 'MC3', {}, 'mc3_18', {}),
    'mc3_18-official': ('dfew-official', 'MC3', {}, 'mc3_18', {}),
    **{
        f'hara{depth}{shortcut}': (
            'hara', 'HaraResNet', dict(depth=depth, shortcut=shortcut), 'resnet3d18',
            dict(depth=depth, shortcut=shortcut),
        )
        for depth, shortcut in [(10, 'A'), (18, 'A'), (18, 'B'), (34, 'B'), (50, 'B')]
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def scope():
    init_default_scope('mmaction')


def model_of(repo, config, backbone, num_classes=7):
    model = Config.fromfile(repo / f'configs/dfew/{config}.py').model
    model.backbone.update(backbone)
    model.cls_head.num_classes = num_classes
    if backbone.get('depth', 0) >= 50 and config == 'resnet3d18':
        model.cls_head.in_channels = 2048
    return MODELS.build(model).double().eval()


def logits(model, x):
    with torch.no_grad():
        return model.cls_head(model.backbone(x))


@pytest.mark.parametrize('name', NETWORKS)
def test_equal_logits(published, repo, name):
    source, theirs, arguments, config, backbone = NETWORKS[name]
    network = published.randomise(getattr(published, theirs)(**arguments))
    # As DataParallel saves it, and as the authors of DFEW wrap it.
    weights = {f'module.{k}': v for k, v in network.state_dict().items()}
    checkpoint = dict(seed=1, epo=3, model_state_dict=weights, optimizer_state_dict={})
    converted = convert_weights(checkpoint, source)
    model = model_of(repo, config, backbone)
    model.load_state_dict(fit_weights(converted.state_dict, model).state_dict)
    side = 16 if theirs == 'C3D' else 32
    x = torch.rand(2, 3, 16, side, side, dtype=torch.float64)
    with torch.no_grad():
        expected = network(x)
    assert expected.std() > 1e-3 and not expected[0].equal(expected[1])
    assert (logits(model, x) - expected).abs().max() < 1e-9
    scale = expected.abs().max().clamp(min=1)
    single = logits(model.float(), x.float()).double()
    assert ((single - expected).abs().max() / scale) < 1e-4


def sports(published):
    """MMAction2's C3D on Sports-1M: 487 classes, no batch normalisation."""
    network = published.randomise(published.C3D(487, flat=512, norm=False))
    weights = {}
    for name, value in network.state_dict().items():
        module, kind = name.split('.')
        if module.startswith('conv'):
            module = 'conv' + {'1': '1a', '2': '2a'}.get(module[4:], module[4:])
            weights[f'backbone.{module}.conv.{kind}'] = value
        else:
            module = 'cls_head.fc_cls' if module == 'fc8' else f'backbone.{module}'
            weights[f'{module}.{kind}'] = value
    return network, weights


@pytest.mark.parametrize('prefix', ['backbone.', ''])
def test_sports_1m_without_batch_normalisation(published, repo, prefix):
    network, weights = sports(published)
    if not prefix:
        weights = {
            k.removeprefix('backbone.'): v
            for k, v in weights.items()
            if not k.startswith('cls_head')
        }
    converted = convert_weights(dict(state_dict=weights), 'mmaction')
    model = model_of(repo, 'c3d', dict(out_dim=512), 487)
    fit = fit_weights(converted.state_dict, model)
    assert '8 were added' in ' '.join(fit.notes)
    missing = model.load_state_dict(fit.state_dict, strict=False).missing_keys
    if prefix:
        assert all(name.endswith('num_batches_tracked') for name in missing)
    else:
        assert {'cls_head.fc_cls.weight', 'cls_head.fc_cls.bias'} <= set(missing)
        assert 'The file has no classifier' in ' '.join(fit.notes)
        model.cls_head.fc_cls = network.fc8
    x = torch.rand(2, 3, 16, 16, 16, dtype=torch.float64)
    with torch.no_grad():
        expected = network(x)
    assert (logits(model, x) - expected).abs().max() < 1e-9


def test_own_checkpoint_goes_through_as_it_is(repo):
    model = model_of(repo, 'r3d18', {})
    state = model.state_dict()
    converted = convert_weights(dict(state_dict=state), 'mmaction')
    assert converted.state_dict.keys() == state.keys() and not converted.notes


def test_classifier_of_another_size_is_left_out_with_a_word(published, repo):
    network = published.R3D18(num_classes=400)
    converted = convert_weights(network.state_dict(), 'torchvision')
    fit = fit_weights(converted.state_dict, model_of(repo, 'r3d18', {}))
    assert fit.notes == [
        'The classifier of 400 classes was left out: it starts from random weights.'
    ]
    assert not any(name.startswith('cls_head') for name in fit.state_dict)


def test_biases_before_batch_normalisation_are_told(published):
    notes = convert_weights(published.C3D(flat=512).state_dict(), 'dfew-official').notes
    assert len(notes) == 1 and 'biases of 8 convolutions' in notes[0]


def test_wrong_source_says_which_it_may_be(published):
    weights = published.R3D18().state_dict()
    with pytest.raises(ValueError) as error:
        convert_weights(weights, 'piergiaj-i3d')
    assert 'not weights of I3D' in str(error.value)
    assert 'stem.0.weight' in str(error.value)
    assert '--from dfew-official or torchvision' in str(error.value)
    with pytest.raises(ValueError, match="one of .*'hara'.*got 'keras'"):
        convert_weights(weights, 'keras')


def test_networks_of_one_naming_scheme_are_told_apart(published, repo):
    for network, key in ((published.R3D18, 'r3d18'), (published.MC3, 'mc3_18')):
        weights = network(num_classes=400).state_dict()
        assert convert_weights(weights, 'torchvision').network == key
    # As torchvision's documentation has it.
    trained = [p.numel() for p in published.MC3(num_classes=400).parameters()]
    assert sum(trained) == 11_695_440
    fit = convert_weights(weights, 'torchvision').state_dict
    with pytest.raises(ValueError, match=r'layer2.0.conv1.conv.weight .*1, 3, 3'):
        fit_weights(fit, model_of(repo, 'r3d18', {}))


def test_weights_of_a_2d_network_are_sent_nowhere():
    weights = {
        'conv1.weight': torch.zeros(64, 3, 7, 7), 'bn1.weight': torch.zeros(64),
        'layer1.0.conv1.weight': torch.zeros(64, 64, 3, 3),
    }  # fmt: skip
    for source in ('hara', 'torchvision', 'dfew-official'):
        with pytest.raises(
            ValueError, match='not weights of .* a 2-D network'
        ) as error:
            convert_weights(weights, source)
        assert '--from' not in str(error.value)


def test_weights_of_another_depth_are_a_table(published, repo):
    converted = convert_weights(published.HaraResNet(34).state_dict(), 'hara')
    with pytest.raises(ValueError) as error:
        fit_weights(converted.state_dict, model_of(repo, 'resnet3d18', {}))
    text = str(error.value)
    assert 'do not fit' in text and 'in the file' in text
    assert 'backbone.layer1.2.conv1.conv.weight' in text
    assert '(64, 64, 3, 3, 3)' in text and '… and' in text


def test_strangers_among_the_weights_are_named(published):
    weights = dict(published.R3D18().state_dict(), attention=torch.zeros(1))
    with pytest.raises(ValueError, match='look like R3D18, but 1 of .*: attention'):
        convert_weights(weights, 'torchvision')


@pytest.mark.parametrize('nothing', [{}, dict(epoch=3), [1, 2]])
def test_no_weights_at_all(nothing):
    with pytest.raises(ValueError, match='weights'):
        convert_weights(nothing, 'hara')

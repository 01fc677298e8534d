"""A model file from someone else runs no code and reads no other file."""

import json
import sys
from dataclasses import replace

import pytest

from dfew_mmaction.apis import ExpressionInferencer
from dfew_mmaction.inference import ModelFacts
from dfew_mmaction.inference.classifiers.torch_classifier import TorchClassifier
from dfew_mmaction.inference.model_files.model_file import (
    model_file_bytes,
    read_model_file,
)
from dfew_mmaction.inference.model_files.safe_network import network_of_facts


@pytest.mark.parametrize(
    'part, value, says',
    [
        ('network', 'os.system', "network part 'os.system', which is not"),
        ('network', 'subprocess.Popen', "network part 'subprocess.Popen'"),
        ('network', {'a': 1}, 'network part'),
        ('pipeline', 'ImgAug', "transform 'ImgAug'; a model file may ask for"),
        ('pipeline', 'os.system', "transform 'os.system'"),
    ],
)
def test_foreign_parts_are_refused(published, tmp_path, part, value, says):
    file = read_model_file(published)
    given = json.loads(file.facts.to_json())
    place = given['network']['backbone'] if part == 'network' else given['pipeline'][1]
    place.clear()
    place.update(type=value, command=f'touch {tmp_path}/ran', args=['touch'])
    path = tmp_path / 'foreign.pth'
    facts = ModelFacts.from_json(json.dumps(given))
    path.write_bytes(model_file_bytes(file.state_dict, facts))
    with pytest.raises(ValueError, match=says):
        TorchClassifier(None, path)
    assert [p.name for p in tmp_path.iterdir()] == ['foreign.pth']


@pytest.mark.parametrize(
    'place, part, says',
    [
        # Types by other keys than `type`, and what MMEngine imports by itself.
        ('backbone', dict(type='FeatureLossHead', head='subprocess.Popen'), 'Popen'),
        ('cls_head', dict(type='FeatureLossHead', head='subprocess.Popen'), 'Popen'),
        ('backbone', dict(type='FeatureLossHead', head='foreign'), "'foreign'"),
        ('backbone', dict(type='C3D', _scope_='foreign'), "'foreign.C3D'"),
        (
            'backbone',
            dict(type='ConvModule', in_channels=3, out_channels=3, kernel_size=1,
                 padding='touch ran', padding_mode='os.system'),
            "'evil.pth' asks for the network part 'os.system'",
        ),
        (
            'backbone',
            dict(type='STGCN', graph_cfg=dict(layout='coco', mode='stgcn_spatial'),
                 gcn_norm='foreign'),
            "'evil.pth' asks for the network part 'foreign'",
        ),
    ],
)  # fmt: skip
def test_no_key_of_a_network_runs_code(
    published, tmp_path, monkeypatch, place, part, says
):
    file = read_model_file(published)
    part = dict(part)
    if 'head' in part:
        part['args'] = ['touch', 'ran']
    file.facts.network[place] = part
    (tmp_path / 'evil.pth').write_bytes(model_file_bytes(file.state_dict, file.facts))
    # What lies where it is opened could be imported.
    (tmp_path / 'foreign').mkdir()
    (tmp_path / 'foreign' / '__init__.py').write_text("open('ran', 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match=says):
        ExpressionInferencer('evil.pth', detector='none', device='cpu')
    assert not (tmp_path / 'ran').exists() and 'foreign' not in sys.modules


def test_weights_from_elsewhere_are_not_read(published, tmp_path):
    file = read_model_file(published)
    elsewhere = dict(type='Pretrained', checkpoint=str(tmp_path / 'gone.pth'))
    file.facts.network['backbone'].update(init_cfg=elsewhere, pretrained='http://x/y')
    assert 'gone' in str(file.facts.network)
    config = network_of_facts(file)
    assert 'gone' not in str(config) and 'http' not in str(config)
    assert config.model.backbone.type == file.facts.network['backbone']['type']


def test_a_description_that_is_none():
    for text in ('no json', '[]', '{"format": 2}', '{"format": 1, "classes": ["a"]}'):
        with pytest.raises(ValueError, match='expected the description of a model'):
            ModelFacts.from_json(text)
    facts = ModelFacts(('a',), 16, 'even', (8, 8), (0.0,), (1.0,))
    assert ModelFacts.from_json(facts.to_json()) == facts
    for wrong, says in (
        (dict(template=[[0.1, 0.2]] * 10), 'template is not five pairs'),
        (dict(template=[[0.1, 0.2], [0.3]]), 'expected the description'),
        (dict(pipeline=['Resize']), "step 'Resize' of the pipeline has no type"),
        (dict(pipeline=[dict(scale=3)]), "step {'scale': 3} of the pipeline has no"),
    ):
        with pytest.raises(ValueError, match=says):
            ModelFacts.from_json(replace(facts, **wrong).to_json())

"""A checkpoint on another set, by the command."""

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from dfew_mmaction.apis import cross_set_config, run_cross_set
from dfew_mmaction.evaluation.functional import read_predictions, uar_war
from dfew_mmaction.synthetic import lay_out


@pytest.fixture(scope='module')
def trained(tmp_path_factory, demo_root, tiny_config):
    """A config on the demo set, its checkpoint after an epoch, and FERV39k's layout."""
    folder = tmp_path_factory.mktemp('cross')
    more = f"""
for loader in (train_dataloader, val_dataloader):
    loader['dataset']['data_root'] = {str(demo_root)!r}
    loader['dataset']['classes'] = ('Anger', 'sad', 'happy', 'neutral', 'disgust',
                                    'fear', 'surprise')
"""
    config = tiny_config(folder, 'ce', epochs=1, more=more)
    cfg = Config.fromfile(config)
    cfg.work_dir, cfg.experiment_name = str(folder / 'run'), 'cross_set_training'
    Runner.from_cfg(cfg).train()
    other = lay_out(demo_root, folder / 'FERV39k', 'ferv39k')
    return config, folder / 'run' / 'epoch_1.pth', other


def test_command_scores_the_shared_classes(trained, repo, run, tmp_path):
    config, checkpoint, root = trained
    listed = root / '4_setups' / 'All_scenes' / 'test_All.csv'
    whole = listed.read_text()
    listed.write_text(whole.replace('Happy/', 'X/').replace(' Happy', ' Contempt'))
    for folder in (root / '2_ClipsforFaceCrop').iterdir():
        if (folder / 'Happy').is_dir():
            (folder / 'Happy').rename(folder / 'X')
    done = run(
        'python', 'tools/cross_set.py', config, checkpoint,
        'configs/_base_/datasets/ferv39k.py', '--work-dir', tmp_path / 'w',
        '--dump', tmp_path / 'p.csv', FERV39K_ROOT=root,
    )  # fmt: skip
    log = done.stdout + done.stderr
    assert 'Clips of other classes are left out: 2 Contempt.' in log
    video_ids, labels, scores, classes = read_predictions(tmp_path / 'p.csv')
    # In the order of the checkpoint, each clip by the word of its list.
    assert classes[:3] == ('Anger', 'sad', 'happy')
    words = dict(row.split() for row in listed.read_text().splitlines())
    named = {'Anger': 'Angry'}
    for name, label in zip(video_ids, labels):
        word = named.get(classes[label], classes[label].capitalize())
        assert words.pop(name) == word
    assert set(words.values()) == {'Contempt'} and len(labels) == 12
    with pytest.warns(UserWarning, match='no sample of the classes happy'):
        expected = uar_war(scores, labels, 7, classes=classes)
    assert f'{100 * expected["UAR"]:.2f}' in log
    listed.write_text(whole)


def test_scores_are_those_of_its_own_set(trained, demo_root, tmp_path):
    """FERV39k's layout holds the same clips: their frames are all there, not 16."""
    config, checkpoint, root = trained
    own = Config.fromfile(config)
    own.load_from, own.work_dir = str(checkpoint), str(tmp_path / 'own')
    own.test_dataloader.dataset.source = 'frames'
    own.experiment_name = 'own'
    expected = Runner.from_cfg(own).test()
    for folder in (root / '2_ClipsforFaceCrop').iterdir():
        if (folder / 'X').is_dir():
            (folder / 'X').rename(folder / 'Happy')
    (tmp_path / 'data.py').write_text(
        f"""
test_dataloader = dict(dataset=dict(
    type='FERV39kDataset', data_root={str(root)!r}, split='test', pipeline=[]))
"""
    )
    cfg = cross_set_config(config, checkpoint, tmp_path / 'data.py')
    cfg.experiment_name = 'cross'
    scores = run_cross_set(cfg, tmp_path / 'w')
    assert scores == pytest.approx(expected)


class Foreign:
    """An object that a checkpoint must not request."""


def test_what_cannot_be_compared_is_an_error(trained, tmp_path, repo):
    config, checkpoint, _ = trained
    data = repo / 'configs/_base_/datasets/ferv39k.py'
    with pytest.raises(FileNotFoundError, match=r"no file '.*none\.pth'"):
        cross_set_config(config, tmp_path / 'none.pth', data)
    nameless = tmp_path / 'nameless.pth'
    torch.save(dict(state_dict={'w': torch.zeros(1)}, meta={}), nameless)
    with pytest.raises(ValueError, match='has no class names'):
        cross_set_config(config, nameless, data)
    torch.save(dict(state_dict={'w': torch.zeros(1)}, meta=Foreign()), nameless)
    with pytest.raises(RuntimeError, match=r'nameless\.pth.*Foreign'):
        cross_set_config(config, nameless, data)
    (tmp_path / 'n.safetensors').write_bytes(b'')
    with pytest.raises(ValueError, match='reads .pth only; publish .* without `--safe'):
        cross_set_config(config, tmp_path / 'n.safetensors', data)
    (tmp_path / 'x.py').write_text("test_dataloader = dict(dataset=dict(type='X'))")
    with pytest.raises(ValueError, match='expected a `test_dataloader` with an expres'):
        cross_set_config(config, checkpoint, tmp_path / 'x.py')


def test_videos_are_prepared_at_the_networks_size(trained, repo):
    config, checkpoint, _ = trained
    data = repo / 'configs/_base_/datasets/caer.py'
    pipeline = cross_set_config(config, checkpoint, data).test_dataloader.dataset[
        'pipeline'
    ]
    assert [step['type'] for step in pipeline][:3] == [
        'OpenFaceVideo', 'SampleFaceFrames', 'DecordDecode',
    ]  # fmt: skip
    assert [s['scale'] for s in pipeline if 'scale' in s] == [(32, 32)]

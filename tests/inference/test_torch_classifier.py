import cv2
import numpy as np
import pytest
import torch
from mmaction.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

from dfew_mmaction.clips import interpolate_frames
from dfew_mmaction.evaluation.functional import read_predictions
from dfew_mmaction.inference import ClipClassifier, ExpressionInferencer
from dfew_mmaction.inference.classifiers.torch_classifier import TorchClassifier


@pytest.fixture(scope='module')
def classifier(network):
    return TorchClassifier(*network, 'cpu')


@pytest.fixture(scope='module')
def tested(network, published, held_out, tmp_path_factory, run):
    """Scores of the held-out clips by tools/test.py, which takes the model file too."""
    folder = tmp_path_factory.mktemp('tested')
    run(
        'python', 'tools/test.py', network[0], published, '--work-dir', folder,
        '--dump', folder / 'p.csv',
    )  # fmt: skip
    ids, _, scores, _ = read_predictions(folder / 'p.csv')
    rows = dict(zip(ids.tolist(), scores.astype(np.float32)))
    return np.stack([rows[path.name] for path in held_out])


def test_to_the_bit_what_testing_gives(classifier, network, held_out, tested):
    """The val loader's batch holds all 14 clips, and so does this one."""
    ours = classifier(held_out)
    assert ours.dtype == np.float32 and ours.shape == (14, 7)
    assert (ours == tested).all()
    assert len(np.unique(tested.argmax(axis=1))) > 1  # it distinguishes clips
    inferencer = ExpressionInferencer(*network, detector='none', batch_size=14)
    assert (inferencer.predict_clips(held_out) == tested).all()
    # In other batches the sums are rounded otherwise.
    np.testing.assert_allclose(classifier(held_out, batch_size=3), tested, atol=1e-5)


def test_clips_in_memory(classifier, network):
    """Against the network called by hand."""
    clips = np.random.default_rng(0).integers(0, 256, (3, 16, 224, 224, 3), np.uint8)
    small = [[cv2.resize(f, (32, 32), interpolation=cv2.INTER_AREA) for f in clip]
             for clip in clips]  # fmt: skip
    init_default_scope('mmaction')
    config = Config.fromfile(network[0])
    model = MODELS.build(config.model).eval()
    state = torch.load(network[1], weights_only=True)['state_dict']
    model.load_state_dict(state)
    pixels = torch.tensor(np.array(small)).permute(0, 4, 1, 2, 3)
    with torch.no_grad():
        features = model.backbone((pixels - 127.5) / 64)
        expected = model.cls_head(features).softmax(dim=1).numpy()
    assert isinstance(classifier, ClipClassifier)
    np.testing.assert_allclose(classifier(clips), expected, atol=1e-6)
    assert classifier(clips[:0]).shape == (0, 7)
    assert (classifier.num_frames, classifier.sampling) == (16, 'interpolate')


def test_a_whole_video_is_a_clip(classifier, network, demo_root):
    """`window=None` on a cut video: all its frames, interpolated, in one go."""
    video = next((demo_root / 'Clip' / 'clip_224x224_avi').iterdir())
    capture, frames = cv2.VideoCapture(str(video)), []
    while (read := capture.read())[0]:
        frames.append(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB))
    clip = interpolate_frames(np.stack(frames), 16)
    inferencer = ExpressionInferencer(*network, detector='none', window=None)
    (result,) = inferencer(video)
    (face,) = result.faces
    assert (face.raw == classifier(clip[None])).all() and face.num_frames == len(frames)
    assert (inferencer.predict_clips([video]) == face.raw).all()


def test_frames_that_are_not_sixteen_are_interpolated(classifier, network, demo_root):
    """All at full size, as the release's 16-frame clips were made from them."""
    folder = next((demo_root / 'Clip' / 'clip_224x224').iterdir())
    names = sorted(folder.iterdir())
    assert len(names) != 16
    frames = [cv2.imread(str(name))[..., ::-1] for name in names]
    clip = interpolate_frames(np.stack(frames), 16)
    inferencer = ExpressionInferencer(*network, detector='none')
    ours = inferencer.predict_clips([folder])
    assert (ours == classifier(clip[None])).all()


def test_frames_as_the_pipeline_samples_them(network, tmp_path, held_out):
    text = network[0].read_text().replace("source='16f'", "source='frames'")
    assert text.count("source='frames'") >= 2
    (tmp_path / 'frames.py').write_text(text)
    classifier = TorchClassifier(tmp_path / 'frames.py', network[1], 'cpu')
    assert classifier.sampling == 'segments'
    assert classifier.reads(held_out[0])


def test_what_cannot_be_used(network, tmp_path):
    config, checkpoint = network
    with pytest.raises(FileNotFoundError, match="no checkpoint '.*gone.pth'"):
        TorchClassifier(config, tmp_path / 'gone.pth')
    with pytest.raises(FileNotFoundError, match="no config '.*gone.py'"):
        TorchClassifier(tmp_path / 'gone.py', checkpoint)
    with pytest.raises(ValueError, match='does not describe its network.*publish.py'):
        TorchClassifier(None, checkpoint)
    loaded = torch.load(checkpoint, weights_only=True)
    loaded['meta']['dataset_meta']['classes'] = ('yes', 'no')
    torch.save(loaded, tmp_path / 'two.pth')
    with pytest.raises(ValueError, match=r'2 classes \(yes, no\), the network.* 7'):
        TorchClassifier(config, tmp_path / 'two.pth')
    del loaded['meta'], loaded['state_dict']['cls_head.fc_cls.bias']
    torch.save(loaded, tmp_path / 'part.pth')
    with pytest.raises(ValueError, match='does not fill.*1 of .*\n.*fc_cls.bias'):
        TorchClassifier(config, tmp_path / 'part.pth')
    torch.save({'epoch': 3}, tmp_path / 'none.pth')
    with pytest.raises(ValueError, match="none.pth' contains no weights"):
        TorchClassifier(config, tmp_path / 'none.pth')
    (tmp_path / 'cut.pth').write_bytes(checkpoint.read_bytes()[:5000])
    with pytest.raises(RuntimeError, match='not a complete checkpoint'):
        TorchClassifier(config, tmp_path / 'cut.pth')


def test_the_number_of_classes_is_that_of_the_head_that_is_built(network, tmp_path):
    config, loaded = Config.fromfile(network[0]), torch.load(network[1])
    head = dict(type='I3DHead', num_classes=7, in_channels=16)
    nested = dict(type='FeatureLossHead', head=head)
    usual = dict(type='C3DHead', in_channels=16)  # seven, as it is its default
    for name, cls_head in dict(nested=nested, usual=usual).items():
        config.model.cls_head = dict(cls_head)
        config.dump(tmp_path / f'{name}.py')
    silent = {'state_dict': loaded['state_dict']}
    torch.save(silent, tmp_path / 'silent.pth')
    loaded['meta']['dataset_meta']['classes'] = ('yes', 'no')
    torch.save(loaded, tmp_path / 'two.pth')
    for path in (tmp_path / 'nested.py', tmp_path / 'usual.py'):
        ours = TorchClassifier(path, tmp_path / 'silent.pth', 'cpu')
        assert ours.classes == TorchClassifier(*network, 'cpu').classes
        with pytest.raises(ValueError, match=r'2 classes \(yes, no\), the network.* 7'):
            TorchClassifier(path, tmp_path / 'two.pth', 'cpu')


def test_pipelines_that_windows_cannot_follow(network, tmp_path):
    text = network[0].read_text().replace('SampleFaceFrames', 'SampleFrames')
    (tmp_path / 'dense.py').write_text(text)
    with pytest.raises(ValueError, match='SampleFaceFrames or .* found: SampleFrames'):
        TorchClassifier(tmp_path / 'dense.py', network[1])

"""MMDetection as the face detector, with a small network of random weights."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('mmdet.apis', exc_type=ImportError)

import mmdet  # noqa: E402
import torch  # noqa: E402
from mmengine.config import Config  # noqa: E402
from mmengine.registry import init_default_scope  # noqa: E402

from dfew_mmaction.faces.detectors import MMDetFaces, build_detector  # noqa: E402

RTMDET = (
    Path(mmdet.__file__).parent / '.mim/configs/rtmdet/rtmdet_tiny_8xb32-300e_coco.py'
)


@pytest.fixture(scope='module')
def rtmdet(tmp_path_factory):
    """A config for one class, and a checkpoint of it as MMEngine would write it."""
    from mmdet.registry import MODELS
    from mmengine.logging import HistoryBuffer

    folder = tmp_path_factory.mktemp('rtmdet')
    config = Config.fromfile(RTMDET)
    config.model.bbox_head.num_classes = 1
    config.model.backbone.pop('init_cfg', None)
    config.model.test_cfg.score_thr = 0.0
    config.model.test_cfg.max_per_img = 500
    config.dump(folder / 'faces.py')
    init_default_scope('mmdet')
    torch.manual_seed(0)
    model = MODELS.build(config.model)
    model.init_weights()
    for layer in model.bbox_head.rtm_reg:  # or the boxes are empty, and are dropped
        torch.nn.init.constant_(layer.bias, 2)
    for level, layer in enumerate(model.bbox_head.rtm_cls):  # or all scores are alike
        torch.nn.init.constant_(layer.bias, level - 1)
    checkpoint = {
        'state_dict': model.state_dict(),
        'meta': {'dataset_meta': {'classes': ('face',)}, 'cfg': config.pretty_text},
        'message_hub': {'log_scalars': {'loss': HistoryBuffer([1.0], [1])}},
    }
    torch.save(checkpoint, folder / 'faces.pth')
    return folder / 'faces.py', folder / 'faces.pth'


@pytest.fixture
def frames():
    noise = np.random.default_rng(0)
    return [
        noise.integers(0, 256, (h, w, 3), np.uint8) for h, w in [(90, 160), (64, 64)]
    ]


def test_faces_of_a_model(rtmdet, frames):
    detector = build_detector(
        'mmdet', config=rtmdet[0], checkpoint=rtmdet[1], score_threshold=0
    )
    found = detector.detect(frames)
    assert len(found) == 2 and all(0 < len(faces) <= 500 for faces in found)
    for frame, faces in zip(frames, found):
        side = max(frame.shape)
        scores = [face.score for face in faces]
        assert scores == sorted(scores, reverse=True)
        for face in faces:
            x1, y1, x2, y2 = face.box
            assert face.box.dtype == np.float32 and face.landmarks is None
            # The network sees the frame padded to a square, and random weights find
            # faces there too.
            assert -0.1 < x1 < x2 < side + 0.1 and -0.1 < y1 < y2 < side + 0.1
            assert 0 <= face.score <= 1
    (alone,) = detector.detect(frames[1:])
    np.testing.assert_allclose(
        [face.box for face in alone], [face.box for face in found[1]], atol=1e-2
    )
    assert detector.detect([]) == []


def test_score_and_label_select(rtmdet, frames):
    every = MMDetFaces(*rtmdet, score_threshold=0).detect(frames[:1])[0]
    some = MMDetFaces(*rtmdet, score_threshold=0.6).detect(frames[:1])[0]
    assert 0 < len(some) < len(every) and some[-1].score >= 0.6
    assert len(some) == sum(face.score >= 0.6 for face in every)
    assert MMDetFaces(*rtmdet, score_threshold=0, label=1).detect(frames[:1]) == [[]]


def test_a_checkpoint_of_another_model(rtmdet, tmp_path):
    foreign = tmp_path / 'foreign.pth'
    torch.save({'state_dict': {'fc.weight': torch.zeros(2, 2)}, 'meta': {}}, foreign)
    with pytest.raises(
        ValueError, match=r'foreign.pth, for the config .*faces.py, does not fill'
    ):
        MMDetFaces(rtmdet[0], foreign)


def test_a_checkpoint_with_other_classes(rtmdet, tmp_path):
    state = torch.load(rtmdet[1], weights_only=True)['state_dict']
    name = 'bbox_head.rtm_cls.0.weight'
    state[name] = torch.zeros(80, *state[name].shape[1:])
    other = tmp_path / 'other.pth'
    torch.save({'state_dict': state, 'meta': {}}, other)
    with pytest.raises(ValueError, match=f'the first is {name}'):
        MMDetFaces(rtmdet[0], other)


def test_videos_by_the_command(rtmdet, demo_root, tmp_path, run):
    from dfew_mmaction.extraction import read_manifest

    config, checkpoint = rtmdet
    video = min((demo_root / 'Clip' / 'original').iterdir())
    run(
        'python', 'tools/data/extract_faces.py', video, tmp_path / 'out',
        '--detector', 'mmdet', '--workers', '1', '--detector-options',
        f'config={config}', f'checkpoint={checkpoint}', 'score_threshold=0.0',
    )  # fmt: skip
    table = read_manifest(tmp_path / 'out' / 'manifest.csv')
    assert table['kept'].tolist() == [True]
    assert table['useful'][0] == table['frames'][0] and table['faces'][0] > 0

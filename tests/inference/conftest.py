"""Videos made for the tests, and a network that was not trained."""

import cv2
import numpy as np
import pytest

CLASSES = ('happy', 'sad', 'neutral', 'angry', 'surprise', 'disgust', 'fear')


class ColorClassifier:
    """A classifier without a network: shares of red, green and blue in a clip."""

    classes = ('red', 'green', 'blue')
    num_frames = 16
    sampling = 'interpolate'

    def __init__(self):
        self.batches = []

    def __call__(self, clips):
        assert clips.dtype == np.uint8 and clips.shape[1:] == (16, 224, 224, 3)
        self.batches.append(len(clips))
        means = clips.mean(axis=(1, 2, 3)) + 1e-3
        return (means / means.sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(autouse=True)
def scope():
    """MMEngine builds the parts of a network in the default scope."""
    from mmengine.registry import init_default_scope

    init_default_scope('mmaction')


@pytest.fixture
def colors():
    return ColorClassifier()


def write_video(path, frames, fps=10):
    """Write RGB frames as mp4."""
    kind = cv2.VideoWriter_fourcc(*'mp4v')
    writer = cv2.VideoWriter(str(path), kind, fps, frames[0].shape[1::-1])
    for frame in frames:
        writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    writer.release()
    return path


@pytest.fixture
def video():
    return write_video


@pytest.fixture
def red_to_blue():
    """Two seconds of red, two of blue, 10 frames a second, RGB."""
    red = np.full((20, 64, 96, 3), (220, 20, 20), np.uint8)
    return np.concatenate([red, red[..., ::-1]])


@pytest.fixture(scope='session')
def network(tmp_path_factory, demo_root, tiny_config, held_out):
    """Config and checkpoint of a tiny C3D as training would leave them, untrained."""
    import os

    import torch
    from mmaction.registry import MODELS
    from mmengine.config import Config
    from mmengine.registry import init_default_scope

    folder = tmp_path_factory.mktemp('network')
    before = os.environ.get('DFEW_ROOT')
    os.environ['DFEW_ROOT'] = str(demo_root)
    path = tiny_config(folder)
    init_default_scope('mmaction')
    config = Config.fromfile(path)
    if before is None:
        del os.environ['DFEW_ROOT']
    else:
        os.environ['DFEW_ROOT'] = before
    # The paths of the demo set are in the text now.
    config.dump(folder / 'resolved.py')
    torch.manual_seed(0)
    model = MODELS.build(config.model)
    # Scores that differ from clip to clip: features and logits about zero.
    clips = [[cv2.imread(str(f)) for f in clip.iterdir()] for clip in held_out]
    small = np.array([[cv2.resize(f, (32, 32)) for f in clip] for clip in clips])
    pixels = (torch.tensor(small).permute(0, 4, 1, 2, 3) - 127.5) / 255
    for part in model.modules():
        if isinstance(part, torch.nn.BatchNorm3d):
            part.momentum = 1.0
    last = model.cls_head.fc_cls
    with torch.no_grad():
        model.backbone(pixels)
        model.eval()
        logits = model.cls_head(model.backbone(pixels))
        last.weight *= 2 / logits.std(dim=0).mean()
        last.bias -= model.cls_head(model.backbone(pixels)).mean(dim=0)
    known = dict(dataset='DFEW', fold=1, source='16f', classes=CLASSES)
    checkpoint = dict(
        meta=dict(dataset_meta=known, cfg='raise SystemExit'),
        state_dict=model.state_dict(),
        optimizer=dict(state=torch.zeros(100_000)),
    )
    torch.save(checkpoint, folder / 'epoch_1.pth')
    return folder / 'resolved.py', folder / 'epoch_1.pth'


@pytest.fixture(scope='session')
def held_out(demo_root):
    """Folders of the 16-frame clips of the demo set's test part, and their ids."""
    split = demo_root / 'EmoLabel_DataSplit' / 'test(single-labeled)' / 'set_1.csv'
    ids = [int(line.split(',')[0]) for line in split.read_text().splitlines()[1:]]
    return [demo_root / 'Clip' / 'clip_224x224_16f' / f'{i:05d}' for i in ids]


@pytest.fixture(scope='session')
def published(network, tmp_path_factory):
    """The same network in a model file, with scores that are made up."""
    from dfew_mmaction.apis import publish
    from dfew_mmaction.evaluation.functional import write_predictions

    folder = tmp_path_factory.mktemp('published')
    scores = np.eye(7)[[0, 1, 2, 3, 4, 5, 0, 0]]
    labels = [0, 1, 2, 3, 4, 5, 6, 0]
    ids = [f'{i:05d}' for i in range(8)]
    write_predictions(folder / 'p.csv', ids, labels, scores, CLASSES)
    return publish(*network, folder, 'tiny', folder / 'p.csv', note='A test.')

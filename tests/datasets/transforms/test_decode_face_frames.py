import cv2
import numpy as np
import pytest
from PIL import Image

from dfew_mmaction.datasets import DecodeFaceFrames
from dfew_mmaction.utils import DecodeError


@pytest.fixture
def frames(tmp_path):
    ramp = np.linspace(0, 255, 224).astype(np.uint8)
    paths = []
    for i in range(3):
        picture = np.stack(np.broadcast_arrays(ramp[:, None], ramp, 40 * i), axis=-1)
        Image.fromarray(picture.astype(np.uint8)).save(
            tmp_path / f'{i}.jpg', quality=95
        )
        paths.append(str(tmp_path / f'{i}.jpg'))
    return paths


def decode(paths, indices, **kwargs):
    results = dict(frame_paths=paths, frame_inds=np.array(indices))
    return DecodeFaceFrames(**kwargs)(results)


def test_rgb_as_pillow_reads_it(frames):
    got = decode(frames, [2, 0, 2])
    assert got['imgs'].shape == (3, 224, 224, 3) and got['imgs'].dtype == np.uint8
    for index, picture in zip([2, 0, 2], got['imgs']):
        oracle = np.asarray(Image.open(frames[index]).convert('RGB'), np.int16)
        assert np.abs(oracle - picture).max() <= 3


@pytest.mark.parametrize('exact', [False, True])
@pytest.mark.parametrize('scale', [112, (112, 112), [112, 112]])
def test_area_resize(frames, scale, exact):
    got = decode(frames, [0], scale=scale, exact=exact)
    full = np.asarray(Image.open(frames[0]).convert('RGB'), np.float64)
    oracle = full.reshape(112, 2, 112, 2, 3).mean(axis=(1, 3))
    assert got['imgs'].shape == (1, 112, 112, 3)
    assert (got['img_shape'], got['original_shape']) == ((112, 112), (224, 224))
    assert np.abs(oracle - got['imgs'][0]).max() <= 3


@pytest.mark.parametrize('scale', [16, 28, 56, 62, 100, 112, 150, 224, 300, (30, 200)])
def test_decoding_in_part_is_close_to_exact(demo_root, scale):
    clip = min((demo_root / 'Clip' / 'clip_224x224_16f').iterdir())
    paths = [str(clip / f'{i}.jpg') for i in range(1, 17)]
    quick = decode(paths, range(16), scale=scale)
    exact = decode(paths, range(16), scale=scale, exact=True)
    assert quick['imgs'].shape == exact['imgs'].shape
    assert quick['original_shape'] == exact['original_shape'] == (224, 224)
    difference = np.abs(quick['imgs'].astype(int) - exact['imgs'])
    assert difference.mean() < 2.5


@pytest.mark.parametrize('size', [(97, 131), (225, 223), (64, 512)])
def test_odd_sizes_are_decoded_in_part(tmp_path, size):
    picture = cv2.resize(np.eye(8, dtype=np.uint8) * 200, size[::-1])
    path = str(tmp_path / '1.jpg')
    cv2.imwrite(path, picture, [cv2.IMWRITE_JPEG_QUALITY, 98])
    quick, exact = (decode([path], [0], scale=24, exact=e)['imgs'] for e in (0, 1))
    assert quick.shape == (1, 24, 24, 3)
    assert np.abs(quick.astype(int) - exact).mean() < 4


def test_width_comes_first(frames):
    assert decode(frames, [0], scale=(60, 40))['imgs'].shape == (1, 40, 60, 3)


def test_grey_pictures_become_rgb(tmp_path):
    path = str(tmp_path / '1.png')
    cv2.imwrite(path, np.arange(256, dtype=np.uint8).reshape(16, 16))
    picture = decode([path], [0])['imgs'][0]
    assert picture.shape == (16, 16, 3)
    assert (picture[..., 0] == picture[..., 2]).all() and picture[15, 15, 0] == 255


@pytest.mark.parametrize('keep', [0, 10, 0.5, -2])
def test_cut_off_file_is_named(frames, keep):
    with open(frames[1], 'rb') as file:
        content = file.read()
    keep = int(len(content) * keep) if isinstance(keep, float) else keep
    with open(frames[1], 'wb') as file:
        file.write(content[:keep])
    with pytest.raises(DecodeError, match=r'1\.jpg'):
        decode(frames, [0, 1])


@pytest.mark.parametrize('keep', [0.4, 0.8, 0.99])
def test_cut_off_file_with_a_thumbnail_is_named(frames, keep):
    with open(frames[1], 'rb') as file:
        content = file.read()
    thumbnail = cv2.imencode('.jpg', np.full((16, 16, 3), 90, np.uint8))[1].tobytes()
    segment = b'Exif' + thumbnail
    header = b'\xff\xe1' + (len(segment) + 2).to_bytes(2, 'big') + segment
    whole = content[:2] + header + content[2:]
    with open(frames[1], 'wb') as file:
        file.write(whole)
    assert decode(frames, [1])['imgs'].std() > 0
    with open(frames[1], 'wb') as file:
        file.write(whole[: int(len(whole) * keep)])
    with pytest.raises(DecodeError, match=r'1\.jpg'):
        decode(frames, [1])


def test_missing_file_is_named(frames):
    with pytest.raises(DecodeError, match=r'nowhere\.jpg.*No such file'):
        decode([*frames, 'nowhere.jpg'], [3])


def test_frames_of_several_sizes_need_a_scale(frames):
    cv2.imwrite(frames[1], np.zeros((100, 100, 3), np.uint8))
    with pytest.raises(ValueError, match='differ in size'):
        decode(frames, [0, 1])
    assert decode(frames, [0, 1], scale=50)['imgs'].shape == (2, 50, 50, 3)


@pytest.mark.parametrize('scale', [0, (1, 2, 3), (10, -1)])
def test_wrong_scale(scale):
    with pytest.raises(ValueError, match='scale must be'):
        DecodeFaceFrames(scale)

"""Decoding of the chosen frames of a clip."""

from io import BytesIO

import cv2
import numpy as np
from mmaction.registry import TRANSFORMS
from mmcv.transforms import BaseTransform
from mmengine.fileio import get

from ...utils import DecodeError
from ...utils.pictures import picture_size
from .steps import DECODE

# OpenCV's flag for decoding a JPEG at 1/n of its height and width.
_REDUCED = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}


@TRANSFORMS.register_module()
class DecodeFaceFrames(BaseTransform):
    """Decode the chosen frames at the required size.

    Required keys: ``frame_paths`` (or ``packed_frames``, of a :class:`.Pack`),
    ``frame_inds``. Added keys: ``imgs``, uint8 of shape (clip_len, H, W, 3) in RGB,
    ``img_shape`` and ``original_shape`` as (H, W).

    A JPEG is decoded at a half, a quarter or an eighth of its size if that is at least
    ``scale``, and then resized if necessary: from 224 to 112 it is not.

    Args:
        scale (int | tuple[int], optional): Size of the frames as (width, height), or
            one number for both. Defaults to None: the size of the files.
        exact (bool): Decode at full size and resize by area. Slower; the mean
            difference is one to two grey levels. Defaults to False.
        backend_args (dict, optional): File backend of MMEngine. Defaults to None: the
            local disk.

    Raises:
        DecodeError: If a file is missing, truncated, not a picture or too large.
        ValueError: If the frames of a clip differ in size and no scale is given, or a
            pack contains frames of another size.
    """

    step = DECODE

    def __init__(
        self,
        scale: int | tuple[int, int] | None = None,
        exact: bool = False,
        backend_args: dict | None = None,
    ) -> None:
        self.scale: tuple[int, int] | None = None
        if scale is not None:
            sizes = (scale, scale) if isinstance(scale, int) else tuple(scale)
            if len(sizes) != 2 or min(sizes) < 1:
                raise ValueError(
                    f'scale must be one or two positive numbers, got {scale!r}'
                )
            self.scale = sizes
        self.exact, self.backend_args = exact, backend_args

    def transform(self, results: dict) -> dict:
        """Add the pictures, see the class."""
        indices = np.ravel(results['frame_inds']).tolist()
        if 'packed_frames' in results:
            frames = self._packed(results)
            results['original_shape'] = frames.shape[1:3]
            results['imgs'] = frames[indices]
        else:
            results['imgs'] = self._decode_all(results, indices)
        results['img_shape'] = results['imgs'].shape[1:3]
        return results

    def _packed(self, results: dict) -> np.ndarray:
        """Frames of a pack, if they are equal to decoded ones."""
        frames = results['packed_frames']
        size, exact = frames.shape[2:0:-1], results['packed_exact']
        if self.scale not in (None, size) or self.exact > exact:
            raise ValueError(
                f"the pack '{results['frame_dir']}' holds frames of {size}, decoded "
                f'{"exactly" if exact else "in part"}, and DecodeFaceFrames asks for '
                f'scale={self.scale}, exact={self.exact}: pack again by '
                '`tools/data/pack_dfew.py ROOT --scale WIDTH HEIGHT`, with `--exact` '
                'where that is wanted, or change the pipeline'
            )
        return frames

    def _decode_all(self, results: dict, indices: list[int]) -> np.ndarray:
        backend = self.backend_args or results.get('backend_args')
        clip: np.ndarray | None = None
        first: dict[int, int] = {}
        for place, index in enumerate(indices):
            # Frames of a short clip occur more than once.
            if clip is not None and index in first:
                clip[place] = clip[first[index]]
                continue
            first[index] = place
            path = results['frame_paths'][index]
            content = self._read(path, backend)
            if 'original_shape' not in results:
                results['original_shape'] = self._size(content, path)
            picture = self._decode(content, path, results['original_shape'])
            if clip is None:
                width, height = self.scale or picture.shape[1::-1]
                clip = np.empty((len(indices), height, width, 3), np.uint8)
            if self.scale is None and picture.shape != clip.shape[1:]:
                raise ValueError(
                    f'the frames of clip {results.get("video_id", "")} differ in size: '
                    f'{[clip.shape[1:3], picture.shape[:2]]}. Give '
                    '`scale=(width, height)`.'
                )
            # Decoded into its final place, without copying the clip.
            cv2.cvtColor(self.resize(picture), cv2.COLOR_BGR2RGB, dst=clip[place])
        if clip is None:
            raise DecodeError('no frame of the clip was chosen')
        return clip

    @staticmethod
    def _read(path: str, backend_args: dict | None) -> bytes:
        try:
            content = get(path, backend_args=backend_args)
        except OSError as error:
            raise DecodeError(f"cannot read '{path}' ({error.strerror})") from error
        # Some releases of OpenCV fill the missing part of a JPEG with grey. The end
        # marker must follow the last scan: a thumbnail in the header has one, too.
        ended = content.rfind(b'\xff\xd9') > content.rfind(b'\xff\xda')
        if content[:2] == b'\xff\xd8' and not ended:
            raise _undecodable(path, 'is cut off')
        if not content:
            raise _undecodable(path, 'is empty')
        return content

    @staticmethod
    def _size(content: bytes, path: str) -> tuple[int, int]:
        """Read height and width from the header."""
        return picture_size(BytesIO(content), path)

    def _decode(self, content: bytes, path: str, size: tuple[int, int]) -> np.ndarray:
        data, part = np.frombuffer(content, np.uint8), 1
        # Only a JPEG can be decoded faster at a smaller size.
        if self.scale is not None and not self.exact and content[:2] == b'\xff\xd8':
            fits = min(size[0] // self.scale[1], size[1] // self.scale[0])
            part = max(p for p in _REDUCED if p <= max(fits, 1))
        picture = cv2.imdecode(data, _REDUCED[part])
        if picture is None:
            raise _undecodable(path, 'is not a picture')
        if part > 1 and picture.shape[:2] != tuple(-(-side // part) for side in size):
            # The frames of this clip differ in size.
            picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        return np.asarray(picture)

    def resize(self, picture: np.ndarray) -> np.ndarray:
        """Bring a decoded picture of shape (H, W, 3) to ``scale``."""
        if self.scale is None or picture.shape[1::-1] == self.scale:
            return picture
        shrinks = (
            picture.shape[1] >= self.scale[0] and picture.shape[0] >= self.scale[1]
        )
        method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        return cv2.resize(picture, self.scale, interpolation=method)

    def __repr__(self) -> str:
        return f'{type(self).__name__}(scale={self.scale}, exact={self.exact})'


def _undecodable(path: str, why: str) -> DecodeError:
    return DecodeError(f"'{path}' {why} (expected a complete picture file)")

"""Reading the chosen frames of a clip from picture files."""

from typing import Optional, Tuple, Union

import cv2
import numpy as np
from mmaction.registry import TRANSFORMS
from mmcv.transforms import BaseTransform
from mmengine.fileio import get

from ...utils import DecodeError


@TRANSFORMS.register_module()
class DecodeFaceFrames(BaseTransform):
    """Decode the frames that were chosen, at the size that is wanted.

    Required keys: ``frame_paths``, ``frame_inds``. Added keys: ``imgs``, uint8 of
    shape (clip_len, H, W, 3) in RGB, ``img_shape`` and ``original_shape`` as (H, W).

    Args:
        scale (int | tuple[int], optional): Size of the frames as (width, height), or
            one number for both. None keeps them as they are. Defaults to None.
        backend_args (dict, optional): Where MMEngine reads files from. Defaults to
            None, the disk.

    Raises:
        DecodeError: If a file is missing, cut off or no picture.
        ValueError: If the frames of a clip differ in size and no scale is given.
    """

    def __init__(
        self,
        scale: Optional[Union[int, Tuple[int, int]]] = None,
        backend_args: Optional[dict] = None,
    ) -> None:
        self.scale = (scale, scale) if isinstance(scale, int) else scale
        if self.scale is not None:
            self.scale = tuple(self.scale)
            if len(self.scale) != 2 or min(self.scale) < 1:
                raise ValueError(
                    f'scale must be one or two positive numbers, got {scale!r}'
                )
        self.backend_args = backend_args

    def transform(self, results: dict) -> dict:
        """Add the pictures, see the class."""
        frames, decoded = [], {}
        for index in np.ravel(results['frame_inds']).tolist():
            # A short clip names frames more than once.
            if index not in decoded:
                picture = self._read(results['frame_paths'][index])
                results.setdefault('original_shape', picture.shape[:2])
                decoded[index] = self._resize(picture)
            frames.append(decoded[index])
        sizes = {frame.shape for frame in frames}
        if len(sizes) > 1:
            raise ValueError(
                f'the frames of clip {results.get("video_id", "")} differ in size: '
                f'{sorted(sizes)}. Give `scale=(width, height)`.'
            )
        results['imgs'] = np.stack(frames)
        results['img_shape'] = results['imgs'].shape[1:3]
        return results

    def _read(self, path: str) -> np.ndarray:
        try:
            content = get(path, backend_args=self.backend_args)
        except OSError as error:
            raise DecodeError(f"cannot read '{path}' ({error.strerror})") from error
        # Some releases of OpenCV fill what is missing of a JPEG with grey.
        cut_off = content[:2] == b'\xff\xd8' and content.rfind(b'\xff\xd9') < 0
        picture = None
        if content and not cut_off:
            picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            why = 'is cut off' if cut_off else 'is empty' if not content else 'is none'
            raise DecodeError(f"'{path}' {why} (expected a whole picture file)")
        return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB, dst=picture)

    def _resize(self, picture: np.ndarray) -> np.ndarray:
        if self.scale is None or picture.shape[1::-1] == self.scale:
            return picture
        shrinks = (
            picture.shape[1] >= self.scale[0] and picture.shape[0] >= self.scale[1]
        )
        method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        return cv2.resize(picture, self.scale, interpolation=method)

    def __repr__(self) -> str:
        return f'{type(self).__name__}(scale={self.scale})'

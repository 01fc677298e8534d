"""Opening of a video for training."""

from typing import Any

from mmaction.registry import TRANSFORMS
from mmcv.transforms import BaseTransform

from ...video import open_reader
from .steps import READ


@TRANSFORMS.register_module()
class OpenFaceVideo(BaseTransform):
    """Open a video file by its path; ``DecordDecode`` then reads the chosen frames.

    It replaces ``DecordInit``, with which decord aborts the process on some truncated
    files, reads others as shorter videos, and gives smeared frames of damaged ones. By
    default PyAV decodes the frames, with equal pixels.

    Required key: ``filename``. Added keys: ``video_reader``, ``total_frames``,
    ``avg_fps``.

    Args:
        num_threads (int): Threads of the decoder. Defaults to 1.
        decoder (str): ``'auto'`` (``'pyav'``) or ``'decord'``, see
            :func:`dfew_mmaction.video.open_reader`. Defaults to ``'auto'``.

    Raises:
        DecodeError: If the file is missing, truncated or not a video.
        ImportError: If the decoder is not installed.
    """

    step = READ

    def __init__(self, num_threads: int = 1, decoder: str = 'auto') -> None:
        self.num_threads, self.decoder = num_threads, decoder

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Open the video, see the class."""
        reader = open_reader(results['filename'], self.decoder, self.num_threads)
        results['video_reader'] = reader
        results['total_frames'] = len(reader)
        results['avg_fps'] = reader.get_avg_fps()
        return results

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(num_threads={self.num_threads}, '
            f'decoder={self.decoder!r})'
        )

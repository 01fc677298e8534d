"""Opening a video without letting a broken one end the process."""

from typing import Any

from mmaction.datasets.transforms import DecordInit
from mmaction.registry import TRANSFORMS

from ...utils import DecodeError, check_video_file
from .steps import READ


@TRANSFORMS.register_module()
class OpenFaceVideo(DecordInit):
    """Open a video by decord, as ``DecordInit`` does, from its path.

    ``DecordInit`` hands decord the content of the file, and decord then ends the whole
    process on some files that are cut off; from a path it raises. An avi that is cut
    off would also pass for a shorter one: its header says how long it is.

    Required key: ``filename``. Added keys: ``video_reader``, ``total_frames``,
    ``avg_fps``.

    Args:
        num_threads (int): Threads of the decoder. Defaults to 1.

    Raises:
        DecodeError: If the file is missing, cut off or no video.
        ImportError: If decord is not installed.
    """

    step = READ

    def __init__(self, num_threads: int = 1) -> None:
        super().__init__(num_threads=num_threads)

    def _get_video_reader(self, filename: str) -> Any:
        try:
            import decord
        except ImportError as error:
            raise ImportError(
                'decord reads videos and is not installed: `pip install decord`, or '
                '`pip install eva-decord` on Arm and recent macOS'
            ) from error
        check_video_file(filename)
        try:
            return decord.VideoReader(filename, num_threads=self.num_threads)
        except Exception as error:  # RuntimeError or decord's own, by its release
            raise DecodeError(f"'{filename}' is no video that decord reads") from error

    def __repr__(self) -> str:
        return f'{type(self).__name__}(num_threads={self.num_threads})'

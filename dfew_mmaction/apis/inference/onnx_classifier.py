"""A network from an ONNX file.

This file needs numpy, OpenCV and ONNX Runtime only, and nothing of this package: it may
be copied to where there is no torch.
"""

import json
from pathlib import Path
from typing import Optional, Tuple, Union

import cv2
import numpy as np

_MADE_BY = 'tools/deploy/export.py'


class OnnxClassifier:
    """Probabilities of clips of aligned faces, by ONNX Runtime.

    The file says all that is needed: its metadata hold ``classes``, ``frames``,
    ``height`` and ``width``; normalisation and softmax are in its graph.

    Args:
        path (str | Path): File that ``tools/deploy/export.py`` wrote.
        threads (int, optional): Processor threads. Defaults to None: all cores.
        batch_size (int): At most so many clips run at once. Defaults to 8.

    Attributes:
        classes (tuple[str, ...]): Names, in the order of the probabilities.
        frames (int): Frames of a clip.
        size (tuple[int, int]): Height and width at which the network looks.
        metadata (dict[str, str]): All that the file says of itself.

    Raises:
        ImportError: Without onnxruntime.
        FileNotFoundError: If there is no such file.
        ValueError: If it is no ONNX file, or one that does not say what it takes.

    Examples:
        >>> classifier = OnnxClassifier('c3d.onnx')  # doctest: +SKIP
        >>> probabilities = classifier(clips)  # doctest: +SKIP
        >>> classifier.classes[probabilities[0].argmax()]  # doctest: +SKIP
        'happy'
    """

    def __init__(
        self,
        path: Union[str, Path],
        threads: Optional[int] = None,
        batch_size: int = 8,
    ) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise ImportError(
                'ONNX files are run by ONNX Runtime: `pip install onnxruntime`'
            ) from error
        if batch_size < 1:
            raise ValueError(f'batch_size must be at least 1, got {batch_size}')
        self.path, self.batch_size = Path(path), batch_size
        if not self.path.is_file():
            raise FileNotFoundError(f"there is no file '{path}'")
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads or 0
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=['CPUExecutionProvider']
            )
        # Its errors share no class but this one.
        except Exception as error:
            raise ValueError(
                f"'{path}' is not an ONNX file that ONNX Runtime {onnxruntime.__version__}"
                f' can run ({error})'
            ) from error
        self.metadata = dict(self._session.get_modelmeta().custom_metadata_map)
        self.classes, self.frames, self.size = self._read_metadata()

    def __call__(self, clips: np.ndarray) -> np.ndarray:
        """Probabilities of clips.

        Args:
            clips (np.ndarray): Aligned faces in RGB, uint8 of shape
                (n, frames, H, W, 3). Another height and width than the network's are
                resized by area, as the data set's pictures are.

        Returns:
            np.ndarray: float32 of shape (n, len(classes)); each row sums to 1.

        Raises:
            ValueError: For another type or shape.
        """
        wanted = f'uint8 of shape (n, {self.frames}, height, width, 3)'
        if (
            clips.dtype != np.uint8
            or clips.ndim != 5
            or clips.shape[1] != self.frames
            or clips.shape[4] != 3
        ):
            raise ValueError(
                f"'{self.path.name}' takes {wanted}, got {clips.dtype} of shape "
                f'{clips.shape}'
            )
        parts = [np.zeros((0, len(self.classes)), np.float32)]
        for start in range(0, len(clips), self.batch_size):
            batch = self._resize(clips[start : start + self.batch_size])
            parts += self._session.run(['probabilities'], {'clips': batch})
        return np.concatenate(parts)

    def _resize(self, clips: np.ndarray) -> np.ndarray:
        height, width = clips.shape[2:4]
        if (height, width) == self.size:
            return np.ascontiguousarray(clips)
        shrinks = height >= self.size[0] and width >= self.size[1]
        method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        out = np.empty((*clips.shape[:2], *self.size, 3), np.uint8)
        for index in np.ndindex(*clips.shape[:2]):
            out[index] = cv2.resize(
                clips[index], self.size[::-1], interpolation=method
            )
        return out

    def _read_metadata(self) -> Tuple[Tuple[str, ...], int, Tuple[int, int]]:
        names = [node.name for node in self._session.get_inputs()]
        outputs = {node.name: node.shape for node in self._session.get_outputs()}
        if names != ['clips'] or 'probabilities' not in outputs:
            raise ValueError(
                f"'{self.path}' takes {', '.join(names)} and gives "
                f'{", ".join(outputs)}; expected clips and probabilities, as '
                f'{_MADE_BY} writes them'
            )
        try:
            classes = tuple(map(str, json.loads(self.metadata['classes'])))
            frames, height, width = (
                int(self.metadata[key]) for key in ('frames', 'height', 'width')
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"'{self.path}' does not say its classes, frames, height and width "
                f'(metadata: {", ".join(self.metadata) or "none"}). Export it by '
                f'{_MADE_BY}.'
            ) from error
        if outputs['probabilities'][-1] != len(classes):
            raise ValueError(
                f"'{self.path}' gives {outputs['probabilities'][-1]} probabilities and "
                f'names {len(classes)} classes'
            )
        return classes, frames, (height, width)

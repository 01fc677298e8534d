"""A clip classifier by ONNX Runtime; needs no torch."""

from pathlib import Path

import cv2
import numpy as np

from ...utils import check_scores
from ..model_files.facts import KEY, ModelFacts
from ..model_files.onnx_file import open_session, read_onnx


class OnnxClassifier:
    """Classifies clips by an ONNX file of ``tools/deploy/export.py``.

    The metadata of the file describe the network (:class:`.ModelFacts`); normalisation
    and softmax are in its graph. See :class:`.ClipClassifier` for the other attributes.

    Args:
        path (str | Path): The ``.onnx``.
        threads (int, optional): Number of CPU threads. Defaults to the number of cores.

    Attributes:
        facts (ModelFacts): Description of the network.
        metadata (dict[str, str]): Other metadata.

    Raises:
        FileNotFoundError: If there is no such file.
        ImportError: If onnxruntime is not installed.
        ValueError: If it is not an ONNX file, is damaged, or has no description.

    Examples:
        >>> classifier = OnnxClassifier('c3d.onnx')  # doctest: +SKIP
        >>> classifier.classes[classifier(clips)[0].argmax()]  # doctest: +SKIP
        'happy'
    """

    def __init__(self, path: str | Path, threads: int | None = None) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise ImportError(
                'ONNX files need a package: `pip install onnxruntime`'
            ) from error
        self.path = Path(path)
        if not self.path.is_file():
            raise FileNotFoundError(f"there is no model '{path}'")
        content = read_onnx(self.path)
        try:
            self._session = open_session(content, threads)
        except Exception as error:  # the only common class of its errors
            raise ValueError(
                f"'{path}' is not an ONNX file that ONNX Runtime "
                f'{onnxruntime.__version__} can run ({error})'
            ) from error
        self.metadata = dict(self._session.get_modelmeta().custom_metadata_map)
        self.facts = self._read_facts()
        self.classes = self.facts.classes
        self.num_frames, self.sampling = self.facts.num_frames, self.facts.sampling

    def __call__(self, clips: np.ndarray) -> np.ndarray:
        """Classify clips.

        Args:
            clips (np.ndarray): Aligned faces, uint8 of shape (n, num_frames, H, W, 3)
                in RGB; n may be 0. Other sizes than the network's are resized as in
                training.

        Returns:
            np.ndarray: Probabilities, float32 of shape (n, classes).

        Raises:
            ValueError: For clips of another type or shape, if the graph takes more than
                half of the memory, and if a probability is not finite.
        """
        shape = clips.shape
        fits = clips.ndim == 5 and shape[1] == self.num_frames and shape[4] == 3
        if clips.dtype != np.uint8 or not fits:
            raise ValueError(
                f"'{self.path.name}' takes clips as uint8 of shape (n, "
                f'{self.num_frames}, height, width, 3), got {clips.dtype} of {shape}'
            )
        if not len(clips):
            return np.zeros((0, len(self.classes)), np.float32)
        try:
            (rows,) = self._session.run(
                ['probabilities'], {'clips': self._resize(clips)}
            )
        except Exception as error:  # as above
            raise ValueError(
                f"'{self.path}' cannot be run on {len(clips)} clips ({error})"
            ) from error
        if rows.shape != (len(clips), len(self.classes)):
            raise ValueError(
                f"'{self.path}' gives probabilities of shape {rows.shape} for "
                f'{len(clips)} clips and {len(self.classes)} classes'
            )
        check_scores(rows, [f'clip {number}' for number in range(len(rows))])
        return rows

    def _resize(self, clips: np.ndarray) -> np.ndarray:
        height, width = self.facts.input_size
        if clips.shape[2:4] == (height, width):
            return np.ascontiguousarray(clips)
        # As DecodeFaceFrames or MMAction2's Resize.
        shrinks = clips.shape[2] >= height and clips.shape[3] >= width
        area = shrinks and 'Resize' not in [s['type'] for s in self.facts.pipeline]
        method = cv2.INTER_AREA if area else cv2.INTER_LINEAR
        out = np.empty((*clips.shape[:2], height, width, 3), np.uint8)
        for place in np.ndindex(*clips.shape[:2]):
            cv2.resize(clips[place], (width, height), out[place], interpolation=method)
        return out

    def _read_facts(self) -> ModelFacts:
        takes = [node.name for node in self._session.get_inputs()]
        gives = {node.name: node.shape for node in self._session.get_outputs()}
        try:
            facts = ModelFacts.from_json(self.metadata.get(KEY, ''))
        except ValueError as error:
            raise ValueError(
                f"'{self.path}' has no description; export it by "
                f'`tools/deploy/export.py` ({error})'
            ) from error
        if takes != ['clips'] or 'probabilities' not in gives:
            raise ValueError(
                f"'{self.path}' has the inputs {', '.join(takes)} and the outputs "
                f'{", ".join(gives)}; expected clips and probabilities'
            )
        if (found := gives['probabilities'][-1:]) != [len(facts.classes)]:
            raise ValueError(
                f"'{self.path}' has {found[0] if found else 1} probabilities, but "
                f'{len(facts.classes)} classes: {", ".join(facts.classes)}'
            )
        return facts

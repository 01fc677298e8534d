"""Settings of the extraction."""

from dataclasses import asdict, dataclass, field
from json import dumps, loads

from ..utils.checks import MARGINS

#: What to do with a video that has shot cuts.
ON_CUTS = ('split', 'drop', 'keep')


@dataclass(frozen=True)
class ExtractionSettings:
    """Settings of the extraction from videos to clips.

    Attributes:
        detector (dict): ``type`` and arguments of a face detector.
        decoder (str): See :func:`dfew_mmaction.video.open_video`.
        size (int): Side of the aligned frames in pixels.
        margin (float): See :func:`.align_face`.
        num_frames (int): Length of the interpolated clips in frames.
        min_useful (float): Share of frames with a face that a clip needs, in [0, 1].
        avi (bool): Whether to write the aligned frames as video too.
        quality (int): Quality of the JPEG files, 1 to 100.
        on_cuts (str): For videos with shot cuts: ``'split'`` makes a clip of each shot,
            ``'drop'`` makes none, ``'keep'`` makes one of the complete video.

    Raises:
        ValueError: If a value is out of its range.
    """

    detector: dict = field(default_factory=lambda: dict(type='mtcnn'))
    decoder: str = 'auto'
    size: int = 224
    margin: float = 0.0
    num_frames: int = 16
    min_useful: float = 0.5
    avi: bool = False
    quality: int = 95
    on_cuts: str = 'split'

    def __post_init__(self) -> None:
        for name, low, high in (
            ('size', 8, 4096), ('margin', *MARGINS), ('num_frames', 1, 10_000),
            ('min_useful', 0, 1), ('quality', 1, 100),
        ):  # fmt: skip
            if not low <= getattr(self, name) <= high:
                raise ValueError(
                    f'{name} must be in [{low}, {high}], got {getattr(self, name)}'
                )
        if self.on_cuts not in ON_CUTS:
            raise ValueError(f'on_cuts must be one of {ON_CUTS}, got {self.on_cuts!r}')

    def to_json(self) -> str:
        """Convert to JSON for :meth:`from_json`."""
        return dumps(asdict(self), indent=2, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> 'ExtractionSettings':
        """Read the settings from JSON by :meth:`to_json`.

        Trees of version 0.1, which did not look for cuts, have ``on_cuts='keep'``.
        """
        return cls(**{'on_cuts': 'keep', **loads(text)})

"""Limits of the page."""

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """Limits of the page.

    Attributes:
        megabytes (int): Largest upload.
        seconds (float): Longest video.
        keep_minutes (int): Results are deleted after this time. An upload is deleted
            as soon as its analysis ends.
        pending (int): Greatest number of pending uploads: one is analyzed, the others
            wait.
        stored_megabytes (int): Disk space of all uploads and results.

    Raises:
        ValueError: If a limit is not a finite number above 0.
    """

    megabytes: int = 200
    seconds: float = 120.0
    keep_minutes: int = 30
    pending: int = 9
    stored_megabytes: int = 4000

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value > 0):
                raise ValueError(
                    f'the limit {field.name} must be a number above 0, got {value}'
                )

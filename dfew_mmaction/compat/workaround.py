"""The form of a workaround."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Workaround:
    """One defect of another package and what is done about it.

    Attributes:
        name (str): The defect, in a few words.
        upstream (str): Where the defect is, with the issue if there is one.
        apply_if_needed (Callable): Tests for the defect and works around it. Returns
            whether it did. Calling it again changes nothing.
        applied (bool): Whether the workaround is active in this process.
    """

    name: str
    upstream: str
    apply_if_needed: Callable[[], bool]
    applied: bool = False

    def apply(self) -> None:
        """Apply the workaround where its defect is present."""
        self.applied = self.apply_if_needed() or self.applied

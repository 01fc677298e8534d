"""The description of a workaround."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Workaround:
    """A defect of another package and the function that works around it.

    Attributes:
        name (str): Short description of the defect.
        upstream (str): The package that has the defect, with the issue if there is one.
        apply_if_needed (Callable): Tests for the defect and works around it. Returns
            whether it did. A second call has no effect.
        applied (bool): Whether the workaround is active in this process.
    """

    name: str
    upstream: str
    apply_if_needed: Callable[[], bool]
    applied: bool = False

    def apply(self) -> None:
        """Apply the workaround where its defect is present."""
        self.applied = self.apply_if_needed() or self.applied

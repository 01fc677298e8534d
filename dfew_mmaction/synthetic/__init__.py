"""Synthetic, moving faces in the folder layout of the DFEW release.

The release may not be redistributed. These faces may: they perform the seven
expressions by action units, so that training, testing and reports can be tried and
tested on any machine::

    from dfew_mmaction.synthetic import make_demo

    make_demo('data/demo', num_clips=1400)
"""

from .clip import Clip, align_face, draw_clip
from .expressions import ACTION_UNITS, CLASSES, apex, perform
from .face import draw_face
from .identity import Identity
from .layouts import LAYOUTS, lay_out
from .pose import Pose
from .sheet import demo_sheet
from .tree import make_demo

__all__ = [
    'ACTION_UNITS', 'CLASSES', 'Clip', 'Identity', 'LAYOUTS', 'Pose', 'align_face',
    'apex', 'demo_sheet', 'draw_clip', 'draw_face', 'lay_out', 'make_demo', 'perform',
]  # fmt: skip

"""Rendered faces: a morphable face model that performs the seven expressions.

The face model is not part of this project: :func:`load_face_model` reads the public
ICT-FaceKit (MIT licence), packed or as OBJ files. NumPy and OpenCV do the rest::

    units over time ─► shape weights ─► vertices ─► z-buffer ─► texture, folds, light
        ─► background, camera ─► scene ─► simulated detector ─► aligned faces
"""

from .action_units import ACTION_UNITS
from .clip import Settings, render_clip
from .expressions import VARIANTS, perform
from .face_model import FaceModel, load_face_model
from .looks import STYLES, Looks
from .person import Person, View
from .sheet import rendered_sheet
from .tree import make_rendered

__all__ = [
    'ACTION_UNITS', 'FaceModel', 'Looks', 'Person', 'STYLES', 'Settings', 'VARIANTS',
    'View', 'load_face_model', 'make_rendered', 'perform', 'render_clip',
    'rendered_sheet',
]  # fmt: skip

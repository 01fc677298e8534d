"""Face detectors: one interface, chosen by name.

=================  ===========================================  ====================
name               detector                                     gives
=================  ===========================================  ====================
``mtcnn``          :class:`MTCNN`                               boxes, landmarks
``yunet``          :class:`YuNet`, with your model file         boxes, landmarks
``mmdet``          :class:`MMDetFaces`, any MMDetection model   boxes
``landmarks_file`` :class:`LandmarksFile`, points from a CSV    boxes, landmarks
``none``           :class:`NoDetector`, cropped videos          the complete frame
=================  ===========================================  ====================

Nothing here imports torch or mmdet before a detector that needs it is built.
"""

from .base import DETECTORS, Face, FaceDetector, build_detector, ordered_landmarks
from .landmarks_file import LandmarksFile
from .mmdet import MMDetFaces
from .mtcnn import MTCNN
from .none import NoDetector
from .yunet import YuNet

__all__ = [
    'DETECTORS',
    'MTCNN',
    'Face',
    'FaceDetector',
    'LandmarksFile',
    'MMDetFaces',
    'NoDetector',
    'YuNet',
    'build_detector',
    'ordered_landmarks',
]

"""The web page of the inferencer."""

from .analyze import analyze_upload, face_rows
from .limits import Limits
from .page import make_app
from .serve import serve_page

__all__ = ['Limits', 'analyze_upload', 'face_rows', 'make_app', 'serve_page']

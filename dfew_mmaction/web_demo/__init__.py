"""The inferencer as a page in the browser."""

from .analyze import Limits, face_rows, look
from .page import make_app
from .serve import serve_page

__all__ = ['Limits', 'face_rows', 'look', 'make_app', 'serve_page']

"""The inferencer as a page in the browser."""

from .analyze import analyze_upload, face_rows
from .limits import Limits
from .page import make_app
from .serve import serve_page

__all__ = ['Limits', 'analyze_upload', 'face_rows', 'make_app', 'serve_page']

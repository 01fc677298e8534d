"""Uploads and results of the page on disk, within its limits."""

import secrets
import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from .limits import Limits

_MEGABYTE = 1024 * 1024


class Refused(Exception):
    """A request that the page refuses; the message is for its sender.

    Attributes:
        status (int): HTTP status.
    """

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Upload:
    """An uploaded video in a separate folder.

    Attributes:
        folder (Path): Its folder.
        size (int): Bytes received so far.
    """

    folder: Path
    size: int = 0

    @property
    def path(self) -> Path:
        """The file, whose name is independent of the visitor's."""
        return self.folder / 'upload'


@dataclass
class StoredResult:
    """Files of one analysis.

    Attributes:
        folder (Path): Folder of the files.
        files (dict[str, Path]): Files by name.
        size (int): Bytes of all files.
        stored (float): Clock time when it was stored.
    """

    folder: Path
    files: dict[str, Path]
    size: int = 0
    stored: float = field(default_factory=time.monotonic)


class Storage:
    """Keeps uploads and results in one folder and enforces the limits.

    No path and no file name of a request is ever used as a path: an upload exists only
    for the request that sends it, and a result is found by a random token.

    Args:
        home (Path): Folder that holds everything.
        limits (Limits): Limits on number, size and age.
    """

    def __init__(self, home: Path, limits: Limits) -> None:
        self.home, self.limits = Path(home), limits
        self._uploads: dict[str, Upload] = {}
        self._results: dict[str, StoredResult] = {}
        self._lock = threading.Lock()

    def begin(self) -> Upload:
        """Make room for an upload.

        Raises:
            Refused: If too many uploads are pending.
        """
        with self._lock:
            if len(self._uploads) >= self.limits.pending:
                raise Refused(
                    f'{len(self._uploads)} videos are waiting already. Try again in '
                    'a few minutes.',
                    503,
                )
            folder = self.new_folder()
            upload = self._uploads[folder.name] = Upload(folder)
        return upload

    def grow(self, upload: Upload, size: int) -> None:
        """Count bytes before they are written to an upload.

        Raises:
            Refused: See :meth:`check_size`.
        """
        self.check_size(upload, size)
        upload.size += size

    def check_size(self, upload: Upload, size: int) -> None:
        """Check that an upload may grow by a number of bytes.

        Raises:
            Refused: If it, or all uploads and results together, would be too large.
        """
        limits = self.limits
        if upload.size + size > limits.megabytes * _MEGABYTE:
            raise Refused(
                f'The video is larger than {limits.megabytes} MB. Cut it or compress '
                'it.',
                413,
            )
        if self.stored_bytes() + size > limits.stored_megabytes * _MEGABYTE:
            raise Refused(
                'The server has no space left for your video. Results are deleted '
                f'after {limits.keep_minutes} minutes: try again later.',
                503,
            )

    def end(self, upload: Upload) -> None:
        """Delete an upload; can be repeated."""
        with self._lock:
            self._uploads.pop(upload.folder.name, None)
        shutil.rmtree(upload.folder, ignore_errors=True)

    def publish(self, folder: Path, files: dict[str, Path]) -> str:
        """Make the files of a result available.

        Args:
            folder (Path): From :meth:`new_folder`.
            files (dict[str, Path]): Its files by public name.

        Returns:
            str: Token of the result.
        """
        size = sum(path.stat().st_size for path in files.values())
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._results[token] = StoredResult(folder, dict(files), size)
        return token

    def find(self, token: str, name: str) -> Path | None:
        """Path of a file of a result; None if there is no such file."""
        self.expire()
        with self._lock:
            result = self._results.get(token)
        return None if result is None else result.files.get(name)

    def expire(self) -> None:
        """Delete the results that are older than ``keep_minutes``."""
        oldest = time.monotonic() - 60 * self.limits.keep_minutes
        with self._lock:
            old = [t for t, r in self._results.items() if r.stored < oldest]
            folders = [self._results.pop(token).folder for token in old]
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)

    def stored_bytes(self) -> int:
        """Bytes of all pending uploads and stored results."""
        with self._lock:
            uploads = sum(part.size for part in self._uploads.values())
            return uploads + sum(part.size for part in self._results.values())

    def new_folder(self) -> Path:
        """Make a unique empty folder."""
        folder = self.home / secrets.token_hex(16)
        folder.mkdir(mode=0o700)
        return folder

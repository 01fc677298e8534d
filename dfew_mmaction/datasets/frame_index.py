"""What a listing found, kept for the next one."""

import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

from ..utils import atomic_write, list_frames

_VERSION = 1
#: Seconds within which a folder may change again without a new time of change.
_RACY = 2.0


class FrameIndex:
    """Names of the frames of a set's clips, remembered between runs.

    DFEW's 16-frame tree has 187,152 files in 11,697 folders. A folder whose time of
    change is that of the last listing holds the same names (adding, removing or
    renaming a file changes it, rewriting one does not), so that one look at each
    folder replaces reading it. What is not so is listed anew.

    The index lies in ``$XDG_CACHE_HOME/dfew_mmaction/frames`` (``~/.cache`` where that
    is not set), a file a set; it may be deleted at any time, and where it cannot be
    read or written each run lists the disk.

    Args:
        root (str | Path): Folder of the set.

    Examples:
        >>> with FrameIndex('data/DFEW') as index:  # doctest: +SKIP
        ...     index.names('data/DFEW/Clip/clip_224x224_16f/00001')
        ['1.jpg', '2.jpg', …]
    """

    def __init__(self, root: str | Path) -> None:
        self._root = os.path.abspath(os.path.expanduser(root))
        home = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
        key = hashlib.sha256(os.fsencode(self._root)).hexdigest()[:16]
        #: pathlib.Path: The file.
        self.path = Path(home, 'dfew_mmaction', 'frames', f'{key}.json')
        self._clips: dict[str, tuple[int, str]] = {}
        self._changed = False

    def __enter__(self) -> 'FrameIndex':
        try:
            content = json.loads(self.path.read_text(encoding='utf-8'))
            if (content['version'], content['root']) == (_VERSION, self._root):
                self._clips = {k: (int(t), str(n)) for k, (t, n) in _items(content)}
        except (OSError, ValueError, KeyError, TypeError):
            self._clips = {}  # none yet, or not whole
        return self

    def names(self, folder: str | Path) -> list[str]:
        """Names of the frames in a folder, as :func:`.list_frames` gives them.

        Args:
            folder (str | Path): Folder of a clip.

        Returns:
            list[str]: In the order of their numbers.
        """
        folder = str(folder)
        changed = os.stat(folder).st_mtime_ns
        known = self._clips.get(folder)
        if known is not None and known[0] == changed:
            return known[1].split('/') if known[1] else []
        names = list_frames(folder)
        if time.time() - changed / 1e9 > _RACY:
            # Names on disk hold no slash.
            self._clips[folder] = changed, '/'.join(names)
            self._changed = True
        return names

    def __exit__(self, *error: Any) -> None:
        if not self._changed:
            return
        content = dict(version=_VERSION, root=self._root, clips=self._clips)
        try:
            with atomic_write(self.path) as path:
                path.write_text(json.dumps(content), encoding='utf-8')
        except OSError:
            pass  # no room or no right to write: the next run lists the disk again


def _items(content: dict) -> Any:
    return content['clips'].items()

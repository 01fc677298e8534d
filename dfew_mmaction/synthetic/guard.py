"""Prevents a demo set from overwriting other files."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from ..utils import PART
from .plan import PlannedClip
from .store import ANNOTATION, item_path, planned_sources, split_path

#: Marker of a finished set: arguments, drawing version, counts.
MARKER = 'demo_set.json'
#: Marker of an incomplete set.
UNFINISHED = 'demo_set.unfinished.json'
#: Increases when the same arguments give other faces.
DRAWING_VERSION = 1

_IGNORED = {'.DS_Store', 'Thumbs.db', 'desktop.ini'}  # created by file managers


def refuse_others(root: Path, clips: Sequence[PlannedClip], arguments: dict) -> None:
    """Raise unless all files in the set's folders belong to this set.

    Other files and folders in the root, such as packs, are allowed.

    Args:
        root (Path): Root of the set, which may be missing.
        clips (Sequence[PlannedClip]): The clips of the set.
        arguments (dict): Arguments of :func:`.make_demo` that shape the set.

    Raises:
        FileExistsError: If there are other files.
    """
    if root.exists() and not root.is_dir():
        raise FileExistsError(f'{root} is a file; expected a new or empty folder')
    found = _names(root)
    if not found:
        return
    marker = next((root / m for m in (MARKER, UNFINISHED) if m in found), None)
    if marker is None:
        raise FileExistsError(
            f'{root} holds files that are not a demo set (such as '
            f'{sorted(found)[0]!r}) and is left as it is; give a new or empty folder'
        )
    try:
        held = json.loads(marker.read_text())
        before = held['arguments']
        if 'unlabeled' in before:  # its name before version 0.2
            before['unlabelled'] = before.pop('unlabeled')
    except (ValueError, KeyError, TypeError) as error:
        raise FileExistsError(
            f'{marker} does not tell what the set was made with ({error!r}) and the '
            'folder is left as it is; delete that folder or give another one'
        ) from error
    if held.get('drawing') != DRAWING_VERSION:
        raise FileExistsError(
            f'{root} holds a demo set of drawing version {held.get("drawing")}, this '
            f'is version {DRAWING_VERSION}; delete that folder or give another one'
        )
    other = [k for k in arguments if before.get(k) != arguments[k]]
    if other:
        changes = ', '.join(f'{k}={before.get(k)!r}' for k in other)
        asked = ', '.join(f'{k}={arguments[k]!r}' for k in other)
        raise FileExistsError(
            f'{root} holds a demo set made with {changes}; asked for {asked}. Delete '
            'that folder or give another one'
        )
    foreign = _foreign(root, clips, arguments)
    if foreign:
        raise FileExistsError(
            f'{foreign[0]} is not part of the demo set in {root}; nothing was '
            'written. Move it away, or give another folder'
        )


def _names(folder: Path) -> set[str]:
    if not folder.is_dir():
        return set()
    names = {n for n in os.listdir(folder) if not n.startswith(PART)}
    return names - _IGNORED


def _foreign(root: Path, clips, arguments) -> list[Path]:
    """Files in the folders of a set that are not part of it with these arguments."""
    expected = {str(ANNOTATION)}
    for fold in range(1, arguments['folds'] + 1):
        expected |= {str(split_path(part, fold)) for part in ('train', 'test')}
    for clip in clips:
        for source in planned_sources(clip, arguments['sources']):
            expected.add(str(item_path(source, clip.number)))
    folders = {str(parent) for path in expected for parent in Path(path).parents}
    folders.remove('.')
    return [
        root / folder / name
        for folder in sorted(folders)
        for name in sorted(_names(root / folder))
        if str(Path(folder, name)) not in expected | folders
    ]

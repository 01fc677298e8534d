"""``python -m dfew_mmaction`` prints the folder that holds the configs and tools.

``python -m dfew_mmaction doctor`` prints what is installed and what is missing.

An installed package has them inside itself. Linked into a working folder they are
called as from a checkout::

    ln -s "$(python -m dfew_mmaction)"/{configs,tools} .
"""

import sys
from pathlib import Path


def shipped_folder(package: Path) -> Path:
    """The folder with ``configs`` and ``tools`` of an installed package.

    Args:
        package (Path): Folder of the package ``dfew_mmaction``.

    Raises:
        FileNotFoundError: If it was put on the path without an installation.
    """
    folder = package / '.mim'
    if not (folder / 'configs').is_dir():
        raise FileNotFoundError(
            f"the configs are not in '{folder}': dfew_mmaction is not installed from "
            "there. `pip install .` or `pip install --editable .` in the project's "
            'folder puts them there.'
        )
    return folder


def main() -> int:
    """Print the folder or the report of ``doctor``.

    Returns:
        int: Exit status: 2 where there is no folder or the argument is unknown, 1 where
        ``doctor`` found that the plugin cannot be used.
    """
    if sys.argv[1:] == ['doctor']:
        from dfew_mmaction import _register
        from dfew_mmaction.doctor import main as doctor

        return doctor(_register)
    if sys.argv[1:]:
        print(
            f'error: unknown argument {sys.argv[1]!r}; the one argument that may be '
            "given is 'doctor'",
            file=sys.stderr,
        )
        return 2
    try:
        print(shipped_folder(Path(__file__).resolve().parent))
    except FileNotFoundError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    return 0


if __name__ == '__main__':
    sys.exit(main())

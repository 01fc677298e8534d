"""``python -m dfew_mmaction`` prints the folder of the configs and tools.

``python -m dfew_mmaction doctor`` prints what is installed and what is missing.

An installed package contains them. Link them into the working directory to use the
paths of a checkout::

    ln -s "$(python -m dfew_mmaction)"/{configs,tools} .
"""

import sys
from pathlib import Path


def shipped_folder(package: Path) -> Path:
    """Find ``configs`` and ``tools`` of an installed package.

    Args:
        package (Path): Folder of the package ``dfew_mmaction``.

    Raises:
        FileNotFoundError: If the package is on the path without being installed.
    """
    folder = package / '.mim'
    if not (folder / 'configs').is_dir():
        raise FileNotFoundError(
            f"there are no configs in '{folder}': dfew_mmaction is on the path but not "
            'installed. Run `pip install .` or `pip install --editable .` in the '
            "project's folder."
        )
    return folder


def main() -> int:
    """Print the folder or the report of ``doctor``.

    Returns:
        int: Exit status: 2 if there is no folder or the argument is unknown, 1 if
        ``doctor`` found that the plugin cannot be used.
    """
    if sys.argv[1:] == ['doctor']:
        from dfew_mmaction import _register
        from dfew_mmaction.doctor import main as doctor

        return doctor(_register)
    if sys.argv[1:]:
        print(
            f"error: unknown argument {sys.argv[1]!r}; expected 'doctor' or nothing",
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

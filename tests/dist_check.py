"""Builds the wheel and the sdist, and uses the wheel without the checkout.

`make dist-check` runs it. All happens in a temporary folder that is removed again
(`--keep FOLDER` keeps it): a copy of the tracked files, an environment that builds,
and one with the wheel alone. Packages come from pip, in the tested versions.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
CONFIG = 'configs/demo/slim_c3d_ecstfl.py'


def run(*command: object, cwd: Path) -> str:
    """Run a command in ``cwd``, without the caller's paths; return its output."""
    away = ('PYTHON', 'DFEW_', 'VIRTUAL_ENV')
    env = {k: v for k, v in os.environ.items() if not k.startswith(away)}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        said = ' '.join(map(str, command))
        sys.exit(f'{done.stdout}\nerror: `{said}` ended with {done.returncode}')
    return done.stdout


def check(holds: bool, message: str) -> None:
    """Exit with the message unless the condition holds."""
    if not holds:
        sys.exit(f'error: {message}')


def environment(place: Path, *packages: object) -> Path:
    """Make a virtual environment with these packages; return its folder of programs."""
    subprocess.run([sys.executable, '-m', 'venv', place], check=True)
    run(place / 'bin/pip', 'install', *packages, cwd=place)
    return place / 'bin'


def tracked() -> list[str]:
    """The project's files, but for those of Git and of the checks of a change."""
    names = run('git', 'ls-files', '-z', cwd=REPO).rstrip('\0').split('\0')
    return [name for name in names if not name.startswith('.')]


def built(bin_: Path, source: Path, out: Path, *kinds: str) -> Path:
    """Build a source tree's distributions into a folder."""
    run(bin_ / 'python', '-m', 'build', *kinds, '--outdir', out, source, cwd=out.parent)
    return out


def wheel_files(wheel: Path) -> dict[str, bytes]:
    """What each file of a wheel holds."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check_archives(work: Path, names: list[str]) -> Path:
    """Build both, the wheel a second time from the sdist, and compare; the wheel."""
    tree = work / 'tree'
    for name in names:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPO / name, tree / name)
    bin_ = environment(work / 'builder', 'build', 'twine')
    out = built(bin_, tree, work / 'dist', '--sdist', '--wheel')
    wheel, sdist = next(out.glob('*.whl')), next(out.glob('*.tar.gz'))
    print(run(bin_ / 'twine', 'check', '--strict', wheel, sdist, cwd=work).strip())

    with tarfile.open(sdist) as archive:
        archive.extractall(work / 'unpacked', filter='data')
    unpacked = next((work / 'unpacked').iterdir())
    lacking = [name for name in names if not (unpacked / name).is_file()]
    check(not lacking, f'the sdist lacks {lacking}: name them in MANIFEST.in')
    print(f'{sdist.name}: all {len(names)} files of the project')

    again = next(built(bin_, unpacked, work / 'again', '--wheel').glob('*.whl'))
    held = wheel_files(wheel)
    check(again.name == wheel.name, f'the sdist builds {again.name}, not {wheel.name}')
    check(wheel_files(again) == held, 'the sdist builds a wheel with other files')

    shipped = ('configs/', 'tools/', 'model-index.yml')
    metadata = next(v for k, v in held.items() if k.endswith('.dist-info/METADATA'))
    local = re.findall(r'\]\((?!https?:)[^)]*\)', metadata.decode())
    check(not local, f'the package page has links to local files: {local}')
    expected = {
        name if name.startswith('dfew_mmaction/') else f'dfew_mmaction/.mim/{name}': (
            REPO / name
        ).read_bytes()
        for name in names
        if name.startswith(('dfew_mmaction/', *shipped))
    }
    found = {name: held[name] for name in held if '.dist-info/' not in name}
    differing = {k for k in {*expected, *found} if expected.get(k) != found.get(k)}
    check(not differing, f'wheel and project differ in {sorted(differing)}')
    print(f'{wheel.name}: {len(found)} files, the same ones when built from the sdist')
    return wheel


def check_use(work: Path, wheel: Path) -> None:
    """Install the wheel from a folder of wheels, train and test on a synthetic set.

    The folder is made as docs/install.md describes it for machines without a network.
    """
    core = REPO / 'requirements/core.txt'
    openmim = re.search(
        r'^openmim==.+$', (REPO / 'requirements/no_deps.txt').read_text(), re.M
    ).group()
    pip, extras = work / 'builder/bin/pip', '[lite,mim,synthetic]'
    wheels = ['--wheel-dir', work / 'wheels']
    run(pip, 'wheel', *wheels, '--constraint', core, f'{wheel}{extras}', cwd=work)
    run(pip, 'wheel', *wheels, '--no-deps', openmim, cwd=work)

    offline = ['--no-index', '--find-links', work / 'wheels']
    bin_ = environment(work / 'user', *offline, f'dfew_mmaction{extras}')
    print('dependencies:', run(bin_ / 'pip', 'check', cwd=work).strip())
    run(bin_ / 'pip', 'install', *offline, '--no-deps', 'openmim', cwd=work)

    home = work / 'somewhere'
    home.mkdir()
    command = [bin_ / 'python', '-W', 'ignore', '-m', 'dfew_mmaction']
    shipped = Path(run(*command, cwd=home).splitlines()[-1])
    check(
        shipped.is_relative_to((work / 'user').resolve()),
        f"`python -m dfew_mmaction` gives '{shipped}', which the wheel did not install",
    )
    for name in ('configs', 'tools'):
        (home / name).symlink_to(shipped / name)
    print(f'configs and tools: {shipped.relative_to((work / "user").resolve())}')

    run(
        bin_ / 'python', 'tools/data/make_demo.py', 'data/demo', '--sources', '16f',
        '--num-clips', 70, '--num-identities', 10, '--max-frames', 16, cwd=home,
    )  # fmt: skip
    options = ['--work-dir', 'work', '--cfg-options', 'train_cfg.max_epochs=2']
    options += ['train_cfg.val_interval=2', 'param_scheduler.0.total_steps=2']
    run(bin_ / 'mim', 'train', 'mmaction2', CONFIG, *options, cwd=home)
    check((home / 'work/epoch_2.pth').is_file(), 'the training left no checkpoint')
    said = run(
        bin_ / 'mim', 'test', 'mmaction2', CONFIG,
        '--checkpoint', 'work/epoch_2.pth', '--work-dir', 'work', cwd=home,
    )  # fmt: skip
    score = re.search(r'acc/UAR: (\d\.\d+)\s+acc/WAR: (\d\.\d+)', said)
    check(bool(score), f'`mim test` gave no score:\n{said}')
    print(f'mim train, mim test: {score.group()}')


def main() -> None:
    """Run all checks; the first that fails ends it with its reason."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--keep', metavar='FOLDER', type=Path)
    keep = parser.parse_args().keep
    with tempfile.TemporaryDirectory(prefix='dfew_mmaction-') as temporary:
        work = keep or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        print('Python', sys.version.split()[0])
        check_use(work, check_archives(work, tracked()))


if __name__ == '__main__':
    main()

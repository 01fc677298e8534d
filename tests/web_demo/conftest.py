"""The page in a real process."""

import os
import re
import signal
import subprocess
import sys

import pytest


@pytest.fixture(scope='module')
def page(exported, tmp_path_factory, repo):
    """Address of the page of a real process, and the folder that it works in."""
    pytest.importorskip('uvicorn', reason='needs uvicorn')
    home = tmp_path_factory.mktemp('page')
    (home / 'tmp').mkdir()
    command = [
        sys.executable, 'tools/web_demo.py', '--checkpoint', exported.path,
        '--port', '0', '--detector', 'none', '--window', '1',
        '--max-seconds', '5', '--max-megabytes', '3',
    ]  # fmt: skip
    process = subprocess.Popen(
        [str(part) for part in command], cwd=repo, stdout=subprocess.PIPE, text=True,
        env={**os.environ, 'TMPDIR': str(home / 'tmp')},
    )  # fmt: skip
    try:
        address = re.match(r'(http://127\.0\.0\.1:\d+) ', process.stdout.readline())[1]
        yield address, home / 'tmp'
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    # Uploads and results are gone with the process.
    assert not list((home / 'tmp').glob('dfew_page_*'))

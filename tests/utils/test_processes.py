import subprocess
import sys

import pytest

# A pool as preprocessing has it, where torch is not installed or is.
POOL = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def threads(_):
    import cv2

    return cv2.getNumThreads(), 'torch' in sys.modules


def first(torch_is_gone):
    if torch_is_gone:
        class Gone:
            def find_spec(self, name, *place):
                if name.split('.')[0] == 'torch':
                    raise ModuleNotFoundError('No module named torch', name='torch')
        sys.meta_path.insert(0, Gone())
    from dfew_mmaction.utils import start_worker

    start_worker()


if __name__ == '__main__':
    context, gone = get_context('spawn'), sys.argv[1] == 'gone'
    with ProcessPoolExecutor(1, context, first, (gone,)) as pool:
        print(*pool.submit(threads, 0).result())
"""


@pytest.mark.parametrize('torch', ['gone', 'there'])
def test_a_worker_starts_with_torch_and_without(tmp_path, torch):
    (tmp_path / 'pool.py').write_text(POOL)
    command = [sys.executable, tmp_path / 'pool.py', torch]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ['1', str(torch == 'there')], done.stderr

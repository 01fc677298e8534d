import subprocess
import sys

import pytest

SCRIPT = """
import resource, sys
import torch
import dfew_mmaction
from dfew_mmaction.engine import KeepMemoryHook

def page_faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(4):
        torch.ones(16 * 2**20)  # 64 MiB: more than the C library ever keeps by itself
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

first = page_faults()
KeepMemoryHook().before_run(None)
torch.ones(16 * 2**20)
print(first, page_faults())
"""


@pytest.mark.skipif(sys.platform != 'linux', reason='counts the page faults of Linux')
def test_memory_is_used_again():
    command = [sys.executable, '-W', 'ignore', '-c', SCRIPT]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    before, after = map(int, out.split()[-2:])
    # Pages of 4 KiB, or fewer and larger ones.
    assert after < before / 4

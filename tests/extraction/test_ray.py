"""A cluster of two nodes on this machine, one of which is killed in the middle."""

import shutil
import subprocess
import sys
import time

import pytest

from dfew_mmaction.extraction import ExtractionSettings, extract_faces, read_manifest

pytestmark = pytest.mark.slow

pytest.importorskip('ray')
NUM_FILMS = 12


@pytest.fixture
def videos(demo_root, tmp_path):
    folder = tmp_path / 'videos'
    folder.mkdir()
    found = sorted((demo_root / 'Clip' / 'original').iterdir())
    for number, video in enumerate(found[:NUM_FILMS], 1):
        shutil.copy(video, folder / f'{number}.mp4')
    (folder / '5.mp4').write_bytes(b'no video')
    return folder


@pytest.fixture
def cluster(monkeypatch):
    from ray.cluster_utils import Cluster

    monkeypatch.setenv('RAY_USAGE_STATS_ENABLED', '0')
    options = dict(num_cpus=1, object_store_memory=100_000_000)
    cluster = Cluster(initialize_head=True, head_node_args=options)
    second = cluster.add_node(**options)
    yield cluster, second
    cluster.shutdown()


def content(root):
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted((root / 'Clip').rglob('*'))
        if path.is_file()
    }


def test_node_killed_in_the_middle(videos, cluster, tmp_path, repo):
    cluster, second = cluster
    out = tmp_path / 'out'
    command = [
        sys.executable, repo / 'tools/data/extract_faces.py', videos, out,
        '--detector', 'none', '--sheets', '0',
        '--engine', 'ray', '--address', cluster.address,
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    journal = out / 'extraction' / 'journal' / '1of1.jsonl'
    until = time.monotonic() + 400
    while not (journal.is_file() and journal.read_text().count('\n') >= 2):
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.01)
    cluster.remove_node(second, allow_graceful=False)
    assert journal.read_text().count('\n') < NUM_FILMS
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 1, said  # one of the videos is broken
    table = read_manifest(out / 'manifest.csv')
    assert table['clip'].tolist() == list(range(1, NUM_FILMS + 1))
    assert table['kept'].tolist() == [clip != 5 for clip in table['clip']]
    whole = tmp_path / 'whole'
    how = ExtractionSettings(detector=dict(type='none'))
    extract_faces([videos], whole, how, workers=1)
    assert content(out) == content(whole)
    assert (out / 'manifest.csv').read_bytes() == (whole / 'manifest.csv').read_bytes()

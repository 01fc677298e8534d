"""Shards as an array of a real Slurm, two at a time."""

import os
import shutil
import subprocess
import sys

import pytest

from dfew_mmaction.extraction import ExtractionSettings, extract_faces

pytestmark = pytest.mark.slow


def content(root):
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob('*'))
        if path.is_file() and 'journal' not in path.parts and path.suffix != '.lock'
    }


def test_shards_of_an_array_merge(slurm, demo_root, tmp_path, repo):
    videos, out = tmp_path / 'videos', tmp_path / 'out'
    videos.mkdir()
    for number, video in enumerate(sorted((demo_root / 'Clip/original').iterdir())[:9]):
        shutil.copy(video, videos / f'{number + 1}.mp4')
    (videos / '4.mp4').write_bytes(b'no video')
    command = (
        f'{sys.executable} {repo}/tools/data/extract_faces.py {videos} {out} '
        '--detector none --workers 1 --sheets 0 --shard $SLURM_ARRAY_TASK_ID/4'
    )
    done = subprocess.run(
        ['sbatch', '--wait', '--array=1-4', '--cpus-per-task=1', '--time=10',
         f'--output={tmp_path}/%a.log', '--wrap', command],
        env={**os.environ, 'SLURM_CONF': slurm}, capture_output=True, text=True,
        timeout=300, cwd=tmp_path,
    )  # fmt: skip
    logs = [path.read_text() for path in sorted(tmp_path.glob('*.log'))]
    assert done.returncode == 1, (done.stderr, logs)  # one video is broken
    assert len(logs) == 4
    whole = tmp_path / 'whole'
    extract_faces(
        [videos], whole, ExtractionSettings(detector=dict(type='none')), workers=1
    )
    assert content(out) == content(whole)

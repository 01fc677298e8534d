"""Run the local engine on tasks that work, raise, hang, and end their process."""

import json
import os
import signal
import sys
import time

from dfew_mmaction.extraction.executors import run_local


def work(video, clip, out, settings):
    if video == 'killer':
        os.kill(os.getpid(), signal.SIGSEGV)
    if video == 'sleeper':
        time.sleep(60)
    return [dict(clip=clip, video=video, pid=os.getpid(), error='')]


if __name__ == '__main__':
    videos = sys.argv[1].split(',')
    tasks = [(video, clip, '', '') for clip, video in enumerate(videos, 1)]
    for (row,) in run_local(work, tasks, workers=2, timeout=6):
        print(json.dumps(row), flush=True)

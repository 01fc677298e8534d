"""One of several processes that score the same outputs; run by `run_group`."""

import sys
from pathlib import Path

import torch
from mmengine.dataset import DefaultSampler

from dfew_mmaction.evaluation import UARWARMetric

if __name__ == '__main__':
    folder = Path(sys.argv[1])
    torch.distributed.init_process_group('gloo')
    samples = torch.load(folder / 'samples.pt')
    metric = UARWARMetric()
    for i in DefaultSampler(samples, shuffle=False):
        metric.process(None, [samples[i]])
    processed = len(metric.results)
    scores = metric.evaluate(len(samples))
    rank = torch.distributed.get_rank()
    torch.save({**scores, 'processed': processed}, folder / f'{rank}.pt')
    torch.distributed.destroy_process_group()

"""One of several processes that train a head with max_share; run by `run_group`."""

import sys
from pathlib import Path

import torch
from mmaction.registry import MODELS
from mmaction.structures import ActionDataSample
from mmengine.registry import init_default_scope

import dfew_mmaction  # noqa: F401

if __name__ == '__main__':
    folder = Path(sys.argv[1])
    torch.distributed.init_process_group('gloo')
    init_default_scope('mmaction')
    case = torch.load(folder / 'case.pt')
    rank = torch.distributed.get_rank()
    head = MODELS.build(case['head']).double().train()
    head.load_state_dict(case['state_dict'])
    part = slice(*case['ends'][rank : rank + 2])
    x = case['x'][part].clone().requires_grad_()
    samples = [ActionDataSample().set_gt_label(label) for label in case['y'][part]]
    losses = head.loss(x, samples)
    (losses['loss_cls'] + losses['loss_ecstfl']).backward()
    done = dict(gradient=x.grad, factor=losses['ecstfl_factor'])
    torch.save(done, folder / f'{rank}.pt')
    torch.distributed.barrier()
    torch.distributed.destroy_process_group()

r"""Test a checkpoint on another data set without training.

python tools/cross_set.py configs/dfew/c3d_ecstfl.py DFEW.pth \
        configs/_base_/datasets/ferv39k.py
"""

import argparse
import sys

from dfew_mmaction.cross_validation.cross_set import cross_set_config, run_cross_set
from dfew_mmaction.utils import exit_status

from mmengine.config import DictAction


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('config', help='config of the network')
    parser.add_argument('checkpoint')
    parser.add_argument(
        'data_config', help='config with the test part of the other set'
    )
    parser.add_argument('--work-dir', default='work_dirs/cross_set')
    parser.add_argument(
        '--dump', metavar='FILE.csv', help='predictions file (CSV) to write'
    )
    parser.add_argument(
        '--cfg-options', nargs='+', action=DictAction, default={},
        help='settings, as for tools/test.py',
    )  # fmt: skip
    args = parser.parse_args()
    cfg = cross_set_config(
        args.config, args.checkpoint, args.data_config, options=args.cfg_options
    )
    run_cross_set(cfg, args.work_dir, args.dump)
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))

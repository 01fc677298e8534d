r"""Test a checkpoint on another data set without training.

The data config names the other set:

    python tools/cross_set.py configs/dfew/c3d_ecstfl.py DFEW.pth \
        configs/_base_/datasets/ferv39k.py
"""

import sys

from dfew_mmaction.cross_validation.cross_set import cross_set_config, run_cross_set
from dfew_mmaction.utils import exit_status, tool_parser
from dfew_mmaction.utils.config_file import ConfigOptions


def main() -> int:
    parser = tool_parser(__doc__)
    parser.add_argument('config', help='config of the network')
    parser.add_argument('checkpoint', help='weights of the network')
    parser.add_argument(
        'data_config', help='config with the test part of the other set'
    )
    parser.add_argument(
        '--work-dir',
        default='work_dirs/cross_set',
        help='folder for the log and the metrics (default: %(default)s)',
    )
    parser.add_argument(
        '--dump', metavar='FILE.csv', help='predictions file (CSV) to write'
    )
    parser.add_argument(
        '--cfg-options', nargs='+', action=ConfigOptions, default={},
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

"""Make tables 7 and 8 of the DFEW paper from reports of tools/cross_validate.py."""

import sys

from dfew_mmaction.reports.transfer import transfer_report
from dfew_mmaction.utils import exit_status, tool_parser, write_text


def main() -> int:
    parser = tool_parser(__doc__)
    parser.add_argument(
        'report_dirs', nargs='+', help='folders of reports, such as WORK_DIR/report'
    )
    parser.add_argument('--out', help='Markdown file to write as well')
    parser.add_argument('--title', default='Transfer', help='heading of the report')
    parser.add_argument(
        '--note', nargs='+', default=[], help='sentences at the beginning'
    )
    parser.add_argument(
        '--paper', action='store_true', help="append the paper's tables"
    )
    args = parser.parse_args()
    text = transfer_report(args.report_dirs, args.title, args.note, paper=args.paper)
    if args.out:
        write_text(args.out, text)
    print(text)
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))

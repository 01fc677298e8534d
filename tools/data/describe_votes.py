"""Describe a table of votes: labels, lengths, agreement (section 2 of the paper).

VOTES is the release's annotation.xlsx or a CSV with the header
1happy,2sad,3neutral,4angry,5surprise,6disgust,7fear,order
"""

import argparse
import json
import sys

from dfew_mmaction.annotations import cooccurrence, read_votes
from dfew_mmaction.reports.votes_report import votes_report, votes_text
from dfew_mmaction.utils import (
    add_votes,
    exit_status,
    save_figure,
    tool_parser,
    write_json,
)
from dfew_mmaction.video import clip_lengths
from dfew_mmaction.visualization import plot_cooccurrence


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('votes', metavar='VOTES', help='.xlsx or .csv')
    parser.add_argument(
        '--videos', help='folder of the original clips (1.mp4, …), for their lengths'
    )
    add_votes(parser)
    parser.add_argument('--name', default='this set', help='name of the set in table 1')
    parser.add_argument(
        '--source',
        default='-',
        help="source of the clips in table 1, such as '1500 movies'",
    )
    parser.add_argument(
        '--available',
        default='-',
        help='whether the set is available, in table 1: Yes or No',
    )
    parser.add_argument(
        '--picture', help='picture of the emotions that are voted for together'
    )
    parser.add_argument('--json', help='write the numbers as JSON')
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    votes = read_votes(args.votes, args.num_votes)
    seconds = clip_lengths(args.videos) if args.videos else None
    report = votes_report(
        votes,
        seconds,
        args.threshold,
        strict=args.strict,
        name=args.name,
        source=args.source,
        available=args.available,
    )
    print(votes_text(report))
    if args.picture:
        figure = plot_cooccurrence(cooccurrence(votes), args.name)
        save_figure(args.picture, figure, 150)
    if args.json:
        for name in ('table_1', 'table_2'):
            report[name] = json.loads(report[name].to_json(orient='split'))
        write_json(args.json, report)
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))

"""Try feature losses on each of MMAction2's heads and print a table."""

import argparse
import sys

from mmengine.logging import MMLogger
from tabulate import tabulate

from dfew_mmaction.apis import head_table


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    # A head may list each of its weights when they are drawn.
    MMLogger.get_current_instance().setLevel('WARNING')
    print(tabulate(head_table(), headers='keys', tablefmt='github'))
    return 0


if __name__ == '__main__':
    sys.exit(main())

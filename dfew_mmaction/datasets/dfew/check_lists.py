"""Check of the lists and votes of a copy of DFEW."""

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

from ...utils import CLASSES
from .layout import DFEWLayout
from .parts import read_distributions
from .split_csv import list_checksum, read_split_csv

#: Clips of the release's folds: train, test, and test by class.
RELEASE = {
    1: (9356, 2341, (489, 379, 534, 435, 294, 29, 181)),
    2: (9356, 2341, (489, 379, 534, 435, 294, 29, 181)),
    3: (9357, 2340, (489, 379, 534, 435, 294, 29, 180)),
    4: (9358, 2339, (489, 379, 534, 434, 294, 29, 180)),
    5: (9361, 2336, (489, 378, 533, 434, 293, 29, 180)),
}
#: :func:`.list_checksum` of the release's lists, train and test of each fold.
CHECKSUMS = {
    ('train', 1): '488fb33b6098d91a', ('test', 1): '559523116e4e2ce2',
    ('train', 2): 'f17536c35cbc487e', ('test', 2): '243e848289b19cd9',
    ('train', 3): '02873968acfa7cff', ('test', 3): '50c66249e0d79ab3',
    ('train', 4): '84798c5b4448a793', ('test', 4): 'c5491d02e2aabc34',
    ('train', 5): '6784ab8d4d49e605', ('test', 5): '5f3ad3e682ce40dc',
}  # fmt: skip
Lists = dict[tuple[str, int], dict[int, int]]


def check_lists(layout: DFEWLayout, release: bool, report: dict[str, Any]) -> set[int]:
    """Check the lists of all folds.

    Args:
        layout (DFEWLayout): The copy.
        release (bool): Whether to expect the release's lists.
        report (dict): ``folds``, ``lists``, ``problems`` and ``notes`` are filled in.

    Returns:
        set[int]: Clips of all lists.
    """
    problems: list[str] = report['problems']
    folds = list(RELEASE if release else layout.folds() or RELEASE)
    lists: Lists = {}
    for fold in folds:
        for part in ('train', 'test'):
            try:
                path = layout.split_file(part, fold)
                lists[part, fold] = read_split_csv(path, len(CLASSES))
            except (OSError, ValueError) as error:
                problems.append(str(error))
    listed: set[int] = set().union(*lists.values())
    for fold in folds:
        if ('train', fold) in lists and ('test', fold) in lists:
            report['folds'][fold] = _check_fold(lists, fold, listed, release, problems)
    _check_test_parts(lists, listed, len(report['folds']) == len(folds), problems)
    _check_labels(lists, problems)
    report['lists'] = _compare_checksums(lists, release, problems)
    _check_votes(layout, lists, report)
    return listed


def _check_fold(
    lists: Lists, fold: int, listed: set[int], release: bool, problems: list[str]
) -> dict[str, Any]:
    train, test = lists['train', fold], lists['test', fold]
    counts = Counter(test.values())
    got = [counts[label] for label in range(len(CLASSES))]
    if both := train.keys() & test.keys():
        problems.append(
            f'fold {fold}: {len(both)} clips are in train and in test: {few(both)}'
        )
    if lacking := listed - train.keys() - test.keys():
        problems.append(
            f'fold {fold}: {len(lacking)} clips of other folds are in neither part: '
            f'{few(lacking)}'
        )
    if release:
        *sizes, by_class = RELEASE[fold]
        for part, found, expected in zip(('train', 'test'), (train, test), sizes):
            if len(found) != expected:
                problems.append(
                    f'fold {fold}, {part}: {len(found)} clips, the release has '
                    f'{expected}'
                )
        problems += [
            f'fold {fold}, test: {number} clips are {name}, the release has {expected}'
            for name, number, expected in zip(CLASSES, got, by_class)
            if number != expected
        ]
    return dict(
        train=len(train),
        test=len(test),
        test_by_class=dict(zip(CLASSES, got)),
        checksums={'train': list_checksum(train), 'test': list_checksum(test)},
    )


def _check_test_parts(
    lists: Lists, listed: set[int], complete: bool, problems: list[str]
) -> None:
    tested: set[int] = set()
    for (part, fold), clips in lists.items():
        if part == 'test':
            if both := clips.keys() & tested:
                problems.append(
                    f'fold {fold}: {len(both)} test clips are test clips of another '
                    f'fold too: {few(both)}'
                )
            tested |= clips.keys()
    if complete and (never := listed - tested):
        problems.append(f'{len(never)} clips are in no test part: {few(never)}')


def _check_labels(lists: Lists, problems: list[str]) -> None:
    """Check that each clip has the same label in all lists."""
    labels: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (part, fold), clips in lists.items():
        for clip, label in clips.items():
            labels[clip][label].append(f'fold {fold} {part}')
    for_several = {clip: found for clip, found in labels.items() if len(found) > 1}
    for clip in sorted(for_several)[:10]:
        problems.append(
            f'clip {clip:05d} has several labels: '
            + '; '.join(
                f'{CLASSES[label]} in {", ".join(places)}'
                for label, places in sorted(
                    for_several[clip].items(), key=lambda entry: len(entry[1])
                )
            )
        )
    if len(for_several) > 10:
        problems.append(f'{len(for_several) - 10} more clips have several labels')


def _compare_checksums(lists: Lists, release: bool, problems: list[str]) -> str:
    """Report whether the lists are those of the release."""
    other = [
        f'fold {fold} {part}'
        for (part, fold), clips in lists.items()
        if list_checksum(clips) != CHECKSUMS.get((part, fold))
    ]
    if not other and len(lists) == len(CHECKSUMS):
        return 'All ten lists are those of the release (their checksums agree).'
    if release and other:
        problems.append(
            f'{len(other)} lists are not those of the release, their clips or labels '
            f'differ (checksums): {", ".join(other)}. Copy them from the release again.'
        )
    return f"{len(lists) - len(other)} of {len(CHECKSUMS)} lists are the release's."


def _check_votes(layout: DFEWLayout, lists: Lists, report: dict[str, Any]) -> None:
    """Check that each label is the emotion with the most votes."""
    try:
        report['votes'] = str(layout.annotation_file())
        shares = read_distributions(layout)
    except FileNotFoundError as error:
        report['notes'].append(str(error))
        return
    except ValueError as error:
        report['problems'].append(str(error))
        return
    labels: dict[int, int] = {}
    for clips in lists.values():
        labels.update(clips)
    unknown = labels.keys() - shares.keys()
    if unknown:
        report['problems'].append(
            f'{len(unknown)} listed clips have no votes: {few(unknown)}'
        )
    wrong = {
        clip
        for clip, label in labels.items()
        if clip in shares and shares[clip][label] < shares[clip].max()
    }
    if wrong:
        first = min(wrong)
        report['problems'].append(
            f'{len(wrong)} clips have a label that is not the emotion with the most '
            f'votes: {few(wrong)}. Clip {first:05d} is listed as '
            f'{CLASSES[labels[first]]}, most votes are for '
            f'{CLASSES[int(shares[first].argmax())]}.'
        )


def few(clips: Collection[int]) -> str:
    """Format the first clips of a set for a message."""
    first = ', '.join(f'{number:05d}' for number in sorted(clips)[:10])
    return first + (', …' if len(clips) > 10 else '')

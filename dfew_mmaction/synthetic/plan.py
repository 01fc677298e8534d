"""Plan of a demo set: clips, labels, votes, folds."""

from dataclasses import dataclass

import numpy as np

from .expressions import CLASSES, sample_peak

IMBALANCES = ('none', 'dfew', 'neutral')

#: Clips of each class in the release, labels 1 to 7.
DFEW_SHARES = (2488, 2008, 2709, 2229, 1498, 146, 981)

# Classes with which each class is confused by voters.
_MISTAKEN = {
    'happy': ('neutral', 'surprise'),
    'sad': ('neutral', 'fear', 'disgust'),
    'neutral': ('sad', 'happy', 'angry'),
    'angry': ('disgust', 'neutral', 'sad'),
    'surprise': ('fear', 'neutral', 'happy'),
    'disgust': ('angry', 'sad', 'neutral'),
    'fear': ('surprise', 'sad', 'neutral'),
}
# Votes for the two leading classes, then for others, where no class reaches six.
_UNDECIDED = ((5, 5), (5, 4, 1), (5, 3, 2), (4, 4, 2), (4, 4, 1, 1), (4, 3, 2, 1))


@dataclass(frozen=True)
class PlannedClip:
    """One clip of a demo set.

    Attributes:
        number (int): Clip number, from 1, with gaps.
        identity (int): Number of the person, from 0.
        expressions (tuple[str, ...]): One class, or the two with most votes.
        label (int): 1 to 7, or 0 if no class has six votes.
        votes (tuple[int, ...]): Ten votes over the seven classes.
        fold (int | None): Fold, from 1, whose test part contains the clip; None for a
            clip in no list.
        num_frames (int): Frames of the scene.
        peak (float): Intensity of the expression at its apex, 0 to 1.
        has_faces (bool): Whether there are enough faces for aligned frames.
    """

    number: int
    identity: int
    expressions: tuple[str, ...]
    label: int
    votes: tuple[int, ...]
    fold: int | None
    num_frames: int
    peak: float
    has_faces: bool


def class_counts(num_clips: int, imbalance: str) -> list[int]:
    """Number of clips of each class.

    Args:
        num_clips (int): Number of clips of all classes.
        imbalance (str): 'none' for equal classes, 'dfew' for the release's shares,
            'neutral' for neutral clips, with one clip of each other class.

    Returns:
        list[int]: Seven counts that add up to ``num_clips``; with seven clips or
        more, each is at least 1.
    """
    shares = np.array(DFEW_SHARES if imbalance == 'dfew' else [1] * 7, float)
    if imbalance == 'neutral':
        shares = np.array([name == 'neutral' for name in CLASSES], float)
    exact = shares / shares.sum() * num_clips
    counts = np.floor(exact).astype(int)
    if num_clips >= len(CLASSES):
        counts = np.maximum(counts, 1)
    while counts.sum() < num_clips:
        counts[np.argmax(exact - counts)] += 1
    while counts.sum() > num_clips:
        counts[np.argmax(counts)] -= 1
    return counts.tolist()


def plan_clips(
    num_clips: int,
    num_identities: int,
    seed: int,
    *,
    folds: int,
    imbalance: str,
    min_frames: int,
    max_frames: int,
    unlabelled: float,
) -> list[PlannedClip]:
    """Plan the clips of a demo set; the arguments are those of :func:`.make_demo`.

    A person belongs to one fold. The clips of each class are distributed in turn over
    the folds, and in a fold over its persons, so that classes are distributed evenly.

    Returns:
        list[PlannedClip]: The clips, sorted by number.
    """
    rng = np.random.default_rng([seed, 0])
    of_fold = [list(range(fold, num_identities, folds)) for fold in range(folds)]
    for members in of_fold:
        rng.shuffle(members)
    drafts: list[tuple] = []  # (expressions, identity, fold, has_faces)
    for name, count in zip(CLASSES, class_counts(num_clips, imbalance), strict=True):
        for _ in range(count):
            turn, fold = divmod(len(drafts), folds)
            members = of_fold[fold]
            drafts.append(((name,), members[turn % len(members)], fold + 1, True))
    for _ in range(round(unlabelled * num_clips)):
        pair = rng.choice([n for n in CLASSES if n != 'neutral'], 2, replace=False)
        identity = int(rng.integers(num_identities))
        drafts.append((tuple(map(str, pair)), identity, None, True))
    for _ in range(round(0.03 * num_clips)):
        name = CLASSES[rng.integers(len(CLASSES))]
        drafts.append(((name,), int(rng.integers(num_identities)), None, False))
    rng.shuffle(drafts)
    lengths = sample_lengths(rng, len(drafts), min_frames, max_frames)
    number, clips = 0, []
    for draft, length in zip(drafts, lengths, strict=True):
        expressions, identity, fold, has_faces = draft
        number += 1 if rng.random() < 0.85 else int(rng.integers(2, 7))
        own = np.random.default_rng([seed, 1, number])
        peak = sample_peak(own)
        votes = sample_votes(own, expressions, peak)
        label = votes.index(max(votes)) + 1 if max(votes) >= 6 else 0
        clip = PlannedClip(
            number, identity, expressions, label, votes, fold, length, peak, has_faces
        )
        clips.append(clip)
    return clips


def sample_lengths(
    rng: np.random.Generator, num_clips: int, min_frames: int, max_frames: int
) -> list[int]:
    """Draw log-normal clip lengths, in frames, with a median of 40 at most."""
    median = min(40.0, np.sqrt(min_frames * max_frames))
    median = max(median, min_frames)
    sigma = np.log(max_frames / median) / 2.7
    drawn = median * np.exp(sigma * rng.normal(size=num_clips))
    lengths = np.clip(np.rint(drawn), min_frames, max_frames).astype(int)
    if num_clips >= 100:  # a large set contains both ends of the range
        lengths[np.argmin(lengths)] = min_frames
        lengths[np.argmax(lengths)] = max_frames
    return lengths.tolist()


def sample_votes(
    rng: np.random.Generator, expressions: tuple[str, ...], peak: float
) -> tuple[int, ...]:
    """Draw ten votes, with less agreement on weak expressions.

    Args:
        rng (np.random.Generator): Source of randomness.
        expressions (tuple[str, ...]): One class, which gets six votes or more, or two,
            which get fewer.
        peak (float): Intensity at the apex, 0 to 1.

    Returns:
        tuple[int, ...]: Votes of the seven classes, which add up to 10.
    """
    votes = [0] * len(CLASSES)
    if len(expressions) == 1:
        main = expressions[0]
        agree = 6 + rng.binomial(4, np.clip(0.15 + 1.2 * (peak - 0.4), 0, 1))
        votes[CLASSES.index(main)] = int(agree)
        for _ in range(10 - agree):
            votes[CLASSES.index(str(rng.choice(_MISTAKEN[main])))] += 1
        return tuple(votes)
    counts = _UNDECIDED[rng.integers(len(_UNDECIDED))]
    others = [name for name in CLASSES if name not in expressions]
    rng.shuffle(others)
    for name, count in zip((*expressions, *others), counts, strict=False):
        votes[CLASSES.index(name)] = count
    return tuple(votes)

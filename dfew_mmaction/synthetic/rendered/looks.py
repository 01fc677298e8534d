"""Appearance of a person: shape of the head, colours, hair, age, resting face."""

from dataclasses import dataclass, replace

import numpy as np

from .action_units import ACTION_UNITS, unit_index

# Blue, green, red of skins from light to dark, of hair and of irises.
_SKINS = ((172, 190, 232), (150, 178, 226), (130, 160, 214), (110, 142, 200),
          (90, 120, 180), (70, 96, 150), (52, 72, 118), (40, 54, 88))  # fmt: skip
_HAIRS = ((22, 22, 26), (30, 32, 40), (32, 46, 72), (45, 70, 110), (90, 140, 185),
          (40, 60, 130), (150, 152, 155), (205, 208, 212))  # fmt: skip
_IRISES = np.array(
    [(30, 45, 70), (25, 32, 48), (120, 105, 80), (90, 110, 85), (60, 95, 110)]
)
# Difference of the colours of skin and lips.
_LIPS = np.array([0.82, 0.72, 0.88])

#: Folds of a face, see :data:`.DRIVERS`.
NUM_FOLDS = 10

#: Styles: 'other' can be left out of training to measure generalisation; 'resting' has
#: faces that look less neutral at rest; 'varied' has wider ranges for training.
STYLES = ('default', 'other', 'resting', 'varied')


@dataclass(frozen=True)
class Looks:
    """Appearance of a person; colours are blue, green, red from 0 to 255.

    Attributes:
        identity (np.ndarray): Weights of the model's identity modes, (100,) float32.
        rest (np.ndarray): Action units of the resting face, (len(ACTION_UNITS), 2).
        style (np.ndarray): Factor of the intensity of each action unit.
        age (float): Depth of the folds at rest and in motion, 0 to 1.
        folds (tuple[float, ...]): Factor of the depth of each fold.
        style_name (str): One of :data:`STYLES`.
    """

    identity: np.ndarray
    rest: np.ndarray
    style: np.ndarray
    age: float
    folds: tuple[float, ...]
    style_name: str
    skin: tuple[float, ...]
    redness: float
    roughness: float
    freckles: float
    gloss: float
    lips: tuple[float, ...]
    eye_shade: float
    lashes: float
    lid_fold: float
    lid_depth: float
    brow_shift: float
    brow_arch: float
    brow_gap: float
    brow_tilt: float
    brow_width: float
    brow_dark: float
    brow_colour: tuple[float, ...]
    hair: float
    hair_colour: tuple[float, ...]
    hair_volume: float
    hair_length: float
    hairline: float
    hairline_round: float
    sideburn: float
    beard: float
    beard_kind: str
    teeth: tuple[float, ...]
    mouth_light: float
    sclera: tuple[float, ...]
    iris: tuple[float, ...]
    iris_size: float
    pupil: float
    glasses: float

    @classmethod
    def sample(cls, rng: np.random.Generator, style_name: str = 'default') -> 'Looks':
        """Draw a person.

        Args:
            rng (np.random.Generator): Source of randomness.
            style_name (str): 'default'; 'other': another distribution of heads, skins
                and brows, to be left out of training; 'resting': 1 to 2 times as
                strong action units at rest, and brows that slant either way; 'varied':
                wider ranges of folds, brows, lips, eyes, and of intensity of the
                action units. Defaults to 'default'.

        Returns:
            Looks: The person.

        Raises:
            ValueError: If the style is unknown.
        """
        if style_name not in STYLES:
            raise ValueError(f'style must be one of {STYLES}, got {style_name!r}')
        other = style_name == 'other'
        uniform = rng.uniform
        male = rng.random() < 0.5
        skin = _mix(rng, _SKINS, uniform(*((0.35, 1) if other else (0, 0.85))))
        skin = tuple(np.clip(np.array(skin) * uniform(0.93, 1.07, 3), 20, 245))
        natural = np.array(_HAIRS[rng.integers(len(_HAIRS))], float)
        hair_colour = tuple(np.clip(natural * uniform(0.8, 1.2), 8, 235))
        age = float(rng.beta(1.2, 1.8))
        brow = np.clip(np.array(hair_colour) * 0.7, 8, np.array(skin) * 0.65)
        looks = cls(
            identity=_identity(rng, 1.15 if other else 1.0),
            rest=_rest(rng) * (uniform(1, 2) if style_name == 'resting' else 1),
            style=np.clip(rng.normal(1, 0.15, len(ACTION_UNITS)), 0.6, 1.4),
            age=age,
            folds=tuple(rng.uniform(0.25, 1.15, NUM_FOLDS)),
            style_name=style_name,
            skin=skin,
            redness=uniform(0, 2.2),
            roughness=uniform(0.005, 0.05) * (1.5 if other else 1),
            freckles=uniform(0.3, 1) if rng.random() < 0.15 else 0.0,
            gloss=uniform(0.05, 0.5),
            lips=tuple(_LIPS ** (uniform(0.3, 1.4) * (1 if male else 1.7))),
            eye_shade=uniform(0.05, 0.35),
            lashes=uniform(0.3, 0.7) if male else uniform(0.5, 1.0),
            lid_fold=uniform(0.7, 1.6),
            lid_depth=uniform(0, 1.4),
            brow_shift=rng.normal(0, 1.6),
            brow_arch=rng.normal(0, 1.2) - (0.5 if not male else 0),
            brow_gap=rng.normal(0, 1.5),
            brow_tilt=rng.normal(0, 2) if style_name == 'resting' else 0.0,
            brow_width=uniform(4.5, 10) if male else uniform(2.5, 7),
            brow_dark=uniform(0.5, 1.15),
            brow_colour=tuple(brow),
            hair=0.0 if male and rng.random() < 0.12 else 1.0,
            hair_colour=hair_colour,
            hair_volume=uniform(0.1, 1.6),
            hair_length=uniform(0, 0.2 if male and rng.random() < 0.8 else 1),
            hairline=uniform(9.2, 11.6),
            hairline_round=uniform(0.2, 1.3),
            sideburn=uniform(-1.5, 5),
            beard=uniform(0.1, 0.9) if male and rng.random() < 0.4 else 0.0,
            beard_kind=str(rng.choice(['full', 'full', 'goatee', 'moustache'])),
            teeth=tuple(np.array([195, 215, 225]) * uniform(0.75, 1.08)),
            mouth_light=uniform(0.3, 1.1),
            sclera=tuple(np.array([205, 208, 214]) * uniform(0.8, 1.1)),
            iris=tuple(_IRISES[rng.integers(len(_IRISES))] * uniform(0.6, 1.3)),
            iris_size=uniform(0.43, 0.5),
            pupil=uniform(0.13, 0.26),
            glasses=uniform(0.4, 1.0) if rng.random() < 0.08 else 0.0,
        )  # fmt: skip
        return _vary(looks, rng) if style_name == 'varied' else looks


def _vary(looks: Looks, rng: np.random.Generator) -> Looks:
    """Draw attributes from wider ranges."""
    uniform = rng.uniform
    return replace(
        looks,
        identity=(looks.identity * uniform(0.6, 1.2)).astype(np.float32),
        rest=looks.rest * uniform(0.5, 1.5),
        style=np.clip(rng.normal(1, 0.25, len(ACTION_UNITS)), 0.4, 1.5),
        folds=tuple(rng.uniform(0, 1.8, NUM_FOLDS)),
        redness=uniform(0, 3),
        roughness=uniform(0, 0.06),
        gloss=uniform(0, 0.9),
        lips=tuple(_LIPS ** uniform(0, 2.6)),
        eye_shade=uniform(0, 0.6),
        lashes=uniform(0, 1),
        brow_tilt=rng.normal(0, 1.2),
        brow_width=uniform(2, 11),
        brow_dark=uniform(0.2, 1.3),
        teeth=tuple(np.array([195, 215, 225]) * uniform(0.5, 1.15)),
        mouth_light=uniform(0.1, 1.4),
        sclera=tuple(np.array([205, 208, 214]) * uniform(0.6, 1.2)),
        glasses=uniform(0.3, 1.0) if rng.random() < 0.12 else 0.0,
    )


def _mix(rng, colours, at):
    place = at * (len(colours) - 1)
    low = int(min(place, len(colours) - 2))
    share = place - low
    first, second = np.array(colours[low], float), np.array(colours[low + 1], float)
    return first * (1 - share) + second * share


def _identity(rng, spread):
    weights = spread * rng.normal(0, 1, 100)
    return np.clip(weights, -2.3, 2.3).astype(np.float32)


def _rest(rng):
    """Draw the weak action units of a resting face."""
    rest = np.zeros((len(ACTION_UNITS), 2))
    for name, often, most in (
        ('au1', 0.15, 0.15), ('au2', 0.25, 0.25), ('au4', 0.3, 0.25),
        ('au5', 0.15, 0.2), ('au7', 0.35, 0.3), ('au12', 0.2, 0.12),
        ('au14', 0.15, 0.2), ('au15', 0.35, 0.28), ('au17', 0.2, 0.2),
        ('au23', 0.2, 0.25), ('au24', 0.2, 0.25), ('au25', 0.2, 0.25),
        ('au43', 0.35, 0.22), ('au6', 0.1, 0.15), ('au10', 0.08, 0.12),
        ('au20', 0.08, 0.12),
    ):  # fmt: skip
        if rng.random() < often:
            sides = np.clip(1 + rng.normal(0, 0.1, 2), 0.7, 1.3)
            rest[unit_index(name)] = rng.uniform(0, most) * sides
    return rest

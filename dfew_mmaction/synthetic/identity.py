"""Appearance of a person at rest."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .expressions import ACTION_UNITS, CLASSES, apex
from .pen import Colour, mix

#: Drawing styles: flat shaded shapes, or pastel shapes with dark outlines.
STYLES = ('default', 'other')

HAIR_STYLES = (
    'bald', 'buzz', 'short', 'parted', 'curly', 'bangs', 'bob', 'long', 'bun',
    'receding', 'afro', 'headscarf', 'cap',
)  # fmt: skip

# Colours are BGR.
_SKIN = [
    (205, 221, 248), (178, 202, 240), (150, 180, 226), (120, 155, 206),
    (92, 126, 178), (68, 96, 144), (50, 70, 110), (44, 58, 88),
]  # fmt: skip
_HAIR = [
    (30, 28, 30), (32, 40, 58), (44, 62, 96), (52, 92, 140), (96, 146, 188),
    (40, 84, 172), (170, 172, 176), (226, 226, 230),
]  # fmt: skip
_IRIS = [(38, 58, 92), (30, 44, 66), (150, 110, 70), (90, 130, 80), (130, 130, 120)]
_CLOTH = [
    (84, 62, 48), (58, 74, 150), (110, 136, 66), (176, 158, 120), (60, 56, 58),
    (190, 190, 196), (70, 140, 200), (140, 90, 120), (96, 108, 88), (60, 60, 120),
]  # fmt: skip
_PASTEL_SKIN = [(214, 228, 250), (190, 210, 240), (160, 184, 222), (130, 150, 196)]
_PASTEL_HAIR = [
    (214, 170, 150), (160, 190, 240), (190, 160, 220), (170, 210, 180), (120, 110, 140),
    (150, 210, 240),
]  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """A person at rest. Lengths are in face units (half a head's width).

    Attributes:
        style (str): One of :data:`STYLES`.
        width (float): Half width of the head.
        crown (float): Height of the skull above the eyes.
        chin (float): Distance from the eyes to the chin.
        jaw (float): Squareness of the jaw, 1.6 (pointed) to 2.8 (square).
        skin (Colour): Colour of the skin, BGR, as are all colours.
        hair (Colour): Colour of hair and beard.
        hair_style (str): One of :data:`HAIR_STYLES`.
        hair_side (float): Side of the parting, -1 or 1.
        hairline (float): Height of the hairline above the eyes.
        brow (Colour): Colour of the brows.
        brow_width (float): Thickness of the brows.
        brow_height (float): Height of the brows above the eyes.
        brow_tilt (float): How much lower the inner end is at rest than the outer.
        brow_arch (float): Height of the arch.
        brow_inner (float): Distance of the inner end from the middle.
        eye_x (float): Distance of the eyes from the middle.
        eye_width (float): Half width of the eyes.
        eye_upper (float): Height of the upper lid over the corners, at rest.
        eye_lower (float): Depth of the lower lid under the corners, at rest.
        eye_tilt (float): How much higher the outer corner is.
        iris (Colour): Colour of the iris.
        lashes (float): Thickness of the upper lash line.
        nose_y (float): Distance from the eyes to the nose's base.
        nose_width (float): Half width of the nose.
        mouth_y (float): Distance from the eyes to the mouth.
        mouth_width (float): Half width of the mouth.
        mouth_curve (float): Height of the mouth's corners at rest, either sign.
        mouth_gap (float): Distance of the lips at rest.
        lip_upper (float): Thickness of the upper lip.
        lip_lower (float): Thickness of the lower lip.
        lip (Colour): Colour of the lips.
        glasses (str): 'none', 'round', 'square' or 'dark rim'.
        beard (str): 'none', 'stubble', 'full', 'goatee' or 'moustache'.
        age (float): Strength of the lines at rest, 0 to 1.
        freckles (bool): Whether there are freckles.
        blush (float): Redness of the cheeks at rest, 0 to 1.
        earrings (bool): Whether there are earrings.
        resting (Mapping[str, float]): Action units at rest: many resting faces look
            slightly happy or angry, so that only changes are informative.
    """

    style: str
    width: float
    crown: float
    chin: float
    jaw: float
    skin: Colour
    hair: Colour
    hair_style: str
    hair_side: float
    hairline: float
    brow: Colour
    brow_width: float
    brow_height: float
    brow_tilt: float
    brow_arch: float
    brow_inner: float
    eye_x: float
    eye_width: float
    eye_upper: float
    eye_lower: float
    eye_tilt: float
    iris: Colour
    lashes: float
    nose_y: float
    nose_width: float
    mouth_y: float
    mouth_width: float
    mouth_curve: float
    mouth_gap: float
    lip_upper: float
    lip_lower: float
    lip: Colour
    glasses: str
    beard: str
    age: float
    freckles: bool
    blush: float
    earrings: bool
    resting: Mapping[str, float]

    @property
    def shade(self) -> Colour:
        """Colour of skin in shadow."""
        warm = tuple(a * b for a, b in zip(self.skin, (0.74, 0.78, 0.84), strict=True))
        return mix(self.skin, warm, 0.8)

    @property
    def line(self) -> Colour:
        """Colour of folds and edges of the skin."""
        if self.style == 'other':
            return mix(self.skin, (70, 50, 60), 0.75)
        light = sum(self.skin) / 765
        dark = tuple(c * k for c, k in zip(self.skin, (0.42, 0.46, 0.56), strict=True))
        return mix(self.skin, dark, 0.85 if light > 0.35 else 1.0)

    @property
    def outline(self) -> Colour | None:
        """Colour of the lines around shapes, if the style has them."""
        return (70, 50, 60) if self.style == 'other' else None

    @classmethod
    def sample(cls, rng: np.random.Generator, style: str = 'default') -> 'Identity':
        """Draw a person.

        Args:
            rng (np.random.Generator): Source of randomness.
            style (str): One of :data:`STYLES`. Defaults to 'default'.

        Returns:
            Identity: The person.

        Raises:
            ValueError: If the style is unknown.
        """
        if style not in STYLES:
            raise ValueError(f'style must be one of {STYLES}, got {style!r}')
        other = style == 'other'
        masculine, age = rng.random(), rng.beta(1.1, 1.8)
        skin = _shade_of(rng, _PASTEL_SKIN if other else _SKIN)
        hair = _hair_colour(rng, skin, age, other)
        eye_width = rng.uniform(0.22, 0.275) * (1.2 if other else 1.0)
        size = rng.uniform(0.85, 1.15) * (1.35 if other else 1.0)
        lip_tone = (86, 80, 190) if masculine < 0.5 else (100, 104, 168)
        lip = mix(skin, lip_tone, rng.uniform(0.35, 0.6))
        brow = mix(hair, (30, 32, 40), rng.uniform(0.25, 0.7))
        if sum(brow) > 0.45 * sum(skin) and not age > 0.6:
            brow = mix(brow, (16, 16, 20), 0.6)  # must differ from the skin
        beard = 'none'
        if masculine > 0.45 and rng.random() < 0.55:
            beard = str(rng.choice(['stubble', 'full', 'goatee', 'moustache']))
        return cls(
            style=style,
            width=rng.uniform(0.92, 1.04) * (1.06 if other else 1.0),
            crown=rng.uniform(1.25, 1.4),
            chin=rng.uniform(1.42, 1.62) * (0.92 if other else 1.0),
            jaw=rng.uniform(1.85, 2.3) + 0.4 * masculine,
            skin=skin,
            hair=hair,
            hair_style=_hair_style(rng, masculine, age),
            hair_side=float(rng.choice([-1, 1])),
            hairline=rng.uniform(0.78, 0.98),
            brow=brow,
            brow_width=rng.uniform(0.055, 0.09) + 0.035 * masculine,
            brow_height=rng.uniform(0.32, 0.44),
            brow_tilt=float(np.clip(rng.normal(0, 0.06), -0.13, 0.13)),
            brow_arch=rng.uniform(0.0, 0.09),
            brow_inner=rng.uniform(0.15, 0.25),
            eye_x=rng.uniform(0.4, 0.47),
            eye_width=eye_width,
            eye_upper=0.125 * size * rng.uniform(0.8, 1.1),
            eye_lower=0.075 * size * rng.uniform(0.8, 1.2),
            eye_tilt=rng.uniform(-0.03, 0.05),
            iris=_IRIS[rng.integers(2 if sum(skin) < 400 else len(_IRIS))],
            lashes=rng.uniform(0.03, 0.05) + 0.02 * (1 - masculine),
            nose_y=rng.uniform(0.52, 0.66),
            nose_width=rng.uniform(0.15, 0.25),
            mouth_y=rng.uniform(0.93, 1.03) * (0.94 if other else 1.0),
            mouth_width=rng.uniform(0.34, 0.46),
            mouth_curve=float(np.clip(rng.normal(0, 0.055), -0.11, 0.11)),
            mouth_gap=float(rng.choice([0.0, rng.uniform(0.0, 0.05)])),
            lip_upper=rng.uniform(0.05, 0.09) + 0.02 * (1 - masculine),
            lip_lower=rng.uniform(0.07, 0.12) + 0.02 * (1 - masculine),
            lip=lip,
            glasses=str(
                rng.choice(
                    ['none', 'round', 'square', 'dark rim'], p=[0.7, 0.1, 0.1, 0.1]
                )
            ),
            beard=beard,
            age=float(age),
            freckles=bool(rng.random() < 0.1),
            blush=rng.uniform(0, 0.6),
            earrings=bool(masculine < 0.45 and rng.random() < 0.5),
            resting=_resting(rng),
        )


def _resting(rng: np.random.Generator) -> dict[str, float]:
    """Draw weak action units of an expression and one more unit."""
    trace = apex(CLASSES[rng.integers(len(CLASSES))], rng, rng.uniform(0, 0.4))
    extra = ACTION_UNITS[rng.integers(len(ACTION_UNITS))]
    trace[extra] = max(trace.get(extra, 0.0), rng.uniform(0, 0.3))
    # No resting face has closed eyes, and few have an open mouth.
    share = {'au43': 0.0, 'au25': 0.5, 'au26': 0.35}
    return {name: share.get(name, 1.0) * level for name, level in trace.items()}


def _shade_of(rng: np.random.Generator, stops: list) -> Colour:
    at = rng.uniform(0, len(stops) - 1.001)
    colour = np.array(mix(stops[int(at)], stops[int(at) + 1], at % 1))
    return tuple(np.clip(colour + rng.normal(0, 2.5, 3), 20, 252))


def _hair_colour(rng, skin, age, other):
    if other:
        return _PASTEL_HAIR[rng.integers(len(_PASTEL_HAIR))]
    dark_skin = sum(skin) < 380
    choices = [0, 0, 1, 2] if dark_skin else [0, 1, 1, 2, 2, 3, 4, 5]
    if age > 0.6:
        choices = [0, 1, 6, 6, 7]
    colour = np.array(_HAIR[choices[rng.integers(len(choices))]], float)
    return tuple(np.clip(colour * rng.uniform(0.85, 1.15), 12, 240))


def _hair_style(rng, masculine, age):
    if masculine > 0.5:
        styles = ['buzz', 'short', 'parted', 'curly', 'cap', 'short', 'parted']
        styles += ['bald', 'receding', 'receding'] if age > 0.35 else ['bangs', 'afro']
    else:
        styles = ['bangs', 'bob', 'long', 'bun', 'headscarf', 'curly', 'long', 'afro']
    return styles[rng.integers(len(styles))]

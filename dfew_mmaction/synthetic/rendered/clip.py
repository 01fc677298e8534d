"""One rendered clip: the scene and its aligned faces."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..clip import FACE_SIZE, Clip
from ..timing import wander
from .detection import SimulatedDetector, model_points
from .expressions import near_apex, perform
from .face_model import FaceModel
from .light import Light
from .looks import Looks
from .person import Person, View
from .surroundings import Surroundings

#: Side of a rendered scene in pixels.
SCENE_SIZE = 160


@dataclass(frozen=True)
class Settings:
    """Settings of the rendering.

    Attributes:
        style (str): 'default'; 'other': another distribution of light, texture, heads
            and camera; 'resting', 'varied': see :data:`.STYLES`.
        step (int): Render every ``step``-th of the 25 frames per second.
        size (int): Side of the scene in pixels.
        margin (float): Margin of the aligned face, see :func:`.align_face`.
        apex_only (bool): Whether to render only frames near the apex of the expression;
            neutral clips are complete.
    """

    style: str = 'default'
    step: int = 1
    size: int = SCENE_SIZE
    margin: float = 0.0
    apex_only: bool = False


def render_clip(
    model: FaceModel,
    seed: int | Sequence[int],
    looks: Looks,
    expressions: Sequence[str],
    num_frames: int,
    *,
    peak: float,
    hidden: bool = False,
    settings: Settings = Settings(),
) -> Clip:
    """Render a clip.

    Args:
        model (FaceModel): The face model.
        seed (int | Sequence[int]): All random choices depend only on it.
        looks (Looks): The person.
        expressions (Sequence[str]): One of the seven classes, or two that share the
            clip.
        num_frames (int): Length of the performance in frames at 25 per second.
        peak (float): Intensity at the apex, 0 to 1.2.
        hidden (bool): Whether the face is outside the picture. Defaults to False.
        settings (Settings): Settings of the rendering.

    Returns:
        Clip: The clip; its units are the person's left and right side.
    """
    rng = np.random.default_rng(seed)
    units = perform(rng, expressions, num_frames, peak, looks.style)
    views = sample_views(rng, num_frames, settings, hidden)
    shown = np.arange(0, num_frames, settings.step)
    if settings.apex_only and tuple(expressions) != ('neutral',):
        shown = shown[near_apex(units[shown])]
    person = Person(model, looks, np.random.default_rng([int(looks.age * 1e9)]))
    light = Light.sample(rng, settings.style)
    around = Surroundings(rng, person, settings.size, settings.style)
    detector = SimulatedDetector(rng)
    weights, depths = person.weights(units[shown]), person.depths(units[shown])
    pulls = person.pulls(units[shown])
    scene, faces = [], []
    for k, frame in enumerate(shown):
        view = views[frame]
        points = person.points(weights[k])
        image = around.before(view)
        person.render(image, points, depths[k], float(pulls[k]), view, light)
        image = around.after(image, points, view, rng)
        scene.append(image)
        if not hidden:
            truth = model_points(person, points, view)
            faces.append(detector.align(image, truth, FACE_SIZE, settings.margin))
    found = np.arange(0 if hidden else len(shown))
    quality = int(rng.integers(40, 96))
    empty = np.zeros((0, FACE_SIZE, FACE_SIZE, 3), np.uint8)
    aligned = np.stack(faces) if faces else empty
    return Clip(np.stack(scene), aligned, found, units[shown], quality)


def sample_views(
    rng: np.random.Generator, num_frames: int, settings: Settings, hidden: bool
) -> list[View]:
    """Draw head pose, camera and gaze of each frame."""

    def move(amount, period=30.0):
        return amount * wander(rng, num_frames, rng.uniform(0.6, 1.6) * period)

    wide = 1.6 if settings.style == 'other' else 1.0
    size = settings.size
    lively = rng.uniform(0.1, 1.3)
    yaw = wide * rng.normal(0, 0.13) + lively * move(0.06)
    pitch = wide * rng.normal(0, 0.09) + lively * move(0.04)
    roll = rng.normal(0, 0.07) + lively * move(0.03)
    x = size * (rng.uniform(0.42, 0.58) + lively * move(0.015))
    y = size * (rng.uniform(0.44, 0.56) + lively * move(0.01))
    if hidden:
        x = x + rng.choice([-1, 1]) * 1.2 * size
    scale = size / rng.uniform(23, 32) * (1 + 0.02 * move(1.0, 50.0))
    distance = float(np.exp(rng.uniform(np.log(35), np.log(150))))
    jumps = np.cumsum(rng.random(num_frames) < 0.04)
    ahead = rng.random(jumps[-1] + 1) < 0.5
    goals = rng.normal(0, 1, (jumps[-1] + 1, 2)) * (0.22, 0.12)
    goals[ahead] *= 0.15
    # Eyes that look at the camera rotate against the head.
    follow = rng.uniform(0, 0.9)
    return [
        View(
            float(yaw[i]), float(pitch[i]), float(roll[i]), float(x[i]), float(y[i]),
            float(scale[i]), distance,
            (
                float(goals[j, 0] - follow * yaw[i]),
                float(goals[j, 1] + follow * pitch[i]),
            ),
        )
        for i, j in enumerate(jumps)
    ]  # fmt: skip

"""Speed of the face renderer on one core: frames per second at 112 x 112.

    python benchmarks/rendering.py FaceXModel

Two numbers: frames of one person, which excludes the texture that is painted once per
person, and clips of eight frames including person, background, camera and alignment.
Time is processor time, which depends less on other load.
"""

import argparse
import time

import cv2
import numpy as np

from dfew_mmaction.synthetic.rendered import (
    Looks,
    Person,
    Settings,
    load_face_model,
    perform,
    render_clip,
)
from dfew_mmaction.synthetic.rendered.clip import sample_views
from dfew_mmaction.synthetic.rendered.light import Light
from dfew_mmaction.utils import CLASSES

SIZE = 112


def frames_per_second(model, people: int, frames: int) -> float:
    """Frames of a person, without painting the texture."""
    spent = 0.0
    for number in range(people):
        rng = np.random.default_rng(number)
        looks = Looks.sample(rng)
        person = Person(model, looks, rng)
        units = perform(rng, [CLASSES[number % 7]], frames, 1.0, looks.style)
        views = sample_views(rng, frames, Settings(size=SIZE), hidden=False)
        light = Light.sample(rng)
        start = time.process_time()
        weights, depths = person.weights(units), person.depths(units)
        pulls = person.pulls(units)
        for k, view in enumerate(views):
            image = np.full((SIZE, SIZE, 3), 128, np.float32)
            points = person.points(weights[k])
            person.render(image, points, depths[k], float(pulls[k]), view, light)
        spent += time.process_time() - start
    return people * frames / spent


def clips_per_second(model, clips: int) -> float:
    """Clips of eight frames with all that belongs to them."""
    settings = Settings(step=5, size=SIZE)
    start = time.process_time()
    for number in range(clips):
        looks = Looks.sample(np.random.default_rng(number))
        name = CLASSES[number % 7]
        render_clip(model, number, looks, [name], 40, peak=1.0, settings=settings)
    return clips / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('face_model', help='ict_facekit.npz or the folder of OBJ files')
    args = parser.parse_args()
    cv2.setNumThreads(1)
    model = load_face_model(args.face_model)
    frames_per_second(model, 1, 8)  # warm
    print(
        f'{frames_per_second(model, 14, 30):.0f} frames a second and core, one person'
    )
    rate = clips_per_second(model, 28)
    print(f'{rate:.1f} clips of 8 frames a second and core, {8 * rate:.0f} frames')


if __name__ == '__main__':
    main()

"""The face renderer; skipped where the face model is absent."""

from pathlib import Path

import numpy as np
import pytest

from dfew_mmaction.synthetic.rendered import (
    ACTION_UNITS,
    VARIANTS,
    Looks,
    Person,
    Settings,
    View,
    load_face_model,
    make_rendered,
    perform,
    render_clip,
)
from dfew_mmaction.synthetic.rendered.action_units import SHAPES, shape_matrix
from dfew_mmaction.synthetic.rendered.detection import model_points
from dfew_mmaction.synthetic.rendered.expressions import prototype
from dfew_mmaction.synthetic.rendered.face_model import NUM_VERTICES
from dfew_mmaction.synthetic.rendered.obj_files import LANDMARKS68, read_obj_folder
from dfew_mmaction.synthetic.rendered.raster import rasterize
from dfew_mmaction.utils import CLASSES

FACE_MODEL = (
    Path(__file__).parents[3] / 'shared' / 'data' / 'face_model' / 'ict_facekit.npz'
)


@pytest.fixture(scope='module')
def face_model():
    if not FACE_MODEL.is_file():
        pytest.skip(f'the face model is not part of the project; not at {FACE_MODEL}')
    return load_face_model(FACE_MODEL)


def cross(u, v):
    return u[0] * v[1] - u[1] * v[0]


def plain_raster(points, depth, triangles, size):
    """Nearest triangle of each pixel, by loops."""
    nearest = np.full(size, np.inf)
    found = np.full(size, -1)
    for row, corners in enumerate(triangles):
        a, b, c = points[corners].astype(float)
        area = cross(b - a, c - a)
        for y, x in np.ndindex(size):
            p = np.array([x, y])
            wb, wc = cross(p - a, c - a) / area, cross(b - a, p - a) / area
            if min(wb, wc, 1 - wb - wc) < 0:
                continue
            z = depth[corners] @ (1 - wb - wc, wb, wc)
            if z < nearest[y, x]:
                nearest[y, x], found[y, x] = z, row
    return found


def test_raster_against_loops():
    rng = np.random.default_rng(3)
    points = rng.uniform(-3, 19, (18, 2)).astype(np.float32)
    depth = rng.uniform(1, 2, 18).astype(np.float32)
    triangles = np.arange(18).reshape(6, 3)
    expected = plain_raster(points, depth, triangles, (14, 17))
    places, rows, weights = rasterize(points, depth, triangles, (14, 17))
    found = np.full(14 * 17, -1)
    found[places] = rows
    assert np.array_equal(found.reshape(14, 17), expected)
    assert len(np.unique(rows)) > 2
    # The weights give the pixel back.
    at = (points[triangles[rows]] * weights[..., None]).sum(1)
    assert np.allclose(at, np.stack([places % 17, places // 17], 1), atol=1e-3)


def test_raster_outside_the_picture():
    triangle = np.array([[0, 1, 2]])
    points = np.float32([[-9, -9], [-5, -9], [-9, -5]])
    places, rows, weights = rasterize(points, np.ones(3, 'f4'), triangle, (8, 8))
    assert places.shape == rows.shape == (0,) and weights.shape == (0, 3)


def test_action_units_need_the_shapes():
    with pytest.raises(ValueError, match="no shape 'browInnerUp'"):
        shape_matrix(['jawOpen'])


@pytest.mark.parametrize('name', CLASSES)
def test_prototypes(name):
    rng = np.random.default_rng(0)
    style = np.ones(len(ACTION_UNITS))
    drawn = [prototype(name, rng, 1.0, style) for _ in range(60)]
    known = {unit for _, units in VARIANTS[name] for unit in units}
    assert known <= set(SHAPES)
    if name == 'neutral':
        assert drawn == [{}] * 60
        return
    assert len({tuple(sorted(units)) for units in drawn}) > 5
    always = {'happy': 'au12', 'angry': 'au4'}.get(name)
    assert always is None or all(always in units for units in drawn)


def test_resting_faces_look_less_neutral():
    people = [
        [Looks.sample(np.random.default_rng(seed), style) for seed in range(40)]
        for style in ('default', 'resting')
    ]
    for calm, resting in zip(*people, strict=True):
        assert np.array_equal(calm.identity, resting.identity)
        shown = calm.rest > 0
        factor = resting.rest[shown] / calm.rest[shown]
        assert np.all((factor >= 1) & (factor <= 2)) and calm.brow_tilt == 0
    assert np.std([looks.brow_tilt for looks in people[1]]) > 1


def test_varied_people_differ_more():
    plain, varied = (
        [Looks.sample(np.random.default_rng(seed), style) for seed in range(60)]
        for style in ('default', 'varied')
    )
    for name in ('folds', 'style', 'lips', 'brow_width', 'brow_dark', 'mouth_light'):
        one, other = (
            np.array([getattr(looks, name) for looks in people])
            for people in (plain, varied)
        )
        assert other.min() < one.min() and other.std(0).mean() > 1.1 * one.std(0).mean()
    # Shape of the head and hair are those of the same person.
    for looks, other in zip(plain, varied, strict=True):
        share = (
            other.identity[looks.identity != 0] / looks.identity[looks.identity != 0]
        )
        assert np.ptp(share) < 1e-5 and looks.hair_colour == other.hair_colour


def test_unknown_expression():
    style = np.ones(len(ACTION_UNITS))
    with pytest.raises(ValueError, match="got 'bored'"):
        prototype('bored', np.random.default_rng(0), 1.0, style)
    with pytest.raises(ValueError, match="style must be one of .* got 'cubist'"):
        Looks.sample(np.random.default_rng(0), 'cubist')


def test_performance_stays_in_range():
    style = np.ones(len(ACTION_UNITS))
    for number, name in enumerate(CLASSES):
        rng = np.random.default_rng(number)
        units = perform(rng, [name, 'happy'], 90, 1.1, style)
        assert units.shape == (90, len(ACTION_UNITS), 2)
        assert units.min() >= 0 and units.max() <= 1.3


def test_missing_face_model(tmp_path):
    with pytest.raises(FileNotFoundError, match='there is no face model'):
        load_face_model(tmp_path / 'face.npz')
    with pytest.raises(FileNotFoundError, match='contains no generic_neutral_mesh.obj'):
        load_face_model(tmp_path)
    np.savez(tmp_path / 'other.npz', vertices=np.zeros((4, 3)))
    with pytest.raises(ValueError, match="other.npz' has no array 'quads'"):
        load_face_model(tmp_path / 'other.npz')


def test_reduced_model(face_model):
    assert len(face_model.vertices) < NUM_VERTICES / 2
    assert face_model.triangles.max() < len(face_model.vertices)
    with np.load(FACE_MODEL) as full:
        assert tuple(full['landmarks68']) == LANDMARKS68
        marks = full['vertices'][full['landmarks68']]
    assert np.allclose(face_model.vertices[face_model.landmarks], marks)


def rendered(face_model, seed, name='happy', **settings):
    looks = Looks.sample(np.random.default_rng(seed))
    settings = Settings(**{'step': 10, 'size': 96, **settings})
    return render_clip(face_model, seed, looks, [name], 40, peak=1.0, settings=settings)


def test_clip_is_deterministic(face_model):
    first, again = rendered(face_model, 4), rendered(face_model, 4)
    assert first.scene.shape == (4, 96, 96, 3)
    assert first.faces.shape == (4, 224, 224, 3)
    assert np.array_equal(first.scene, again.scene)
    assert np.array_equal(first.faces, again.faces)
    assert not np.array_equal(first.scene, rendered(face_model, 5).scene)


def test_person_turns_and_smiles(face_model):
    rng = np.random.default_rng(1)
    person = Person(face_model, Looks.sample(rng), rng)
    units = np.zeros((2, len(ACTION_UNITS), 2))
    units[1, ACTION_UNITS.index('au12')] = 1
    weights = person.weights(units)
    view = View(0, 0, 0, 64, 64, 5, 80, (0, 0))
    rest, smile = (model_points(person, person.points(w), view) for w in weights)
    assert rest[0, 0] < rest[1, 0] and rest[0, 1] < rest[2, 1] < rest[3, 1]
    # The corners of the mouth move apart and up.
    assert smile[3, 0] < rest[3, 0] - 1 and smile[4, 0] > rest[4, 0] + 1
    assert (smile[3:, 1] < rest[3:, 1]).all()


def test_hidden_clip_has_no_face(face_model):
    looks = Looks.sample(np.random.default_rng(0))
    clip = render_clip(
        face_model, 0, looks, ['sad'], 20, peak=1.0, hidden=True,
        settings=Settings(step=10, size=64),
    )  # fmt: skip
    assert len(clip.scene) == 2 and len(clip.faces) == len(clip.found) == 0


def test_tree(face_model, tmp_path):
    arguments = dict(
        num_clips=7, num_identities=7, frame_step=10, min_frames=20, max_frames=30,
        sources=['frames', '16f'], unlabelled=0, workers=1,
    )  # fmt: skip
    counts = make_rendered(tmp_path, FACE_MODEL, **arguments)
    assert counts['clips'] == 7 and not counts['already_there']
    assert set(counts['classes'].values()) == {1}
    assert make_rendered(tmp_path, FACE_MODEL, **arguments)['already_there']
    folders = list((tmp_path / 'Clip' / 'clip_224x224_16f').iterdir())
    assert {len(list(folder.iterdir())) for folder in folders} == {16}
    with pytest.raises(FileExistsError, match='frame_step=10'):
        make_rendered(tmp_path, FACE_MODEL, **{**arguments, 'frame_step': 5})
    with pytest.raises(ValueError, match='frame_step must be at least 1, got 0'):
        make_rendered(tmp_path, FACE_MODEL, **{**arguments, 'frame_step': 0})


def test_obj_files(tmp_path):
    neutral = ['v 0 0 0', 'v 1 0 0', 'v 1 1 0', 'v 0 1 0.5']
    uv = ['vt 0 0', 'vt 1 0', 'vt 1 1', 'vt 0 1']
    faces = ['f 1/1 2/2 3/3 4/4', 'f 1/1 2/2 4/4']

    def write(name, rows):
        (tmp_path / f'{name}.obj').write_text('\n'.join(rows) + '\n')

    write('generic_neutral_mesh', neutral + uv + faces)
    write('jawOpen', ['v 0 -2 0', *neutral[1:]])
    for number in range(100):
        write(f'identity{number:03d}', [*neutral[:3], f'v 0 1 {number}'])
    model = read_obj_folder(tmp_path)
    assert model['vertices'][3].tolist() == [0, 1, 0.5]
    assert model['quads'].tolist() == [[0, 1, 2, 3], [0, 1, 3, 3]]
    assert model['uv'].shape == (4, 2)
    assert model['expression_names'].tolist() == ['jawOpen']
    assert model['expressions'][0, 0].tolist() == [0, -2, 0]
    assert model['identities'].shape == (100, 4, 3)
    assert model['identities'][7, 3].tolist() == [0, 0, 6.5]
    write('jawOpen', neutral[:3])
    with pytest.raises(ValueError, match='has 3 vertices, .* has 4'):
        read_obj_folder(tmp_path)
    (tmp_path / 'jawOpen.obj').unlink()
    write('browDown_L', neutral)
    (tmp_path / 'identity042.obj').unlink()
    with pytest.raises(FileNotFoundError, match='identity042.obj'):
        read_obj_folder(tmp_path)

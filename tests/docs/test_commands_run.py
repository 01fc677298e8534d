"""Each command in a block of the documentation runs unchanged on the demo set.

Each page gets a folder with links to `tools`, the demo set as `data/DFEW` and
`data/demo`, files with the names that the page uses, and a copy of `configs` in which
networks, frames and schedules are small. The text of the commands is not changed.
"""

import re
import shutil

import doc_commands
import pytest
import run_doc_commands
import torch

pytestmark = pytest.mark.slow
COMMANDS = [command for command in doc_commands.commands() if command.whole]
# Commands that are only parsed (tests/test_docs.py), by their beginning, and why.
NOT_RUN = {
    'source .venv/bin/activate': 'the tests run in an environment already',
    'pip install': 'needs a connection; the names are compared with setup.py',
    'pip wheel': 'needs a connection; tests/dist_check.py',
    'docker ': 'needs Docker',
    'ln -s': 'tests/dist_check.py runs it where the wheel is installed',
    'make ': 'minutes to hours; made of commands that are run by tests',
    'srun ': 'needs Slurm with GPUs',
    'sbatch ': 'needs Slurm; tests/extraction/test_slurm.py runs it where there is one',
    'torchrun --nnodes 2': 'needs two machines',
    'mim train mmaction2 configs/dfew/c3d_ecstfl.py --launcher pytorch --gpus 2':
        'needs two GPUs',
    'python tools/predict.py 0 --live': 'needs a camera; tests/inference/test_live.py',
    'python tools/data/make_synthetic.py':
        'needs the ICT-FaceKit face model; tests/synthetic/test_rendered.py',
    'python tools/data/extract_faces.py videos out --engine ray':
        'needs a Ray cluster; tests/extraction/test_ray.py starts one',
    'python tools/cross_validate.py configs/dfew/c3d_ecstfl.py --launcher slurm':
        'needs Slurm; tests/cross_validation/test_slurm.py runs it where there is one',
    'python tools/cross_validate.py configs/dfew/c3d.py configs/dfew/c3d_ecstfl.py '
    '--seeds 0 1 2': '30 trainings; the same with one seed is run',
    'python tools/cross_validate.py configs/dfew/c3d.py configs/dfew/c3d_ecstfl.py '
    'configs/dfew/resnet3d18.py': '8 trainings; tests/reports/test_transfer.py',
    'python tools/cross_validate.py configs/afew/':
        '24 trainings; tests/reports/test_transfer.py',
    'python tools/analysis/transfer_table.py work_dirs/afew':
        'of these trainings; tests/reports/test_transfer.py',
    'python tools/cross_set.py configs/dfew/c3d_ecstfl.py':
        'needs FERV39k; tests/cross_validation/test_cross_set.py',
    'python experiments/losses/run.py': 'hours; tests/experiments/test_losses.py',
    'python experiments/flagship/run.py':
        'needs a GPU; tests/experiments/test_flagship.py',
    'python benchmarks/': 'measures for minutes and needs a quiet machine',
}  # fmt: skip
# Exit statuses of commands, by their beginning, where 0 is not the only right one.
STATUS = {
    'python tools/web_demo.py': (130,),  # runs until Ctrl-C
    'python tools/data/check_dfew.py': (0, 1),  # the demo set is not DFEW
    # A video without a face that the detector finds.
    'python tools/data/extract_faces.py': (0, 1),
    'python tools/predict.py': (0, 1),
}


def reason(command):
    line = ' '.join(command.words)
    found = [why for start, why in NOT_RUN.items() if line.startswith(start)]
    return found[0] if found else None


def test_the_list_of_exceptions_is_not_stale():
    lines = [' '.join(command.words) for command in COMMANDS]
    for start in NOT_RUN:
        assert any(line.startswith(start) for line in lines), start


@pytest.fixture(scope='module')
def small_configs(tmp_path_factory, repo):
    """A copy of configs/ with small networks, frames and schedules."""
    place = tmp_path_factory.mktemp('configs') / 'configs'
    shutil.copytree(repo / 'configs', place)
    (place / '_base_/models/c3d.py').write_text(
        "_base_ = './recognizer.py'\n"
        "model = dict(backbone=dict(type='SlimC3D', base_channels=2, fc_channels=16,"
        ' input_size=112), cls_head=dict(in_channels=16))\n'
    )
    changes = [
        (r'\(160, 160\)', '(32, 32)'), (r'max_epochs=60', 'max_epochs=1'),
        (r'num_workers=\d', 'num_workers=0'), (r'batch_size=24', 'batch_size=8'),
        (r'persistent_workers=True', 'persistent_workers=False'),
    ]  # fmt: skip
    for path in [*place.rglob('_base_/*/*.py'), *place.glob('demo/slim*.py')]:
        text = path.read_text()
        for old, new in changes:
            text = re.sub(old, new, text)
        path.write_text(text)
    demo = place / 'demo' / 'slim_c3d_ecstfl.py'
    demo.write_text(demo.read_text() + "train_cfg['max_epochs'] = 1\n")
    return place


@pytest.fixture(scope='module')
def theirs(published, tmp_path_factory):
    """A P3D as the authors of DFEW publish weights, with random ones."""
    weights = published.randomise(published.P3D()).float().state_dict()
    named = {f'module.{name}': value for name, value in weights.items()}
    path = tmp_path_factory.mktemp('theirs') / 'their.pth'
    torch.save(dict(seed=0, epo=1, model_state_dict=named), path)
    return path


@pytest.fixture(scope='module')
def untrained(small_configs, tmp_path_factory):
    """A checkpoint, a model file and an ONNX file of the small c3d_ecstfl.py."""
    from mmaction.registry import MODELS
    from mmengine.config import Config
    from mmengine.registry import init_default_scope

    from dfew_mmaction.apis import publish
    from dfew_mmaction.deploy import export_network, load_network
    from dfew_mmaction.utils import CLASSES

    folder = tmp_path_factory.mktemp('untrained')
    config = small_configs / 'dfew' / 'c3d_ecstfl.py'
    init_default_scope('mmaction')
    model = MODELS.build(Config.fromfile(config).model)
    known = dict(dataset='DFEW', fold=1, source='16f', classes=CLASSES)
    content = dict(meta=dict(dataset_meta=known), state_dict=model.state_dict())
    torch.save(content, folder / 'best.pth')
    published = publish(config, folder / 'best.pth', folder / 'model')
    onnx = folder / 'c3d.onnx'
    export_network(load_network(config, folder / 'best.pth'), onnx)
    return folder / 'best.pth', published, onnx


@pytest.fixture
def folder(tmp_path, small_configs, repo, demo_root, theirs, untrained, validated):
    """The files that the pages assume: configs, tools, data, and named files."""
    from dfew_mmaction.synthetic import lay_out

    shutil.copytree(small_configs, tmp_path / 'configs')
    for name in ('tools', 'benchmarks', 'docs/figures'):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(repo / name)
    (tmp_path / 'docs' / 'images').mkdir()
    (tmp_path / 'work_dirs').mkdir()
    (tmp_path / 'work_dirs' / 'cross_validation').symlink_to(validated)
    shutil.copytree(demo_root, tmp_path / 'data' / 'DFEW')
    (tmp_path / 'data' / 'demo').symlink_to('DFEW')
    own_set(demo_root, tmp_path / 'data' / 'own', lay_out)
    for name in ('best.pth', 'epoch_60.pth'):
        shutil.copy(untrained[0], tmp_path / name)
    shutil.copy(untrained[1], tmp_path / 'c3d_ecstfl-1a2b3c4d.pth')
    shutil.copy(untrained[2], tmp_path / 'c3d.onnx')
    (tmp_path / 'their.pth').symlink_to(theirs)
    videos = sorted((demo_root / 'Clip' / 'original').glob('*.mp4'))[:10]
    shutil.copy(videos[0], tmp_path / 'video.mp4')
    for place in ('my_videos', 'videos'):
        (tmp_path / place).mkdir()
        for number, video in enumerate(videos, 1):
            shutil.copy(video, tmp_path / place / f'{number}.mp4')
    rows = [f'{i},{1 + i % 2}' for i in range(1, 11)]
    (tmp_path / 'labels.csv').write_text('\n'.join(['video_name,label', *rows, '']))
    write_coding(tmp_path / 'coding.eaf')
    header = '1happy,2sad,3neutral,4angry,5surprise,6disgust,7fear,order'
    votes = [f'{9 * (i % 2) + 1},{9 - 9 * (i % 2)},0,0,0,0,0,{i}' for i in range(1, 11)]
    (tmp_path / 'votes.csv').write_text('\n'.join([header, *votes, '']))
    own = re.findall(
        r'```python\n(# own\.py\n.*?)```', (repo / 'docs/own_data.md').read_text(), re.S
    )
    (tmp_path / 'own.py').write_text(own[0])
    return tmp_path


@pytest.fixture
def small_demo_sets(monkeypatch):
    """Synthetic sets are by default as small as that of the tests."""
    from dfew_mmaction.synthetic import command

    make = command.set_parser

    def small(*arguments, **options):
        parser = make(*arguments, **options)
        parser.set_defaults(num_clips=70, num_identities=10, max_frames=24)
        return parser

    monkeypatch.setattr(command, 'set_parser', small)


def write_coding(path):
    """A coding by hand, in ELAN's format."""
    elan = pytest.importorskip('pympi').Elan

    coding = elan.Eaf()
    coding.add_tier('coder1')
    for label, start, end in (('joy', 0, 400), ('speech', 400, 600)):
        coding.add_annotation('coder1', start, end, label)
    coding.to_file(str(path))


def own_set(demo_root, root, lay_out):
    """A custom set before it has folds: one list, its persons, train and test."""
    lay_out(demo_root, root, 'csv')
    parts = [(root / 'set_1' / f'{p}.csv').read_text() for p in ('train', 'test')]
    for part, text in zip(('train', 'test'), parts):
        (root / f'{part}.csv').write_text(text)
    rows = [row for text in parts for row in text.splitlines()[1:]]
    (root / 'labels.csv').write_text('\n'.join(['path,label', *rows]))
    persons = [f'{row.split(",")[0]},P{n % 10}' for n, row in enumerate(rows)]
    (root / 'persons.csv').write_text('\n'.join(['path,group', *persons]))
    for folder in root.glob('set_*'):
        shutil.rmtree(folder)


@pytest.fixture(scope='module')
def validated(tmp_path_factory):
    """Where cross-validations of all pages lie: the second page finds them finished."""
    return tmp_path_factory.mktemp('validated')


@pytest.mark.parametrize('page', sorted({c.page for c in COMMANDS if not reason(c)}))
def test_commands_run(page, folder, small_demo_sets, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setenv('DFEW_ROOT', 'data/DFEW')
    for command in COMMANDS:
        if command.page != page or reason(command):
            continue
        words = run_doc_commands.words_of(command)
        variables, words = run_doc_commands.assignments(words)
        assert words[0] in run_doc_commands.HANDLED, f'{command}: how is it run?'
        if words[0] == 'export':
            continue  # the demo set is where DFEW_ROOT says
        run_doc_commands.provide(words)
        with monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            status, printed = run_doc_commands.run(words)
        line = ' '.join(words)
        allowed = [found for start, found in STATUS.items() if line.startswith(start)]
        wanted = allowed[0] if allowed else (0,)
        assert status in wanted, f'{command} ended with {status}\n{printed}'

"""Each command of the documentation exists, with its options, paths and packages."""

import ast
import functools
import importlib.util
import re
from pathlib import Path

import doc_commands as doc
import pytest

REPO = doc.REPO
COMMANDS = doc.commands()
TOOLS = sorted(
    str(p.relative_to(REPO))
    for folder in ('tools', 'benchmarks', 'docs/figures', 'experiments')
    for p in (REPO / folder).rglob('*.py')
    if "if __name__ == '__main__'" in p.read_text()
)
# What these do is run by tests on smaller sets; they take minutes to hours.
LONG = {
    'demo', 'predict', 'demo-networks', 'transfer',
    'deploy-table', 'benchmark', 'test-mmdet', 'env-mmdet', 'test-onedl', 'dist-check',
    'stack-check', 'test-all', 'real-faces', 'real-faces-losses', 'real-faces-publish',
}  # fmt: skip
CI = {'test', 'test-all', 'lint', 'docs', 'env'}  # of .ci/run
BY_HAND = {'format', 'figures', 'clean'}
# Options of programs that are not of this stack.
FOREIGN = {
    'pip': {'--no-deps', '--no-build-isolation', '--no-index'},
    'srun': {'-n', '--gpus-per-task', '--gpu-bind'},
    'sbatch': {'--array', '--wrap'},
}
ROOTS = ('configs/', 'tools/', 'benchmarks/', 'docs/', 'tests/', 'requirements/',
         'experiments/')  # fmt: skip


def make_targets():
    files = [REPO / 'Makefile', *REPO.glob('experiments/*.mk')]
    files += (REPO / 'requirements').glob('*.mk')
    text = '\n'.join(path.read_text() for path in files)
    return set(re.findall(r'^([\w-]+):', text, re.M))


def taken(command, words):
    """Check a command; what it starts in turn is checked too."""
    while words and re.fullmatch(r'[A-Z_]+=.*', words[0]):
        known(words.pop(0).partition('=')[0])
    program, *rest = words
    if program in CHECKS:
        CHECKS[program](command, rest)
    else:
        tool(command, program, rest)


def export(command, rest):
    known(rest[0].partition('=')[0])


def source(command, rest):
    assert rest == ['.venv/bin/activate']


def ln(command, rest):  # run by tests/dist_check.py
    assert rest == ['-s', '$(python -m dfew_mmaction)/{configs,tools}', '.']


def make(command, rest):
    assert rest[0] in make_targets(), f'{command}: no such target'


def pip(command, rest):
    assert rest[0] in ('install', 'wheel')
    words = iter(rest[1:])
    taken = []
    for word in words:
        if word in ('--wheel-dir', '--find-links', '--constraint'):
            value = next(words)
            assert value == 'wheels' or (REPO / value).is_file(), str(command)
        else:
            taken.append(word)
    packages(command, taken)


def docker(command, rest):
    if rest[0] == 'build':
        assert (REPO / rest[rest.index('-f') + 1]).is_file(), str(command)


def slurm(program, command, rest):
    inner = next(i for i, w in enumerate(rest) if w in ('python', '--wrap'))
    ours, rest = rest[:inner], rest[inner:]
    assert {w.partition('=')[0] for w in ours if w[0] == '-'} <= FOREIGN[program]
    taken(command, rest if program == 'srun' else rest[1].split())


def torchrun(command, rest):
    args = doc.parse('torchrun', rest)
    tool(command, args.training_script, args.training_script_args)


def mim(command, rest):
    if not command.whole:
        known = {*doc.options(f'mim {rest[0]}')}
        if (REPO / 'tools' / f'{rest[0]}.py').is_file():
            known |= {*doc.options(f'tools/{rest[0]}.py')}
        assert {w for w in rest if w.startswith('--')} <= known, str(command)
        return
    of_mim = doc.mim(rest[0]).make_context('mim', rest[1:]).params
    assert of_mim['package'] == 'mmaction2'
    theirs = [of_mim['config'], *of_mim['other_args']]
    if rest[0] == 'test':
        theirs.insert(1, of_mim['checkpoint'])
    tool(command, f'tools/{rest[0]}.py', theirs)


def python(command, rest):
    if rest[0] == '-m':
        assert (REPO / rest[1] / '__main__.py').is_file(), str(command)
    elif rest[0] == '-c':
        compile(rest[1], str(command), 'exec')
    else:
        tool(command, rest[0], rest[1:])


CHECKS = {
    'docker': docker, 'export': export, 'source': source, 'ln': ln, 'make': make,
    'pip': pip,
    'srun': functools.partial(slurm, 'srun'), 'python': python,
    'sbatch': functools.partial(slurm, 'sbatch'), 'torchrun': torchrun, 'mim': mim,
}  # fmt: skip


def known(variable):
    text = '\n'.join(p.read_text() for p in (REPO / 'configs/_base_').rglob('*.py'))
    assert variable in text or variable == 'OMP_NUM_THREADS', variable


def packages(command, words):
    setup = (REPO / 'setup.py').read_text()
    pinned = '\n'.join(p.read_text() for p in (REPO / 'requirements').iterdir())
    for word in words:
        if word.startswith('-'):
            assert word in FOREIGN['pip'], command
        elif extras := re.fullmatch(r'(?:\.|dfew_mmaction)\[(.+)\]', word):
            for extra in extras[1].split(','):
                assert f"'{extra}': [" in setup, f'{command}: no extra {extra}'
        elif word not in ('.', 'deepspeed', 'einops', 'umap-learn'):  # untested
            assert re.search(rf'^{re.escape(word)}(==|$)', pinned, re.M), command


def tool(command, name, arguments):
    assert name in TOOLS, f'{command}: there is no {name}'
    for word in (e for w in arguments for e in doc.expand(w)):
        if word.startswith(ROOTS):
            there = any(REPO.glob(word)) or word == 'docs/images/ec_stfl.png'
            assert there, f'{command}: there is no {word}'
    arguments = [w for w in arguments if w != '…']
    if command.whole:
        try:
            doc.parse(name, arguments)
        except ValueError as error:
            pytest.fail(f'{command}: {error}')
    else:
        names = {w.partition('=')[0] for w in arguments if w.startswith('--')}
        assert names <= {*doc.options(name)}, f'{command}: {names}'


@pytest.mark.parametrize('page', sorted({c.page for c in COMMANDS}))
def test_commands_can_be_given(page):
    for command in COMMANDS:
        if command.page == page:
            taken(command, list(command.words))


def test_options_that_sentences_name_exist():
    tools = [*TOOLS, 'torchrun', 'mim train', 'mim test']
    there = {option for name in tools for option in doc.options(name)}
    there |= set().union(*FOREIGN.values())
    for page in doc.PAGES:
        for code in doc.INLINE.findall(doc.BLOCK.sub('', page.read_text())):
            named = set(re.findall(r'(?<![\w-])--[a-z][\w-]+', code))
            assert named <= there, f'{doc.name_of(page)}: {sorted(named - there)}'


def test_each_command_is_run_by_a_test_or_takes_long():
    tests = '\n'.join(
        p.read_text() for p in (REPO / 'tests').rglob('*.py') if 'doc' not in p.name
    )
    for command in COMMANDS:
        text = ' '.join(command.words)
        for name in re.findall(r'(?:tools|benchmarks)/[\w/]+\.py', text):
            if name.startswith('tools/'):
                assert Path(name).name in tests, f'{command}: no test runs {name}'
        for target in re.findall(r'^make ([\w-]+)', text):
            assert target in LONG | CI | BY_HAND, f'{command}: how long does it take?'


def test_python_blocks_import_what_is_there():
    tried = 0
    for page in doc.PAGES:
        for _, language, block in doc.BLOCK.findall(page.read_text()):
            nodes = ast.walk(ast.parse(block)) if language == 'python' else ()
            for node in nodes:
                module = getattr(node, 'module', None) or ''
                if isinstance(node, ast.ImportFrom) and 'dfew_mmaction' in module:
                    there = importlib.import_module(module)
                    for name in node.names:
                        assert hasattr(there, name.name), f'{page}: {name.name}'
                        tried += 1
    assert tried >= 4


def test_a_wrong_command_is_found():
    for words, message in (
        ('python tools/predict.py', 'required'),
        ('python tools/predict.py a.mp4 --checkpoint b --nonsense', '--nonsense'),
        ('python tools/publsh.py a b c', 'there is no tools/publsh.py'),
        ('python tools/train.py configs/dfew/c3e.py', 'there is no configs/dfew/c3e'),
        ('mim train mmaction2 configs/dfew/c3d.py --resumes', '--resumes'),
        ('make dmo', 'no such target'),
        ("pip install .[onxx]", 'no extra onxx'),
    ):  # fmt: skip
        command = doc.Command('page', words.split(), True)
        with pytest.raises(BaseException, match=message):
            taken(command, list(command.words))

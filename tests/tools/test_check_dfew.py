import json

TOOL = 'tools/data/check_dfew.py'


def test_whole_and_not(demo_copy, tmp_path, run):
    arguments = [demo_copy, '--sources', '16f', '--any-set', '--workers', '1']
    done = run('python', TOOL, *arguments)
    assert done.stdout.endswith('This copy is whole.\n')
    row = next(r for r in done.stdout.splitlines() if r.startswith('| 16f'))
    assert '16 / 16 / 16' in row
    broken = min((demo_copy / 'Clip' / 'clip_224x224_16f').iterdir()) / '1.jpg'
    broken.write_bytes(broken.read_bytes()[:2000])
    done = run('python', TOOL, *arguments, '--json', tmp_path / 'r.json', check=False)
    assert done.returncode == 1 and str(broken) in done.stdout
    assert done.stdout.endswith('This copy is NOT whole.\n')
    report = json.loads((tmp_path / 'r.json').read_text())
    assert report['sources']['16f']['problems']['unreadable']['count'] == 1
    quick = run('python', TOOL, *arguments, '--quick', '--json', '-')
    assert json.loads(quick.stdout)['problems'] == []


def test_no_copy_at_all(tmp_path, run):
    done = run('python', TOOL, tmp_path / 'gone', check=False)
    assert done.returncode == 2 and 'there is no such folder' in done.stderr

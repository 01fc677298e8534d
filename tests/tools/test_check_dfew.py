import json

TOOL = 'tools/data/check_dfew.py'


def test_whole_and_not(demo_copy, tmp_path, run):
    arguments = ['--sources', '16f', '--workers', '1']
    done = run('python', TOOL, *arguments, root=demo_copy)
    assert f'{demo_copy} (a demo set)' in done.stdout
    assert done.stdout.endswith('This copy is complete.\n')
    row = next(r for r in done.stdout.splitlines() if r.startswith('| 16f'))
    assert '16 / 16 / 16' in row
    broken = min((demo_copy / 'Clip' / 'clip_224x224_16f').iterdir()) / '1.jpg'
    broken.write_bytes(broken.read_bytes()[:2000])
    arguments = [demo_copy, '--any-set', *arguments]
    done = run('python', TOOL, *arguments, '--json', tmp_path / 'r.json', check=False)
    assert done.returncode == 1 and str(broken) in done.stdout
    assert done.stdout.endswith('This copy is NOT complete.\n')
    report = json.loads((tmp_path / 'r.json').read_text())
    assert report['sources']['16f']['problems']['unreadable']['count'] == 1
    quick = run('python', TOOL, *arguments, '--quick', '--json', '-')
    assert json.loads(quick.stdout)['problems'] == []


def test_no_copy_at_all(tmp_path, run):
    done = run('python', TOOL, tmp_path / 'gone', check=False)
    assert done.returncode == 2 and 'there is no such folder' in done.stderr

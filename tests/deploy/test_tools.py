"""tools/deploy as a user calls it."""

from dfew_mmaction.inference.classifiers.onnx_classifier import OnnxClassifier


def test_export_in_floats_and_in_8_bits_and_score(network, tmp_path, run):
    files = [tmp_path / 'tiny.onnx', tmp_path / 'tiny_int8.onnx']
    done = run(
        'python', 'tools/deploy/export.py', *network, files[0], '--int8', files[1],
        '--calibration-clips', '7',
    )  # fmt: skip
    first, second = done.stdout.splitlines()
    assert first.startswith(f'{files[0]}: ') and 'on random clips, ' in first
    assert second.startswith(f'{files[1]}: ') and 'in 8 bits' in second
    assert OnnxClassifier(files[1]).classes == OnnxClassifier(files[0]).classes
    done = run('python', 'tools/deploy/score.py', network[0], *files)
    table = [line.split('|') for line in done.stdout.splitlines() if '|' in line]
    assert [cell.strip() for cell in table[0][1:4]] == ['model', 'UAR', 'WAR']
    assert [row[1].strip() for row in table[2:]] == [str(path) for path in files]
    assert all(0 <= float(row[2]) <= 100 for row in table[2:])


def test_what_is_said_of_wrong_arguments(network, tmp_path, run):
    tool = 'tools/deploy/export.py'
    done = run('python', tool, *network, tmp_path / 'tiny.tflite', check=False)
    assert done.returncode == 2 and 'must end in .onnx or .pt2' in done.stderr
    assert 'Traceback' not in done.stderr
    done = run(
        'python', tool, network[1], tmp_path / 'a.onnx', '--int8', 'b.onnx', check=False
    )
    assert done.returncode == 2 and '--int8 needs CONFIG' in done.stderr
    assert not list(tmp_path.iterdir())

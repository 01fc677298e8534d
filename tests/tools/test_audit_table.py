TABLE = """model,happy,sad,neutral,angry,surprise,disgust,fear,UAR,WAR
C3D,75.17,39.49,55.11,62.49,45.00,1.38,20.51,42.74,53.54
other,75.17,39.49,55.11,62.49,45.00,1.38,20.51,43.74,53.54
"""


def test_rows_that_follow_and_not(tmp_path, run):
    (tmp_path / 't.csv').write_text(TABLE)
    done = run(
        'python', 'tools/analysis/audit_table.py', tmp_path / 't.csv', check=False
    )
    rows = [line for line in done.stdout.splitlines() if 'printed' in line]
    assert done.returncode == 1
    assert '| yes' in rows[0] and 'printed 42.74' in rows[0]
    assert '| NO' in rows[1]


def test_table_without_the_classes_is_named(tmp_path, run):
    (tmp_path / 't.csv').write_text('model,UAR,WAR\nC3D,1,2\n')
    done = run(
        'python', 'tools/analysis/audit_table.py', tmp_path / 't.csv', check=False
    )
    assert done.returncode == 2
    assert 'row 1: no column happy' in done.stderr

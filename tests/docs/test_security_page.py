"""Each claim of docs/security.md names a test that exists."""

import re


def test_the_named_tests_exist(repo):
    page = (repo / 'docs' / 'security.md').read_text()
    paths = [*(repo / 'tests').rglob('test_*.py')]
    files = {path.name for path in paths}
    texts = [path.read_text() for path in paths]
    rows = [line for line in page.splitlines() if line.startswith('|')]
    claims = [row for row in rows if not row.startswith(('|---', '| Attack'))]
    assert len(claims) > 15
    for claim in claims:
        named = re.findall(r'`(test_\w+)(\.py)?`', claim.rsplit(' | ', 1)[1])
        assert named, f'no test is named: {claim}'
        for name, ending in named:
            found = f'{name}.py' in files if ending else any(
                f'def {name}(' in text for text in texts
            )  # fmt: skip
            assert found, f'there is no {name}'

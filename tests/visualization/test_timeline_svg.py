"""Curves for the page."""

from xml.etree import ElementTree

import numpy as np
import pytest

from dfew_mmaction.visualization.timeline_svg import timeline_svg

SVG = {'svg': 'http://www.w3.org/2000/svg'}


def parse(text):
    return ElementTree.fromstring(text.replace('<svg ', f'<svg xmlns="{SVG["svg"]}" '))


def test_a_point_is_where_its_time_and_value_say():
    times = np.array([0.0, 2.0, 4.0])
    values = np.array([[0.0, 1.0], [0.25, 0.75], [1.0, 0.0]])
    root = parse(timeline_svg({'face 1': (times, values)}, ['happy', 'sad'], 8.0))
    left, right = (float(root.get(f'data-{side}')) for side in ('left', 'right'))
    assert root.get('data-duration') == '8.000'
    first, second = root.findall('.//svg:polyline', SVG)
    points = np.array([p.split(',') for p in first.get('points').split()], float)
    np.testing.assert_allclose(
        points[:, 0], left + times / 8 * (right - left), atol=0.1
    )
    (cursor,) = root.findall('.//svg:line[@class="cursor"]', SVG)
    top, bottom = float(cursor.get('y1')), float(cursor.get('y2'))
    expected = bottom - values[:, 0] * (bottom - top)
    np.testing.assert_allclose(points[:, 1], expected, atol=0.1)
    assert first.get('stroke') != second.get('stroke')
    texts = [node.text for node in root.findall('.//svg:text', SVG)]
    assert {'face 1', 'happy', 'sad', '0 s', '8 s'} <= set(texts)


def test_names_are_text():
    line = np.array([1.0]), np.array([[0.5]])
    text = timeline_svg({'<script>1</script>': line}, ['"><b>'], 0.0)
    assert '<script>' not in text and '<b>' not in text
    root = parse(text)
    assert '<script>1</script>' in [n.text for n in root.findall('.//svg:text', SVG)]
    assert len(root.findall('.//svg:circle', SVG)) == 1  # one window


def test_many_faces_and_none():
    line = np.array([0.0, 1.0]), np.full((2, 7), 1 / 7)
    lines = {f'face {i}': line for i in range(11)}
    root = parse(timeline_svg(lines, list('abcdefg'), 7200.0))
    assert len(root.findall('.//svg:line[@class="cursor"]', SVG)) == 8
    assert len(root.findall('.//svg:text', SVG)) < 60
    with pytest.raises(ValueError, match='no face to draw'):
        timeline_svg({}, ['a'], 1.0)

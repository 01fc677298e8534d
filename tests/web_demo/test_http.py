"""Responses of the page to untrusted requests over HTTP."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest


def request(address, method, path, body=None, **headers):
    """Status, headers and body of an answer; the path goes out as it stands."""
    host = urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=60)
    named = {key.replace('_', '-'): value for key, value in headers.items()}
    connection.putrequest(method, path, skip_host='Host' in named)
    for key, value in named.items():
        connection.putheader(key, value)
    if body is not None:
        connection.putheader('Content-Length', str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), content


def analyze(address, content, name='me.mp4', **headers):
    """Events of an analysis."""
    status, _, body = request(
        address, 'POST', '/analyses', content, X_File_Name=name, **headers
    )
    return status, [json.loads(line) for line in body.splitlines()]


@pytest.fixture
def clip(video, red_to_blue, tmp_path):
    return video(tmp_path / 'clip.mp4', red_to_blue).read_bytes()


def folders(home):
    (place,) = home.glob('dfew_page_*')
    return list(place.iterdir())


def test_an_analysis(page, clip):
    address, home = page
    status, events = analyze(address, clip, 'C%3A%5Cme%0A.mp4')
    assert status == 200 and 'error' not in events[-1]
    links = events[-1]['links']
    status, headers, content = request(address, 'GET', '/' + links['timelines.json'])
    assert status == 200 and json.loads(content)['video'] == 'me.mp4'
    status, headers, content = request(
        address, 'GET', '/' + links['annotated.mp4'], Range='bytes=0-99'
    )
    assert status == 206 and len(content) == 100
    assert not list(home.rglob('upload'))


# --- files of the server -----------------------------------------------------------


@pytest.fixture
def server_files(tmp_path, clip):
    """One of each kind that must not be handed out."""
    (tmp_path / 'video.mp4').write_bytes(clip)
    (tmp_path / 'secret.txt').write_text('secret\n' * 99)
    (tmp_path / 'link.mp4').symlink_to(tmp_path / 'video.mp4')
    os.mkfifo(tmp_path / 'fifo.mp4')
    names = ('video.mp4', 'secret.txt', 'link.mp4', 'fifo.mp4', '')
    return ['/etc/passwd', *(str(tmp_path / name) for name in names)]


def test_a_request_names_no_file_of_the_server(page, server_files):
    """Neither by the interface of Gradio, which served the page once, nor by its own.

    A FIFO would block whoever opens it: every request has to come back.
    """
    address, home = page
    for path in server_files:
        data = [{'path': path, 'meta': {'_type': 'gradio.FileData'}}]
        body = json.dumps(dict(data=data, fn_index=0, session_hash='a')).encode()
        for route in ('/gradio_api/queue/join', '/gradio_api/run/predict', '/upload'):
            assert request(address, 'POST', route, body)[0] in (404, 405)
        for route in ('/gradio_api/file=', '/results/', '/', '/results/x/', '/file='):
            assert request(address, 'GET', route + path)[0] in (404, 405)
        # A name is a name: the video is the body, which is none here.
        for name in (path, '../..' + path):
            status, (event,) = analyze(address, body, name)
            assert status == 422 and 'not a readable video' in event['error']
            status, (event,) = analyze(address, b'', name)
            assert status == 422 and 'Choose a video first' in event['error']


@pytest.mark.parametrize(
    'path',
    [
        '/../../../../etc/passwd', '/..%2f..%2f..%2fetc%2fpasswd', '//etc/passwd',
        '/results/%2e%2e/%2e%2e%2fetc%2fpasswd', '/page.js/../../page.py',
        '/page.py', '/static/page.html', '/openapi.json', '/docs', '/redoc',
        '/config', '/info', '/gradio_api/info', '/results', '/results/',
    ],
)  # fmt: skip
def test_nothing_else_is_served(page, path):
    status, _, content = request(page[0], 'GET', path)
    assert status == 404 and b'root:' not in content and b'import' not in content


def test_results_of_another_visitor(page, clip):
    """They are found by the token alone, which nothing but the analysis gives."""
    address, home = page
    _, events = analyze(address, clip)
    token = events[-1]['links']['timelines.json'].split('/')[1]
    for folder in folders(home):
        for name in ('timelines.json', 'annotated.mp4', 'upload'):
            assert request(address, 'GET', f'/results/{folder.name}/{name}')[0] == 404
    for name in ('faces.csv', 'timelines.csv', '..%2fupload', ''):
        assert request(address, 'GET', f'/results/{token}/{name}')[0] == 404
    assert not any(token in str(path) for path in home.rglob('*'))


@pytest.mark.parametrize(
    'content',
    [
        b'root:x:0:0:root:/root:/bin/bash\n' * 99,
        b'#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile:///etc/passwd\n',
        b'ffconcat version 1.0\nfile /etc/passwd\n',
        b'v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n',
        b'<?xml version="1.0"?><MPD></MPD>' * 9,
        b'GIF89a' + bytes(99), b'\x89PNG\r\n\x1a\n' + bytes(99), b'\xff\xd8\xff' * 99,
        b'RIFF\x24\0\0\0WAVEfmt ' + bytes(99), bytes(5), b'a',
    ],
)  # fmt: skip
def test_only_video_containers(page, content):
    """FFmpeg would draw the first as a video, and open what the next ones name."""
    status, (event,) = analyze(page[0], content)
    assert status == 422 and 'The file is not a readable video' in event['error']
    assert not list(page[1].rglob('upload'))


def test_no_path_of_the_server(page, clip):
    """In no answer: not of an analysis, not of a result, not of an error."""
    address, home = page
    cut = bytes(clip[: len(clip) // 2])
    _, good = analyze(address, clip)
    _, bad = analyze(address, cut)
    assert 'error' in bad[-1]
    link = '/' + good[-1]['links']['timelines.json']
    answers = [json.dumps([good, bad])]
    for path in ('/', '/page.js', '/page.css', link, '/results/a/b', '/nothing'):
        _, headers, content = request(address, 'GET', path)
        answers.append(str(headers) + content.decode())
    for text in answers:
        assert str(home) not in text and 'dfew_page' not in text
        assert '/tmp' not in text and 'Traceback' not in text


# --- who may ask ------------------------------------------------------------------


def test_hosts(page, clip):
    address, _ = page
    port = urlsplit(address).port
    for host in (f'127.0.0.1:{port}', f'localhost:{port}', f'[::1]:{port}'):
        assert request(address, 'GET', '/', Host=host)[0] == 200
    for host in (f'evil.example:{port}', '127.0.0.1.evil.example', '', '169.254.1.1'):
        assert request(address, 'GET', '/', Host=host)[0] == 400
        status, _, _ = request(address, 'POST', '/analyses', clip, Host=host)
        assert status == 400


def test_origins(page, clip):
    address, _ = page
    for origin in ('http://evil.example', 'null', 'http://127.0.0.1:1', 'http://['):
        status, _, content = request(address, 'POST', '/analyses', clip, Origin=origin)
        assert status == 403 and content == b'Requests of other pages are refused.'
    assert request(address, 'POST', '/analyses', b'', Origin=address)[0] == 422


def test_headers(page):
    for path in ('/', '/page.js', '/nothing'):
        _, headers, _ = request(page[0], 'GET', path)
        headers = {key.lower(): value for key, value in headers.items()}
        assert "default-src 'none'" in headers['content-security-policy']
        assert 'unsafe' not in headers['content-security-policy']
        assert headers['x-content-type-options'] == 'nosniff'
        assert headers['cross-origin-resource-policy'] == 'same-origin'
        assert 'server' not in headers


# --- several visitors ---------------------------------------------------------------


def test_two_visitors_with_the_same_file(page, clip):
    address, home = page
    answers = []

    def visit():
        answers.append(analyze(address, clip))

    visitors = [threading.Thread(target=visit) for _ in range(2)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    (_, first), (_, second) = answers
    assert first[-1]['faces'] and first[-1]['faces'] == second[-1]['faces']
    assert first[-1]['links'] != second[-1]['links']
    assert not list(home.rglob('upload'))


def test_size(page):
    """The answer arrives although the sender is not done when it is refused."""
    address, _ = page
    large = b'\0\0\0\x20ftypisom' + bytes(40 * 2**20)
    for _ in range(5):
        status, (event,) = analyze(address, large)
        assert status == 413 and 'larger than 3 MB' in event['error']
    status, (event,) = analyze(address, bytes(2**21))
    assert status == 422 and 'not a readable video' in event['error']
    for expected, path, headers in (
        (403, '/analyses', dict(Origin='http://evil.example')),
        (400, '/analyses', dict(Host='evil.example')),
        (404, '/nothing', {}),
        (405, '/', {}),
    ):
        assert request(address, 'POST', path, large, **headers)[0] == expected
    # A sender who waits for permission is not asked for the video.
    connection = send_slowly(address, b'', 99999999, 'Expect: 100-continue\r\n')
    assert connection.recv(12) == b'HTTP/1.1 413'
    connection.close()


def send_slowly(address, content, size=99999, headers=''):
    """A connection that has sent a part of its upload."""
    url = urlsplit(address)
    connection = socket.create_connection((url.hostname, url.port))
    head = f'POST /analyses HTTP/1.1\r\nHost: {url.netloc}\r\n{headers}'
    head += f'Content-Length: {size}\r\n\r\n'
    connection.sendall(head.encode() + content)
    return connection


def test_pending_uploads(page, clip, wait_for):
    address, home = page
    slow = [send_slowly(address, clip[:2000]) for _ in range(9)]
    wait_for(lambda: len(list(home.rglob('upload'))) == 9)
    status, (event,) = analyze(address, clip)
    assert status == 503 and '9 videos are waiting already' in event['error']
    for connection in slow:
        connection.close()
    # Who leaves takes the upload along.
    wait_for(lambda: not list(home.rglob('upload')))
    assert analyze(address, clip)[0] == 200


def test_a_visitor_who_leaves(page, clip, wait_for):
    """The analysis is cancelled and nothing of it remains."""
    address, home = page
    before = len(folders(home))
    connection = send_slowly(address, clip, len(clip))
    assert connection.recv(15) == b'HTTP/1.1 200 OK'
    connection.close()
    wait_for(lambda: not list(home.rglob('upload')))
    wait_for(lambda: len(folders(home)) <= before + 1)


def test_sigterm_during_an_analysis(network, tmp_path, repo, video, wait_for):
    """It ends at once, with a slow analysis on and others waiting."""
    import numpy as np

    config, checkpoint = network
    (tmp_path / 'tmp').mkdir()
    command = [
        sys.executable, 'tools/web_demo.py', '--config', config, '--checkpoint',
        checkpoint, '--port', '0', '--detector', 'none', '--stride', '0.02',
    ]  # fmt: skip
    process = subprocess.Popen(
        [str(part) for part in command], cwd=repo, stdout=subprocess.PIPE, text=True,
        env={**os.environ, 'TMPDIR': str(tmp_path / 'tmp')},
    )  # fmt: skip
    try:
        address = re.match(r'(http://\S+) ', process.stdout.readline())[1]
        frames = np.zeros((1000, 240, 320, 3), np.uint8)
        long = video(tmp_path / 'long.mp4', frames).read_bytes()
        connections = [send_slowly(address, long, len(long)) for _ in range(3)]
        assert connections[0].recv(15) == b'HTTP/1.1 200 OK'
        wait_for(lambda: list((tmp_path / 'tmp').rglob('*faces*csv')))
    finally:
        process.send_signal(signal.SIGTERM)
        status = process.wait(20)
    assert status == 143
    assert not list((tmp_path / 'tmp').glob('dfew_page_*'))

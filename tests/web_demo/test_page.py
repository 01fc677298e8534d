"""The page in a real browser: upload or record, wait, watch, download."""

import json
import shutil

import cv2
import numpy as np
import pytest

from dfew_mmaction.synthetic import Identity, draw_clip

WAIT = 120
FLAGS = (
    '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run '
    '--disable-background-networking --disable-component-update --disable-sync '
    '--window-size=1100,1700 --use-fake-device-for-media-stream '
    '--use-fake-ui-for-media-stream'
).split()


@pytest.fixture(scope='module')
def browser(tmp_path_factory):
    webdriver = pytest.importorskip('selenium.webdriver', reason='needs selenium')
    programs = {name: shutil.which(name) for name in ('chromium', 'chromedriver')}
    for name, path in programs.items():
        if path is None:
            pytest.skip(
                f'the program {name} is not installed (Debian: chromium-driver)'
            )
    options = webdriver.ChromeOptions()
    options.binary_location = programs['chromium']
    for flag in (*FLAGS, f'--user-data-dir={tmp_path_factory.mktemp("profile")}'):
        options.add_argument(flag)
    service = webdriver.ChromeService(programs['chromedriver'])
    driver = webdriver.Chrome(options, service)
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser, page):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(page[0])

    def find(selector):
        wait = WebDriverWait(browser, WAIT)
        return wait.until(lambda b: b.find_element(By.CSS_SELECTOR, selector))

    def send(path):
        # It is there before it can be seen.
        until(lambda b: b.find_elements(By.CSS_SELECTOR, '#upload input[type=file]'))
        find('#upload input[type=file]').send_keys(str(path))
        find('#preview')
        find('#analyze').click()

    def until(condition):
        return WebDriverWait(browser, WAIT).until(condition)

    return find, send, until


def synthetic_video(path, seconds):
    """A synthetic face as a camera records it."""
    person = Identity.sample(np.random.default_rng(3))
    frames = draw_clip(5, person, ['surprise', 'happy'], int(25 * seconds)).scene
    size = frames.shape[2:0:-1]
    kind = cv2.VideoWriter_fourcc(*'mp4v')
    writer = cv2.VideoWriter(str(path), kind, 25, size)
    for frame in frames:
        writer.write(frame)
    writer.release()
    return path


def uploads(folder):
    return list(folder.rglob('upload'))


def test_from_upload_to_download(browser, page, opened, tmp_path):
    address, home = page
    find, send, until = opened
    video = synthetic_video(tmp_path / 'somebody.mp4', 3)
    send(video)
    until(lambda b: b.execute_script(
        "const v = document.querySelector('#annotated video');"
        'return v && v.readyState > 0'
    ))  # fmt: skip
    # The annotated video plays in the browser, all of it.
    video = find('#annotated video')
    seen = browser.execute_script(
        'const v = arguments[0]; return [v.duration, v.error, v.videoWidth > 0]', video
    )
    assert seen[0] == pytest.approx(3, abs=0.1) and seen[1:] == [None, True]

    # The cursor is where the video is.
    def x(line):
        return float(line.get_attribute('x1'))

    (cursor,) = browser.find_elements('css selector', '#curves .cursor')
    assert x(cursor) == 44
    browser.execute_script('arguments[0].currentTime = 1.5', video)
    until(lambda b: x(cursor) > 44)
    duration = float(find('svg.timelines').get_attribute('data-duration'))
    assert x(cursor) == pytest.approx(44 + 1.5 / duration * (888 - 44), abs=1)
    # A click on the curves moves the video.
    browser.execute_script(
        "const svg = document.querySelector('svg.timelines');"
        'const box = svg.getBoundingClientRect();'
        "svg.dispatchEvent(new MouseEvent('click', {bubbles: true,"
        'clientX: box.left + box.width * 888 / 900, clientY: box.top + 50}))'
    )
    until(lambda b: x(cursor) > 850)
    # The table and the file say the same.
    browser.execute_cdp_cmd(
        'Browser.setDownloadBehavior',
        dict(behavior='allow', downloadPath=str(tmp_path / 'down')),
    )
    find('#download').click()
    until(lambda b: list((tmp_path / 'down').glob('*.json')))
    (path,) = (tmp_path / 'down').glob('*.json')
    (face,) = json.loads(path.read_text())['faces']
    cells = find('#faces').text.split()
    assert face['emotion'] in cells[cells.index('fear') :]
    assert f'{face["overall"][0]:.3f}'.rstrip('0') in find('#faces').text
    # The upload is gone, nothing was asked of others.
    assert not uploads(home)
    asked = browser.execute_script(
        "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    )
    assert asked and all(name.startswith((address, 'data:', 'blob:')) for name in asked)


def test_messages(browser, page, opened, tmp_path):
    find, send, until = opened
    find('#analyze').click()
    until(lambda b: 'Choose a video first' in find('#message').text)
    (tmp_path / 'broken.mp4').write_bytes(b'no video' * 999)
    send(tmp_path / 'broken.mp4')
    until(lambda b: 'not a readable video' in find('#message').text)
    browser.refresh()
    send(synthetic_video(tmp_path / 'endless.mp4', 7))
    until(lambda b: 'the limit is 5 seconds' in find('#message').text)
    assert not uploads(page[1])


def test_recording(browser, page, opened):
    """By Chromium's fake camera; its recordings do not state their length."""
    find, _, until = opened
    find('#record').click()
    until(lambda b: find('#record').text == 'Stop')
    until(lambda b: b.execute_script(
        "return document.querySelector('#preview').currentTime > 1.5"
    ))  # fmt: skip
    find('#record').click()
    until(lambda b: find('#record').text == 'Record')
    find('#analyze').click()
    until(lambda b: b.execute_script(
        "const v = document.querySelector('#annotated video');"
        'return v && v.readyState > 0'
    ))  # fmt: skip
    assert '1 ' in find('#faces tbody').text
    assert not uploads(page[1])


def test_too_large(browser, page, opened, tmp_path):
    find, send, until = opened
    (tmp_path / 'large.mp4').write_bytes(bytes(4 * 2**20))
    send(tmp_path / 'large.mp4')
    until(lambda b: 'too large' in find('#message').text)

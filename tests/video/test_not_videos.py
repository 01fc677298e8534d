"""Files, devices and folders without a video."""

import os
import socket
from pathlib import Path

import pytest
from videos import DECODERS

from dfew_mmaction.video import DecodeError, open_video


def _fifo(path):
    os.mkfifo(path)


def _socket(path):
    socket.socket(socket.AF_UNIX).bind(str(path))


NO_VIDEOS = {
    'text.mp4': ('no video at all\n' * 50, 'is not a video'),
    'photo.jpg': ('\x89PNG or so' * 9, 'is a picture, not a video'),
    'text.txt': ('a film in words\n' * 50, 'is not a video'),
    'art.ans': ('\x1b[31mred\x1b[0m\n' * 50, 'is not a video'),
    'empty.mp4': ('', 'is empty'),
    'concat.mp4': ("ffconcat version 1.0\nfile '{}'\n", 'is a playlist'),
    'list.m3u8': ('#EXTM3U\n#EXTINF:3,\n{}\n#EXT-X-ENDLIST\n', 'is a playlist'),
    'concat.txt': ("file '{}'\n", 'is not a video'),
    'dash.mpd': ('<?xml version="1.0"?><MPD><BaseURL>{}</BaseURL></MPD>', 'a playlist'),
    'call.sdp': ('v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n', 'a playlist'),
    'pipe.mp4': (_fifo, 'is a pipe, device or socket'),
    'socket.mp4': (_socket, 'is a pipe, device or socket'),
    'gone.mp4': (None, 'No such file'),
}


@pytest.mark.parametrize('name', NO_VIDEOS)
def test_what_is_no_video(name, mp4, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    content, message = NO_VIDEOS[name]
    if isinstance(content, str):
        text = content.replace('{}', str(mp4))
        Path(name).write_text(text, encoding='latin-1')
    elif content is not None:
        content(Path(name))
    for decoder in (*DECODERS, 'auto'):
        with pytest.raises(DecodeError, match=f"{name}'.*{message}"):
            open_video(name, decoder)


def test_devices_and_folders(tmp_path):
    with pytest.raises(DecodeError, match="'/dev/zero' is a pipe, device or socket"):
        open_video('/dev/zero')
    with pytest.raises(DecodeError, match='has no frame'):
        open_video(tmp_path)


def test_sound_alone_and_no_frame(ffmpeg, tmp_path, counting):
    sound = ffmpeg('-f', 'lavfi', '-i', 'sine=440:duration=1', tmp_path / 'sound.m4a')
    with pytest.raises(DecodeError, match='has no video, only other streams'):
        open_video(sound)
    cover = ffmpeg('-i', counting, '-frames:v', '1', tmp_path / 'cover.jpg')
    song = tmp_path / 'song.m4a'
    ffmpeg('-i', sound, '-i', cover, '-map', '0', '-map', '1', '-c', 'copy',
           '-disposition:v:0', 'attached_pic', song)  # fmt: skip
    with pytest.raises(DecodeError, match='has no video, only other streams'):
        open_video(song)
    none = ffmpeg('-i', counting, '-frames:v', '0', '-c:v', 'mpeg4',
                  tmp_path / 'none.avi')  # fmt: skip
    with pytest.raises(DecodeError, match="none.avi' (has no frame|is not a video)"):
        open_video(none)

'use strict';

const find = (selector) => document.querySelector(selector);
const input = find('#upload input');
const preview = find('#preview');
const message = find('#message');
const progress = find('#progress');
const record = find('#record');
const player = find('#annotated video');
let chosen = null;

// --- choosing and recording -----------------------------------------------------

function choose(blob, name) {
  chosen = { blob, name };
  if (preview.src) URL.revokeObjectURL(preview.src);
  preview.srcObject = null;
  preview.src = URL.createObjectURL(blob);
  preview.muted = false;
  preview.hidden = false;
  message.textContent = '';
}

input.addEventListener('change', () => {
  if (input.files.length) choose(input.files[0], input.files[0].name);
});

// Browsers offer the camera on https and on this machine only.
record.hidden = !(navigator.mediaDevices && window.MediaRecorder);
let recorder = null;

async function startRecording() {
  const camera = { video: true, audio: true };
  const stream = await navigator.mediaDevices.getUserMedia(camera);
  const parts = [];
  recorder = new MediaRecorder(stream);
  recorder.addEventListener('dataavailable', (event) => parts.push(event.data));
  recorder.addEventListener('stop', () => {
    stream.getTracks().forEach((track) => track.stop());
    choose(new Blob(parts, { type: recorder.mimeType }), 'recording');
    record.textContent = 'Record';
    recorder = null;
  });
  recorder.start();
  preview.srcObject = stream;
  preview.muted = true;
  preview.hidden = false;
  preview.play();
  record.textContent = 'Stop';
}

record.addEventListener('click', () => {
  if (recorder) {
    recorder.stop();
  } else {
    startRecording().catch((error) => {
      message.textContent = `The camera cannot be used: ${error.message}`;
    });
  }
});

// --- analysis -------------------------------------------------------------------

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
  if (rest) yield JSON.parse(rest);
}

function showEvent(event) {
  if (event.error) {
    message.textContent = event.error;
  } else if (event.waiting) {
    message.textContent = `Waiting: ${event.waiting} ${event.waiting === 1 ? "video is" : "videos are"} processed first.`;
  } else if (event.frame) {
    const total = event.frames ? ` of ${event.frames}` : '';
    message.textContent = `Frame ${event.frame}${total}`;
    if (event.frames) {
      progress.max = event.frames;
      progress.value = event.frame;
    }
  } else {
    showResult(event);
  }
}

function cells(row, tag, texts) {
  row.replaceChildren(...texts.map((text) => {
    const cell = document.createElement(tag);
    cell.textContent = text;
    return cell;
  }));
  return row;
}

function showResult(result) {
  message.textContent = result.notes.join(' ');
  if (!result.faces.length) return;
  const headers = ['face', 'seconds', 'emotion', ...result.classes];
  find('#faces thead').replaceChildren(
    cells(document.createElement('tr'), 'th', headers));
  find('#faces tbody').replaceChildren(...result.faces.map(
    (face) => cells(document.createElement('tr'), 'td', face)));
  // The server escapes all text in its SVG.
  find('#curves').innerHTML = result.curves;
  player.src = result.links['annotated.mp4'];
  find('#download').href = result.links['timelines.json'];
  find('#result').hidden = false;
}

async function analyze() {
  if (chosen && chosen.blob.size > document.body.dataset.megabytes * 1024 * 1024) {
    showEvent({ error: 'The video is too large. Cut it or compress it.' });
    return;
  }
  find('#result').hidden = true;
  player.removeAttribute('src');
  message.textContent = chosen ? 'Uploading …' : '';
  progress.removeAttribute('value');
  progress.hidden = !chosen;
  find('#analyze').disabled = true;
  try {
    const response = await fetch('analyses', {
      method: 'POST',
      body: chosen ? chosen.blob : '',
      headers: {
        'Content-Type': 'application/octet-stream',
        'X-File-Name': encodeURIComponent(chosen ? chosen.name : ''),
      },
    });
    if (response.headers.get('Content-Type').includes('json')) {
      for await (const event of events(response)) showEvent(event);
    } else {
      message.textContent = await response.text();
    }
  } catch (error) {
    message.textContent = 'The server cannot be reached, or it ended the upload.';
  } finally {
    progress.hidden = true;
    find('#analyze').disabled = false;
  }
}

find('#analyze').addEventListener('click', analyze);

// --- the cursors follow the video, and the video a click on the curves -----------

function follow() {
  document.querySelectorAll('svg.timelines').forEach((svg) => {
    const { left, right, duration } = svg.dataset;
    const part = Math.min(player.currentTime / duration, 1);
    const x = +left + part * (right - left);
    svg.querySelectorAll('.cursor').forEach((line) => {
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    });
  });
}

for (const name of ['timeupdate', 'seeking', 'seeked']) {
  player.addEventListener(name, follow);
}

find('#curves').addEventListener('click', (event) => {
  const svg = event.target.closest('svg.timelines');
  if (!svg) return;
  const { left, right, duration } = svg.dataset;
  const box = svg.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
  player.currentTime = Math.max(0, ((x - left) / (right - left)) * duration);
});

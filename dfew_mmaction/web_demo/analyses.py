"""The endpoint that receives a video, analyzes it and reports the progress."""

import asyncio
import json
import re
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..inference import ExpressionInferencer
from ..inference.results import SeenFrame
from .analyze import NO_VIDEO, analyze_upload, result_message
from .container import HEAD, video_container
from .storage import Refused, Storage, Upload
from .worker import Job, Worker

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

#: Timeout of an upload in seconds.
UPLOAD_SECONDS = 600.0
#: Seconds between two reports of progress.
PROGRESS_SECONDS = 0.2
#: Greatest length of a displayed file name.
MAX_NAME = 100
NO_FILE = 'Choose a video first, or record one.'
NO_SPACE = 'The server has no space left for your video. Try again later.'


@dataclass
class Analyses:
    """ASGI endpoint: ``POST`` of a video, with a stream of events in JSON lines.

    The upload exists as long as the request: it is deleted when the analysis ends or
    fails and when the visitor leaves. Events are ``{"waiting": n}``,
    ``{"frame": i, "frames": n}``, and at the end ``{"error": message}`` or the dict of
    :func:`.result_message`.

    Attributes:
        inferencer (ExpressionInferencer): Analyzes the videos.
        storage (Storage): Keeps uploads and results.
        worker (Worker): Runs the analyses.
    """

    inferencer: ExpressionInferencer
    storage: Storage
    worker: Worker

    async def __call__(self, scope: 'Scope', receive: 'Receive', send: 'Send') -> None:
        from starlette.requests import ClientDisconnect, Request

        request = Request(scope, receive)
        upload = job = None
        try:
            upload = self.storage.begin()
            await asyncio.wait_for(self._receive(request, upload), UPLOAD_SECONDS)
            events: asyncio.Queue[dict | None] = asyncio.Queue()
            job = self._job(upload, _name(request), events)
            answer = _stream(events)
        except ClientDisconnect:
            return
        except Refused as error:
            answer = _refusal(str(error), error.status)
        except asyncio.TimeoutError:
            answer = _refusal('The upload took too long.', 408)
        except OSError:  # a full disk
            answer = _refusal(NO_SPACE, 503)
        finally:
            if job is None and upload is not None:
                self.storage.end(upload)
        try:
            await answer(scope, receive, send)
        finally:
            if job is not None and upload is not None:
                job.cancel()
                self.storage.end(upload)

    async def _receive(self, request: 'Request', upload: Upload) -> None:
        """Write the body to the upload, within the limits."""
        stated = request.headers.get('content-length', '')
        if stated.isdecimal():
            self.storage.check_size(upload, int(stated))
        head = b''
        with open(upload.path, 'xb') as file:
            async for chunk in request.stream():
                self.storage.grow(upload, len(chunk))
                if len(head) < HEAD:
                    head = (head + chunk)[:HEAD]
                    if len(head) == HEAD and not video_container(head):
                        raise Refused(NO_VIDEO)
                file.write(chunk)
        if not upload.size:
            raise Refused(NO_FILE)
        if not video_container(head):
            raise Refused(NO_VIDEO)

    def _job(self, upload: Upload, name: str, events: asyncio.Queue) -> Job:
        loop = asyncio.get_running_loop()

        def tell(event: dict | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(events.put_nowait, event)

        def work(job: Job) -> dict[str, Any]:
            try:
                return self._analyze(upload, name, job)
            finally:
                self.storage.end(upload)

        job = Job(work, tell)
        if before := self.worker.submit(job):
            events.put_nowait(dict(waiting=before))
        return job

    def _analyze(self, upload: Upload, name: str, job: Job) -> dict[str, Any]:
        """Analyze an upload, in the worker's thread."""
        told = 0.0

        def on_frame(frame: SeenFrame) -> None:
            nonlocal told
            job.check()
            if time.monotonic() - told > PROGRESS_SECONDS:
                told = time.monotonic()
                job.tell(dict(frame=frame.index + 1, frames=frame.total))

        folder = self.storage.new_folder()
        try:
            result, files = analyze_upload(
                self.inferencer, upload.path, folder,
                name=name, limits=self.storage.limits, on_frame=on_frame,
            )  # fmt: skip
            job.check()
            token = self.storage.publish(folder, files)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return result_message(result, {key: f'results/{token}/{key}' for key in files})


def _stream(events: asyncio.Queue) -> 'Response':
    from starlette.responses import StreamingResponse

    async def lines() -> AsyncIterator[str]:
        while (event := await events.get()) is not None:
            yield json.dumps(event) + '\n'

    return StreamingResponse(lines(), media_type='application/x-ndjson')


def _name(request: 'Request') -> str:
    """File name on the sender's side, for display only."""
    text = unquote(request.headers.get('x-file-name', ''))
    text = re.split(r'[\\/]', text)[-1]
    return ''.join(c for c in text if c.isprintable())[:MAX_NAME] or 'video'


def _refusal(message: str, status: int) -> 'Response':
    from starlette.responses import JSONResponse

    return JSONResponse(dict(error=message), status)

"""The page as an ASGI application.

::

    POST /analyses      body: the video ─► storage ─► worker ─► events, one JSON a line
    GET  /results/TOKEN/NAME                annotated.mp4 or timelines.json
    GET  /, /page.css, /page.js             nothing else is served

No request can name a file of the server: an upload belongs to its request, and a result
is found by a random token that only its sender receives.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from ..inference import ExpressionInferencer
from ..utils import check_installed
from .analyses import Analyses
from .guards import AddHeaders, DiscardBody, SameOrigin
from .limits import Limits
from .storage import Storage
from .worker import Worker

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

#: Host names of a page that only this machine can open.
LOCAL_HOSTS = ('127.0.0.1', 'localhost', '[::1]')
#: Seconds between two removals of expired results.
CLEAN_SECONDS = 60.0
#: Seconds to wait for a running analysis at exit.
STOP_SECONDS = 5.0
_STATIC = {'page.css': 'text/css', 'page.js': 'text/javascript'}


def make_app(
    inferencer: ExpressionInferencer,
    limits: Limits,
    title: str,
    home: Path,
    *,
    hosts: Sequence[str] = LOCAL_HOSTS,
) -> 'Starlette':
    """Make the page as an application for any ASGI server.

    Args:
        inferencer (ExpressionInferencer): Analyzes the videos.
        limits (Limits): Limits of the page.
        title (str): Title of the page.
        home (Path): Folder for uploads and results.
        hosts (Sequence[str]): Host names of the page. Requests with another ``Host``
            are refused. Defaults to those of this machine.

    Returns:
        starlette.applications.Starlette: Run it in one process.

    Raises:
        ImportError: If Starlette is not installed.
    """
    check_installed('The page', 'web', 'starlette')
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.responses import FileResponse, HTMLResponse, Response
    from starlette.routing import Route

    storage, worker = Storage(home, limits), Worker()
    text = Template(_static('page.html')).substitute(
        title=escape(title), megabytes=limits.megabytes,
        seconds=f'{limits.seconds:g}', keep_minutes=limits.keep_minutes,
    )  # fmt: skip

    async def index(request: 'Request') -> 'Response':
        return HTMLResponse(text)

    async def static(request: 'Request') -> 'Response':
        name = request.url.path.lstrip('/')
        return Response(_static(name), media_type=_STATIC[name])

    async def result(request: 'Request') -> 'Response':
        name = request.path_params['name']
        path = storage.find(request.path_params['token'], name)
        if path is None:
            return Response('There is no such result, or it was deleted.', 404)
        return FileResponse(path, filename=name)

    @asynccontextmanager
    async def lifespan(app: 'Starlette') -> AsyncIterator[None]:
        cleaner = asyncio.create_task(_expire(storage))
        yield
        cleaner.cancel()
        await asyncio.to_thread(worker.stop, STOP_SECONDS)

    return Starlette(
        routes=[
            Route('/', index),
            *(Route(f'/{name}', static) for name in _STATIC),
            Route('/analyses', Analyses(inferencer, storage, worker), methods=['POST']),
            Route('/results/{token}/{name}', result),
        ],
        middleware=[
            Middleware(DiscardBody),
            Middleware(AddHeaders),
            Middleware(
                TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False
            ),
            Middleware(SameOrigin),
        ],
        lifespan=lifespan,
    )


async def _expire(storage: Storage) -> None:
    while True:
        await asyncio.sleep(CLEAN_SECONDS)
        await asyncio.to_thread(storage.expire)


def _static(name: str) -> str:
    return (files(__package__) / 'static' / name).read_text(encoding='utf-8')

"""ASGI middleware: headers of responses, checks of origins, bodies that are refused."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    # The browser loads scripts, styles and data from this server only.
    'Content-Security-Policy': (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " media-src 'self' blob:; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(self), microphone=(self)',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
}

#: Seconds in which the rest of a refused body may arrive.
DISCARD_SECONDS = 30.0


class AddHeaders:
    """Adds :data:`HEADERS` to every response.

    Args:
        app: The wrapped application.
    """

    def __init__(self, app: 'ASGIApp') -> None:
        self.app = app

    async def __call__(self, scope: 'Scope', receive: 'Receive', send: 'Send') -> None:
        async def send_with_headers(message: 'Message') -> None:
            if message['type'] == 'http.response.start':
                added = [(k.lower().encode(), v.encode()) for k, v in HEADERS.items()]
                message = {**message, 'headers': [*message['headers'], *added]}
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SameOrigin:
    """Refuses requests that pages of other origins send through the browser.

    Browsers send the page's origin in ``Origin``; other programs do not.

    Args:
        app: The wrapped application.
    """

    def __init__(self, app: 'ASGIApp') -> None:
        self.app = app

    async def __call__(self, scope: 'Scope', receive: 'Receive', send: 'Send') -> None:
        from starlette.datastructures import Headers
        from starlette.responses import PlainTextResponse

        if scope['type'] == 'http':
            headers = Headers(scope=scope)
            origin = headers.get('origin')
            if origin is not None and _host(origin) != headers.get('host', ''):
                answer = PlainTextResponse('Requests of other pages are refused.', 403)
                return await answer(scope, receive, send)
        await self.app(scope, receive, send)


class DiscardBody:
    """Reads the rest of a request's body after a response that did not need it.

    A server that closes a connection with unread data resets it, and the sender of a
    large video sees a network error instead of the reason for the refusal.

    Args:
        app: The wrapped application.
    """

    def __init__(self, app: 'ASGIApp') -> None:
        self.app = app

    async def __call__(self, scope: 'Scope', receive: 'Receive', send: 'Send') -> None:
        unread = scope['type'] == 'http'

        async def receive_body() -> 'Message':
            nonlocal unread
            message = await receive()
            unread = message.get('more_body', False)
            return message

        async def discard() -> None:
            while unread:
                await receive_body()

        async def send_response(message: 'Message') -> None:
            last = message['type'] == 'http.response.body'
            if last and unread and not message.get('more_body'):
                await send({**message, 'more_body': True})
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(discard(), DISCARD_SECONDS)
                message = dict(type='http.response.body')
            await send(message)

        await self.app(scope, receive_body, send_response)


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None

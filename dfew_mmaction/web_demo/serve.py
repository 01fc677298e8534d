"""Server of the page."""

import signal
import socket
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ..inference import ExpressionInferencer
from ..utils import check_installed
from .limits import Limits
from .page import LOCAL_HOSTS, make_app

_EVERYWHERE = ('', '0.0.0.0', '::')


def serve_page(
    inferencer: ExpressionInferencer,
    host: str = '127.0.0.1',
    port: int = 7860,
    limits: Limits | None = None,
    title: str = 'Facial expressions in a video',
    *,
    allowed_hosts: Sequence[str] = (),
) -> None:
    """Serve the page until Ctrl-C or SIGTERM; uploads and results are deleted then.

    Args:
        inferencer (ExpressionInferencer): Analyzes the videos.
        host (str): Address to listen on. Defaults to 127.0.0.1.
        port (int): 0 selects a free one. Defaults to 7860.
        limits (Limits, optional): What the page accepts. Defaults to ``Limits()``.
        title (str): Title of the page.
        allowed_hosts (Sequence[str]): Further host names of the page, such as that of a
            proxy.

    Raises:
        ImportError: If Starlette or uvicorn is not installed.
        OSError: If the port is in use or not allowed.
        ValueError: If the port is out of range.
    """
    if not 0 <= port <= 65535:
        raise ValueError(f'--port must be 0 to 65535, got {port}')
    check_installed('The page', 'web', 'starlette', 'uvicorn')
    import uvicorn

    with tempfile.TemporaryDirectory(prefix='dfew_page_') as folder:
        hosts = page_hosts(host, allowed_hosts)
        app = make_app(inferencer, limits or Limits(), title, Path(folder), hosts=hosts)
        # An open page keeps its connection, which must not delay the exit.
        config = uvicorn.Config(
            app, host=host, port=port, log_level='warning', server_header=False,
            limit_concurrency=100, timeout_graceful_shutdown=2,
        )  # fmt: skip
        family = socket.AF_INET6 if ':' in host else socket.AF_INET
        try:
            listening = socket.create_server((host, port), family=family)
        except OSError as error:
            raise OSError(
                f'cannot listen on {host}:{port} ({error.strerror}): choose another '
                '--port'
            ) from error
        shown = f'[{host}]' if ':' in host else host
        place = f'http://{shown}:{listening.getsockname()[1]}'
        print(f'{place} (Ctrl-C ends it)', flush=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # cleans up
        uvicorn.Server(config).run(sockets=[listening])


def page_hosts(host: str, more: Sequence[str] = ()) -> list[str]:
    """Host names of a page that listens on an address.

    Args:
        host (str): The address; ``'0.0.0.0'`` stands for all names of this machine.
        more (Sequence[str]): Further names.

    Examples:
        >>> page_hosts('127.0.0.1', ['faces.example.org'])
        ['127.0.0.1', 'localhost', '[::1]', 'faces.example.org']
    """
    names = list(LOCAL_HOSTS)
    if host in _EVERYWHERE:
        machine = socket.gethostname()
        names += [machine, socket.getfqdn()]
        with suppress(OSError):
            found = socket.getaddrinfo(machine, None, type=socket.SOCK_STREAM)
            names += [_literal(str(address[4][0])) for address in found]
    else:
        names.append(_literal(host))
    return list(dict.fromkeys([*names, *more]))


def _literal(address: str) -> str:
    return f'[{address}]' if ':' in address else address

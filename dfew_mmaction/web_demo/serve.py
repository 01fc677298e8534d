"""Serving the page."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..inference import ExpressionInferencer
from .analyze import Limits
from .page import make_app


def serve_page(
    inferencer: ExpressionInferencer,
    host: str = '127.0.0.1',
    port: int = 7860,
    limits: Limits | None = None,
    title: str = 'Facial expressions in a video',
) -> None:
    """Serve the page until Ctrl-C or SIGTERM; what was uploaded is gone after that.

    Args:
        inferencer (ExpressionInferencer): Looks at the videos.
        host (str): Address to listen on. Defaults to this machine alone.
        port (int): 0 takes any that is free. Defaults to 7860.
        limits (Limits, optional): What it takes. Defaults to ``Limits()``.
        title (str): Of the page.

    Raises:
        ImportError: Without Gradio.
        OSError: If the port is taken or not allowed.
    """
    with _settings() as home:
        app = make_app(inferencer, limits or Limits(), title, home)
        import uvicorn

        # An open page keeps its connection, which is not waited for.
        config = uvicorn.Config(
            app, host=host, port=port, log_level='warning', timeout_graceful_shutdown=2
        )
        try:
            listening = config.bind_socket()
        except SystemExit as error:  # after a line in its log
            raise OSError(
                f'{host}:{port} cannot be listened on: give --port'
            ) from error
        listening.listen()  # who is told the address may come before it serves
        place = f'http://{host}:{listening.getsockname()[1]}'
        print(f'{place} (Ctrl-C ends it)', flush=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # cleans up
        uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def _settings() -> Iterator[Path]:
    """Gradio's settings: no reports to its makers, all files in one folder."""
    with tempfile.TemporaryDirectory(prefix='dfew_page_') as folder:
        wanted = dict(
            GRADIO_ANALYTICS_ENABLED='0',
            HF_HUB_OFFLINE='1',
            # Apart: Gradio shows copies of what lies elsewhere, and deletes those.
            GRADIO_TEMP_DIR=str(Path(folder, 'gradio')),
        )
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        try:
            yield Path(folder)
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value

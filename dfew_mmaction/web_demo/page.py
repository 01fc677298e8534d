"""The page, by Gradio."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..inference import ExpressionInferencer
from ..inference.results import SeenFrame
from ..utils import DecodeError
from ..visualization.timeline_svg import timeline_svg
from .analyze import Limits, face_rows, look

INSTALL = "the page needs a package: `pip install 'dfew_mmaction[web]'`"
#: The browser may load nothing from elsewhere, whatever the page or its packages ask.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob:; "
    "worker-src 'self' blob:; frame-ancestors 'self'; form-action 'self'"
)
#: Moves the cursors with the video, and the video to where a curve is clicked.
SCRIPT = """
<script>
const follow = (event) => {
  if (!event.target.closest || !event.target.closest('#annotated')) return;
  document.querySelectorAll('svg.timelines').forEach((svg) => {
    const { left, right, duration } = svg.dataset;
    const part = Math.min(event.target.currentTime / duration, 1);
    const x = +left + part * (right - left);
    svg.querySelectorAll('.cursor').forEach((line) => {
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    });
  });
};
for (const name of ['timeupdate', 'seeking', 'seeked']) {
  document.addEventListener(name, follow, true);
}
document.addEventListener('click', (event) => {
  const svg = event.target.closest('svg.timelines');
  const video = document.querySelector('#annotated video');
  if (!svg || !video) return;
  const { left, right, duration } = svg.dataset;
  const box = svg.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
  video.currentTime = Math.max(0, ((x - left) / (right - left)) * duration);
});
</script>
"""


def make_app(
    inferencer: ExpressionInferencer, limits: Limits, title: str, home: Path
) -> Any:
    """The page as an application for a server of one's own (ASGI).

    Args:
        inferencer, limits, title: See :func:`serve_page`.
        home (Path): Folder for what is worked on.

    Returns:
        fastapi.FastAPI: To be run by one process.
    """
    try:
        import fastapi
        import gradio as gr
    except ImportError as error:
        raise ImportError(INSTALL) from error
    app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware('http')
    async def _only_here(request: Any, call_next: Callable) -> Any:
        response = await call_next(request)
        response.headers['Content-Security-Policy'] = POLICY
        response.headers['Referrer-Policy'] = 'no-referrer'
        return response

    return gr.mount_gradio_app(
        app,
        _blocks(gr, inferencer, limits, title, home),
        path='/',
        footer_links=[],
        run_history=False,
        max_file_size=f'{limits.megabytes}mb',
        ssr_mode=False,
        # The fonts of Gradio's themes come from elsewhere.
        theme=gr.themes.Default(
            font=['system-ui', 'sans-serif'], font_mono=['monospace']
        ),
        head=SCRIPT,
    )


def _blocks(
    gr: Any, inferencer: ExpressionInferencer, limits: Limits, title: str, home: Path
) -> Any:
    headers = ['face', 'seconds', 'emotion', *inferencer.classes]

    bar = gr.Progress()  # Gradio hands it over where it is a default

    def run(upload: str | None, progress: Any = bar) -> tuple:
        def tell(frame: SeenFrame) -> None:
            if frame.total:
                progress((frame.index + 1, frame.total), unit='frames')

        nothing = (None, None, gr.Column(visible=False), None, '', None, None, None)
        try:
            result, files = look(inferencer, upload, limits, home, tell)
        except (DecodeError, ValueError) as error:
            return (str(error), *nothing[1:])
        notes = ' '.join(f'{note[0].upper()}{note[1:]}.' for note in result.notes)
        folder = str(files['timelines.json'].parent.parent)
        if not result.faces:
            return (notes, None, *nothing[2:7], folder)
        lines = {f'face {f.id}': (f.times, f.probabilities) for f in result.faces}
        return (
            notes,
            None,
            gr.Column(visible=True),
            str(files['annotated.mp4']),
            timeline_svg(lines, result.classes, result.duration),
            face_rows(result),
            str(files['timelines.json']),
            folder,
        )

    def clear(folder: str | None) -> None:
        # Gradio has copies of what it shows by now, and deletes those itself.
        if folder:
            shutil.rmtree(folder, ignore_errors=True)

    with gr.Blocks(
        title=title,
        analytics_enabled=False,
        delete_cache=(60, 60 * limits.keep_minutes),
    ) as blocks:
        gr.Markdown(
            f'# {title}\nUp to {limits.megabytes} MB and {limits.seconds:g} seconds. '
            'The upload is deleted as soon as it was looked at, the result '
            f'{limits.keep_minutes} minutes later; neither leaves the machine that '
            'serves this page.'
        )
        upload = gr.Video(
            label='A video with faces', sources=['upload', 'webcam'], elem_id='upload',
            include_audio=True, height=320,
        )  # fmt: skip
        button = gr.Button('Analyze', variant='primary', elem_id='analyze')
        message = gr.Markdown(elem_id='message')
        with gr.Column(visible=False, elem_id='result') as column:
            video = gr.Video(
                label='What was found', elem_id='annotated', interactive=False
            )
            curves = gr.HTML(elem_id='curves')
            table = gr.Dataframe(headers=headers, interactive=False, elem_id='faces')
            download = gr.DownloadButton('Download as JSON', elem_id='download')
        folder = gr.State()
        outputs = [message, upload, column, video, curves, table, download, folder]
        button.click(
            run, upload, outputs, api_visibility='private', show_progress_on=message
        ).then(clear, folder, None, api_visibility='private')
    return blocks.queue(max_size=8)

"""Build script; the metadata is here, the settings of the tools in pyproject.toml.

`mim` looks for the configs and tools of a package in the folder `.mim` inside it.
A wheel contains a copy there, an editable install links to the checkout.
"""

import re
import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
SHIPPED = ('configs', 'tools', 'model-index.yml')


class BuildWithMim(build_py):
    """Copy or link the configs and tools to `dfew_mmaction/.mim`."""

    def run(self) -> None:
        super().run()
        editable = getattr(self, 'editable_mode', False)
        home = ROOT if editable else Path(self.build_lib)
        mim = home / 'dfew_mmaction' / '.mim'
        mim.mkdir(parents=True, exist_ok=True)
        for name in SHIPPED:
            target = mim / name
            if target.is_symlink() or target.is_file():
                target.unlink()
            elif target.exists():
                shutil.rmtree(target)
            if editable:
                try:
                    target.symlink_to(ROOT / name)
                    continue
                except OSError:  # a copy on file systems without links
                    pass
            if (ROOT / name).is_dir():
                ignore = shutil.ignore_patterns('__pycache__')
                shutil.copytree(ROOT / name, target, ignore=ignore)
            else:
                shutil.copy(ROOT / name, target)


def package_page() -> str:
    """The README without pictures and local links, for the package page."""
    text = (ROOT / 'README.md').read_text(encoding='utf-8')
    kept = [line for line in text.splitlines() if '![' not in line]
    # [text](docs/page.md) becomes text; addresses stay links.
    return re.sub(r'\[([^]]+)\]\((?!https?:)[^)]*\)', r'\1', '\n'.join(kept)) + '\n'


version = re.search(
    r"__version__ = '(.+)'", (ROOT / 'dfew_mmaction' / 'version.py').read_text()
).group(1)

setup(
    name='dfew_mmaction',
    version=version,
    description='Dynamic facial expression recognition (DFEW, EC-STFL) for MMAction2',
    long_description=package_page(),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    classifiers=[
        'Development Status :: 4 - Beta',
        'Intended Audience :: Science/Research',
        'License :: OSI Approved :: Apache Software License',
        'Operating System :: POSIX :: Linux',
        'Programming Language :: Python :: 3',
        'Programming Language :: Python :: 3.10',
        'Programming Language :: Python :: 3.11',
        'Programming Language :: Python :: 3.12',
        'Programming Language :: Python :: 3.13',
        'Topic :: Scientific/Engineering :: Artificial Intelligence',
        'Topic :: Scientific/Engineering :: Image Recognition',
        'Typing :: Typed',
    ],
    keywords='facial expression recognition, video, DFEW, EC-STFL, MMAction2',
    packages=find_packages(include=['dfew_mmaction', 'dfew_mmaction.*']),
    package_data={
        'dfew_mmaction': ['py.typed'],
        'dfew_mmaction.inference.packaged': ['*.safetensors', '*.onnx', '*.md'],
        'dfew_mmaction.web_demo': ['static/*'],
    },
    python_requires='>=3.10',
    # Neither mmengine nor mmcv is required: `[lite]` and `[onedl]` are two stacks that
    # provide the same modules, and one would overwrite the files of the other.
    install_requires=[
        'av>=16.0',  # reads videos
        'filelock>=3.12',
        'matplotlib>=3.8',
        'mmaction2>=1.2.0,<2',
        'numpy>=1.26',
        'opencv-python>=4.9',
        'openpyxl>=3.1.2',  # pandas reads annotation.xlsx by it
        'pandas>=2.2',
        'Pillow>=10.2',
        'rich>=13',
        'safetensors>=0.4.3',  # the packaged network
        'scikit-learn>=1.4',
        'scipy>=1.12',
        'setuptools>=64',  # mmengine imports distutils
        'tabulate>=0.9',
        'threadpoolctl>=3.1',
        'torch>=2.6',  # the first that loads checkpoints by weights_only
    ],
    extras_require={
        # Faster access to single frames of videos in training. No wheel for Arm.
        'decord': [
            "decord>=0.6; platform_machine in 'x86_64 AMD64'",
            "eva-decord>=0.6.1; platform_machine not in 'x86_64 AMD64'",
        ],
        # torch 2.6 exports to .pt2, but its ONNX exporter fails at batch normalisation.
        'deploy': [
            'onnx>=1.23',
            'onnxruntime>=1.23',
            'onnxscript>=0.7',
            'torch>=2.13',
        ],
        # Material, which is maintained until May 2027, requires MkDocs 1.
        'docs': [
            'latex2mathml>=3.77',
            'mkdocs>=1.6,<2',
            'mkdocs-material>=9.5',
            'mkdocstrings[python]>=0.27',
        ],
        # ELAN, Praat, WebVTT and SubRip files of predictions.
        'formats': ['pympi-ling>=1.70', 'pysubs2>=1.7'],
        # One of the two stacks.
        'lite': ['mmcv-lite>=2.0.1,<2.2', 'mmengine>=0.10.4,<1'],
        'onedl': ['onedl-mmcv>=2.3.6,<3', 'onedl-mmengine>=0.10.12,<1'],
        'metric-learning': ['pytorch-metric-learning>=2.5'],
        # facenet-pytorch, whose wheel has MTCNN's weights, is not here: its pins on
        # torch and numpy are stale. requirements/no_deps.txt has it.
        # What mim needs to train and test, but for mim itself: its own pins are stale
        # (`pip install --no-deps openmim`), and it imports pkg_resources.
        'mim': [
            'click>=8.1',
            'colorama>=0.4.6',
            'model-index>=0.1.11',
            'requests>=2.31',
            'setuptools<81',
        ],
        # A process pool that survives the crash of a worker.
        'extraction': ['pebble>=5.0.7'],
        'mmdet': ['mmcv>=2.0,<2.2', 'mmdet>=3.1,<4'],
        'parquet': ['pyarrow>=15'],
        'ray': ['ray>=2.40'],
        'sound': ['imageio-ffmpeg>=0.5'],  # brings the program ffmpeg
        # Writes the same workbook byte for byte each time.
        'synthetic': ['XlsxWriter>=3.1'],
        'tensorboard': ['tensorboard>=2.16'],
        'umap': ['umap-learn>=0.5.6'],
        # mim itself is in requirements/no_deps.txt, because its pins are stale.
        'test': [
            'hypothesis>=6.100',
            'pytest>=8.2',
            'pytest-xdist>=3.6',
            'selenium>=4.20',
            'statsmodels>=0.14.2',
        ],
        'web': ['starlette>=0.40', 'uvicorn>=0.30'],
    },
    cmdclass={'build_py': BuildWithMim},
    zip_safe=False,
)

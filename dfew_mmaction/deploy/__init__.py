"""Export of trained networks: ONNX, torch.export, 8-bit quantisation."""

from .export import Export, export_network
from .network import DeployedNetwork, Loaded, load_network
from .parity import CLIP_KINDS, compare_outputs, parity_clips
from .quantize import calibration_clips, quantize_onnx
from .score import score_onnx

__all__ = [
    'CLIP_KINDS',
    'DeployedNetwork',
    'Export',
    'Loaded',
    'calibration_clips',
    'compare_outputs',
    'export_network',
    'load_network',
    'parity_clips',
    'quantize_onnx',
    'score_onnx',
]

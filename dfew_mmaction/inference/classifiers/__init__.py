"""Classifiers of clips: PyTorch, ONNX Runtime or a custom class."""

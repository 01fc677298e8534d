"""What gives probabilities to a clip: PyTorch, ONNX Runtime or your own class."""

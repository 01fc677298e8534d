# PyTorch's initial weights, as in the authors' code.
_base_ = './full_adamw.py'
init_weights = False

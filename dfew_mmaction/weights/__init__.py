"""Conversion of weights of other projects to the networks of this one."""

from .convert import Converted, convert_weights
from .fit import Fit, fit_weights

__all__ = ['Converted', 'Fit', 'convert_weights', 'fit_weights']

"""Labels, agreement and folds from the votes of annotators, without torch."""

from .agreement import category_kappa, cooccurrence, fleiss_kappa, interpret_kappa
from .folds import make_folds, write_folds
from .statistics import length_table, set_row
from .votes import read_votes, single_labels

__all__ = [
    'category_kappa',
    'cooccurrence',
    'fleiss_kappa',
    'interpret_kappa',
    'length_table',
    'make_folds',
    'read_votes',
    'set_row',
    'single_labels',
    'write_folds',
]

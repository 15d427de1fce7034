"""Which sizes fit a budget: exact optima with a proof, counts, fronts and samples.

Pure algebra: axes, conditions and budgets over :data:`~symparams.algebra.Size`
formulas. What is asked:

``maximize(space, objective, budgets, top=1, minimize=False, limit_seconds=None,
progress=None) -> Found``
``feasible_count(space, budgets) -> int``
``pareto(space, budgets, goals, limit_seconds=None) -> Front``
``sample(space, budgets, n, seed=0) -> Sampled``
``least(space, size) -> Least``

Importing this loads neither NumPy nor OR-tools.
"""

from symparams.search.counting import feasible_count
from symparams.search.front import pareto
from symparams.search.optimum import least, maximize
from symparams.search.sampling import sample
from symparams.search.space import (
    Axis,
    Budget,
    Configuration,
    Found,
    Front,
    Least,
    Sampled,
    Space,
    Spent,
    axis_of,
)

__all__ = [
    "Axis",
    "Budget",
    "Configuration",
    "Found",
    "Front",
    "Least",
    "Sampled",
    "Space",
    "Spent",
    "axis_of",
    "feasible_count",
    "least",
    "maximize",
    "pareto",
    "sample",
]

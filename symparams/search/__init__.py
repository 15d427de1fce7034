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

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)

"""Exact formulas: polynomials, atoms, facts, closed sums, derivatives, proofs; SymPy at the border.

Importing this loads no SymPy; :func:`to_sympy` does.
"""

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)

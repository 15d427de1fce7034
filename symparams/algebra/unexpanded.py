"""Forms as SymPy expressions that keep their grouping."""

from __future__ import annotations

import sympy

from symparams.algebra.border import to_sympy
from symparams.algebra.forms import Form, FormLeaf, Plus, Raised, Times


def form_to_sympy(form: Form) -> sympy.Expr:
    """Return a form as a SymPy expression that keeps its grouping (built unevaluated)."""
    if isinstance(form, FormLeaf):
        return to_sympy(form.size)
    if isinstance(form, Raised):
        return sympy.Pow(form_to_sympy(form.base), form.exponent, evaluate=False)
    if isinstance(form, Times):
        return sympy.Mul(*(form_to_sympy(f) for f in form.factors), evaluate=False)
    assert isinstance(form, Plus)
    return sympy.Add(*(form_to_sympy(t) for t in form.terms), evaluate=False)

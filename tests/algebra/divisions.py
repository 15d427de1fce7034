"""Where a form divides a whole sum of which only some terms are fractions."""

from __future__ import annotations

from collections.abc import Iterator

from symparams.algebra import Form, FormLeaf, Plus, Raised, Times, terms_of
from symparams.algebra.forms import value


def divisions_over_sums(form: Form) -> Iterator[Form]:
    """Products with a fraction in them of which some term has not its line, or its number."""
    if isinstance(form, Times):
        whole = terms_of(value(form))
        for factor in form.factors:
            terms = terms_of(factor.size) if isinstance(factor, FormLeaf) else {}
            if len(terms) != 1:
                continue
            ((monomial, coefficient),) = terms.items()
            line = {a for a, e in monomial if e < 0}
            short = any(not line <= {a for a, e in m if e < 0} for m in whole)
            if short or any(c.denominator % coefficient.denominator for c in whole.values()):
                yield form
        for part in form.factors:
            yield from divisions_over_sums(part)
    if isinstance(form, Plus):
        for part in form.terms:
            yield from divisions_over_sums(part)
    if isinstance(form, Raised):
        yield from divisions_over_sums(form.base)

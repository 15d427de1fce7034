"""Forms: a size as a tree of sums and products over terms, to be printed.

A form never changes the value: :func:`value` of a form is the size it was made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from symparams.algebra.atoms import Monomial, Order, exact, raised, times
from symparams.algebra.polynomial import Polynomial, Size, add_up, product, terms_of
from symparams.algebra.size_text import begins_negative, declared_rank, positive_first, text


class Form:
    """Base of the forms."""

    __slots__ = ()

    def arranged(self, order: Order) -> Form:
        """Return the form with its terms by degree, then in the order in which sizes are declared.

        A sum of which the order is ``kept`` stays as it is; what is inside it does not.
        """
        raise TypeError(type(self).__name__)  # pragma: no cover - every subclass has its own

    def leading(self, order: Order) -> Monomial | None:
        """Return the monomial that would come first if the form were multiplied out; None of what
        is no polynomial.
        """
        del order
        return None


@dataclass(frozen=True, slots=True)
class FormLeaf(Form):
    """A number or one term, or a sum that is written term by term in the order of its sizes."""

    size: Size
    order: Order = field(default=(), compare=False)

    def arranged(self, order: Order) -> FormLeaf:
        return FormLeaf(self.size, order)

    def leading(self, order: Order) -> Monomial:
        return min(terms_of(self.size), key=lambda m: declared_rank(m, order), default=())


@dataclass(frozen=True, slots=True)
class Plus(Form):
    """A sum; ``kept`` where its terms stand in an order of their own, as that of the layers."""

    terms: tuple[Form, ...]
    kept: bool = field(default=False, compare=False)

    def arranged(self, order: Order) -> Plus:
        terms = [t.arranged(order) for t in self.terms]
        ranked = [
            (declared_rank(leading, order), term)
            for term in terms
            for leading in (term.leading(order),)
            if leading is not None
        ]
        if self.kept or len(ranked) < len(terms):
            return Plus(tuple(terms), self.kept)
        ranked.sort(key=lambda one: one[0])
        first = positive_first(ranked, lambda t: t[0][0], lambda t: text_of(t[1]).startswith("-"))
        return Plus(tuple(term for _, term in first))

    def leading(self, order: Order) -> Monomial | None:
        found = [t.leading(order) for t in self.terms]
        known = [m for m in found if m is not None]
        if len(known) < len(found):
            return None
        return min(known, key=lambda m: declared_rank(m, order))


@dataclass(frozen=True, slots=True)
class Times(Form):
    """A product."""

    factors: tuple[Form, ...]

    def arranged(self, order: Order) -> Times:
        return Times(tuple(f.arranged(order) for f in self.factors))

    def leading(self, order: Order) -> Monomial | None:
        product: Monomial = ()
        for factor in self.factors:
            leading = factor.leading(order)
            if leading is None:
                return None
            product = times(product, leading)
        return product


@dataclass(frozen=True, slots=True)
class Raised(Form):
    """A power with a numeric exponent."""

    base: Form
    exponent: int

    def arranged(self, order: Order) -> Raised:
        return Raised(self.base.arranged(order), self.exponent)

    def leading(self, order: Order) -> Monomial | None:
        base = self.base.leading(order)
        return None if base is None else raised(base, self.exponent)


def value(form: Form) -> Size:
    """Return what a form is worth."""
    if isinstance(form, FormLeaf):
        return form.size
    if isinstance(form, Plus):
        return add_up(value(t) for t in form.terms)
    if isinstance(form, Times):
        return product(value(f) for f in form.factors)
    assert isinstance(form, Raised)
    base = value(form.base)
    return base**form.exponent if isinstance(base, Polynomial) else exact(base**form.exponent)


def plus(forms: Iterable[Form], kept: bool = False) -> Form:
    """Return a sum, whose order may be ``kept``; of one form, that form."""
    terms = [f for f in forms if f != FormLeaf(0)]
    if not terms:
        return FormLeaf(0)
    return terms[0] if len(terms) == 1 else Plus(tuple(terms), kept)


def times_forms(forms: Iterable[Form]) -> Form:
    """Return a product without ones and with single terms multiplied out; of one form, that
    form.
    """
    terms: Size = 1
    kept: list[Form] = []
    # A factor that is a product too, ``-1*(a + b)``, gives its factors: one sign, in front.
    flat = (f for form in forms for f in (form.factors if isinstance(form, Times) else (form,)))
    for form in flat:
        if isinstance(form, FormLeaf) and len(terms_of(form.size)) <= 1:
            terms = terms * form.size
        else:
            kept.append(form)
    if terms != 1 or not kept:
        kept.insert(0, FormLeaf(terms))
    return kept[0] if len(kept) == 1 else Times(tuple(kept))


# --- printing --------------------------------------------------------------


def text_of(form: Form) -> str:
    """Return a form in the language's own notation."""
    if isinstance(form, FormLeaf):
        return text(form.size, form.order)
    if isinstance(form, Plus):
        return join_terms(_bracketed(text_of(t), t) for t in form.terms)
    if isinstance(form, Raised):
        return f"({text_of(form.base)})^{form.exponent}"
    assert isinstance(form, Times)
    return "*".join(
        f"({text_of(f)})" if is_sum(f) or (k and _negative(f)) else text_of(f)
        for k, f in enumerate(form.factors)
    )


def _bracketed(shown: str, form: Form) -> str:
    return f"({shown})" if is_sum(form) else shown


def join_terms(shown: Iterable[str]) -> str:
    """Return terms joined by plus, a leading minus made a subtraction."""
    out = ""
    for term in shown:
        if not out:
            out = term
        elif term.startswith("-"):
            out += f" - {term[1:]}"
        else:
            out += f" + {term}"
    return out


def is_sum(form: Form) -> bool:
    """Tell whether a form prints as a sum of several terms."""
    return isinstance(form, Plus) or (isinstance(form, FormLeaf) and len(terms_of(form.size)) > 1)


def _negative(form: Form) -> bool:
    return isinstance(form, FormLeaf) and begins_negative(form.size)


__all__ = [
    "Form",
    "FormLeaf",
    "Plus",
    "Raised",
    "Times",
    "is_sum",
    "join_terms",
    "plus",
    "text_of",
    "times_forms",
    "value",
]

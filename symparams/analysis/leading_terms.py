"""What a measure comes to as sizes grow."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symparams.algebra import Formula, Number, SizeRecord, exact, leading as leading_terms
from symparams.analysis.operating_point import Subject
from symparams.answers import PublicAnswer
from symparams.errors import SymparamsError


class LeadingTerm(SizeRecord, PublicAnswer):
    """The terms that count in the end, as some sizes grow at one rate.

    Attributes:
        names: the sizes that grow.
        term: the exact leading terms; measure / term tends to 1.
        degree: their degree in those sizes.
        rest: the degree of what is left over; None where nothing is.
        value: the leading terms at the point.
        share: of the whole measure at the point.
    """

    subject: Subject
    names: tuple[str, ...]
    term: Formula
    degree: int
    rest: int | None
    value: Number | None = None
    share: Number | None = None

    @property
    def rest_degree(self) -> int | None:
        """The degree of what is left over, at most; None where nothing is."""
        return self.rest


def leading(subject: Subject, names: Iterable[str]) -> LeadingTerm:
    """Return the leading terms of a measure as the sizes ``names`` grow together.

    Raises:
        SymparamsError: no such size, or none named.
        NeedsValue: it grows like no power.
    """
    growing = tuple(dict.fromkeys(names))
    if not growing:
        raise SymparamsError("name the sizes that grow", None, "as in h,l")
    found = leading_terms(subject.formula, [subject.size(n) for n in growing])
    if not subject.known:
        return LeadingTerm(subject, growing, found.term, found.degree, found.rest)
    value, whole = subject.at(found.term), subject.at(subject.formula)
    share = exact(Fraction(value) / whole) if whole else None
    return LeadingTerm(subject, growing, found.term, found.degree, found.rest, value, share)


__all__ = ["LeadingTerm", "leading"]

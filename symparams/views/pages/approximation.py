"""The leading terms of a measure, and how far they are from the exact count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from symparams.algebra import Form, Number, Size, expanded, factored, short
from symparams.analysis import Approximation, condition_texts
from symparams.errors import SymparamsError
from symparams.interchange import CommandAnswer
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Phrase, phrase
from symparams.views.sheet import Column, Line, Sheet

_WAYS: Mapping[str, Callable[[Size], Form]] = {
    "short": short,
    "expanded": expanded,
    "factored": factored,
}


class DomainError(Record):
    """The relative error over a domain is at most ``bound``, proved; null: no bound was found.

    ``fixed`` are the sizes that are not asked for, at their values.
    """

    over: tuple[str, ...]
    bound: Fraction | None
    fixed: Mapping[str, Number]


class ApproximationRow(Record):
    """A measure by its leading terms; ``error`` is |exact - leading| / exact at the defaults."""

    measure: str
    growing: tuple[str, ...]
    formula: Form
    exact: Form
    error: Number | None
    domain: DomainError | None


class ApproximationAnswer(CommandAnswer, command="formula"):
    """The leading terms of a measure, and their relative error."""

    model: str
    symbols: tuple[remarks.OpenSize, ...]
    conditions: tuple[str, ...]
    rows: tuple[ApproximationRow]


def page(found: Approximation, form: str = "short") -> Sheet:
    """Return the leading terms on one line, then their error and what must hold.

    Raises:
        SymparamsError: a form that is not of one sum.
    """
    if form not in _WAYS:
        raise SymparamsError(
            f"--approx is not of the form {form}", None, f"there are {', '.join(_WAYS)}"
        )
    network, written = found.network, _WAYS[form](found.term)
    over = None if found.over is None else DomainError.like(found.over)
    row = ApproximationRow(
        found.measure, found.growing, written, short(found.whole), found.error, over
    )
    return Sheet(
        f"{remarks.title(network)}: {found.measure}, approximately",
        (Column("formula", found.measure),),
        (Line((written,), style="total"),),
        notes=(*_errors(found), *remarks.conditions(network)),
        layout="formula",
        notations=remarks.notations(network),
        order=network.symbols,
        answer=ApproximationAnswer(
            model=network.definition.name,
            symbols=remarks.open_sizes(network),
            conditions=condition_texts(network),
            rows=(row,),
        ),
    )


def _errors(found: Approximation) -> Iterator[Phrase]:
    """Yield what the relative error is at the defaults, and what it is at most over a domain."""
    if found.term == found.whole:
        yield phrase("exact")
        return
    if found.error is not None:
        defaults = remarks.at(found.network.defaults.items())
        yield phrase(f"relative error {percent(found.error)} at {defaults}")
    if found.over is None:
        return
    there = ", ".join(found.over.over)
    fixed = f" and {remarks.at(found.over.fixed.items())}" if found.over.fixed else ""
    if found.over.bound is None:
        yield phrase(f"no bound of the relative error was proved for {there}{fixed}")
    else:
        bound = percent(found.over.bound)
        yield phrase(f"relative error at most {bound} for {there}{fixed}, proved")


def percent(share: Number) -> str:
    """Return a share in percent, rounded up to a tenth, or to two digits of what is less.

    >>> percent(Fraction(46301, 1000000)), percent(Fraction(1, 3)), percent(Fraction(1, 7400))
    ('4.7 %', '33.4 %', '0.014 %')
    """
    hundred = Fraction(share) * 100
    places = 1
    while hundred and hundred * 10**places < 10 and hundred < 1:
        places += 1
    steps = -(-hundred.numerator * 10**places // hundred.denominator)  # up: an error is no less
    whole, part = divmod(steps, 10**places)
    digits = f"{part:0{places}}".rstrip("0")
    return f"{whole:,}.{digits} %" if digits else f"{whole:,} %"

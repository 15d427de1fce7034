"""What a budget makes of one size: its value, what it misses by, the real solution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symparams.algebra import (
    Closed,
    Condition,
    Domain,
    Form,
    FormLeaf,
    Number,
    Plus,
    Polynomial,
    Size,
    exact,
    expanded,
    of_atom,
    plus,
    short,
    text,
    with_commas,
)
from symparams.analysis import Point, Solved
from symparams.interchange import CommandAnswer
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Equation, Over, Phrase, Root, closed, phrase
from symparams.views.pages.sensitivity import decimal
from symparams.views.sheet import Column, Line, Sheet


class RealSolution(Record):
    """``(before + under^(1/degree)) / below``."""

    text: str
    before: Size
    under: Size
    degree: int
    below: Size


class SolveRow(Record):
    """The value, what is left of the budget, and the next value."""

    size: str
    value: Number | None
    reached: Number | None
    slack: Number | None
    next: Number | None
    next_reached: Number | None


class SolveAnswer(CommandAnswer, command="solve"):
    """The value of a size that a budget allows, those beside it, and the real solution."""

    model: str
    size: str
    budget: str
    domain: Domain
    left: Size
    right: Size
    value: Number | None
    reached: Number | None
    slack: Number | None
    next: Point | None
    below: Point | None
    above: Point | None
    real_solution: RealSolution | None
    decimal: str | None
    proof: str
    open: tuple[str, ...]
    defaults: Mapping[str, Number]
    conditions: tuple[Condition, ...]
    rows: tuple[SolveRow]


def page(found: Solved) -> Sheet:
    """Return the value with its slack, the next value, and the formula of the real solution."""
    name = found.name
    return Sheet(
        f"{name} of {remarks.title(found.network)} from {found.limit.written}",
        (Column("item", ""), Column("value", "")),
        tuple(_lines(found)),
        notes=tuple(_notes(found)),
        layout="lines",
        order=found.network.symbols,
        notations=remarks.notations(found.network),
        answer=_answer(found),
    )


def _lines(found: Solved) -> Iterator[Line]:
    name, left = found.name, found.limit.says[0]
    if left.replace(" ", "") != _written(found.limit.left):
        yield Line((left, closed(found.limit.left)))
    if found.at is not None:
        yield Line((_which(found), found.at.value), style="total")
        yield Line((left, found.at.reached))
        if found.limit.sign != "==":
            yield Line(("slack", found.slack))
            yield Line(("next", _next(found)))
    elif not found.open:
        yield Line((f"{_grid(found)} that gives it", "none"), style="failed")
        for side, point in (("below", found.below), ("above", found.above)):
            yield Line((side, _neighbour(found, point)))
    if found.root is not None:
        own = FormLeaf(of_atom(found.network.is_symbol(name)))
        yield Line(("real solution", Equation((own, *_root(found.root)))))
        if not _whole(found.root):
            yield Line(("as a decimal", f"{name} = {_decimal(found.root)}"))


def _written(size: Size) -> str:
    return text(size).replace(" ", "")


def _which(found: Solved) -> str:
    which = {"<": "largest ", ">": "smallest ", "=": ""}[found.limit.sign[0]]
    return f"{which}{found.name}"


def _grid(found: Solved) -> str:
    return f"a value of {found.name}"


def _next(found: Solved) -> Cell:
    if found.beyond is None:
        return "none: the domain, or what the model admits, ends here"
    return phrase(*_told(found, found.beyond))


def _neighbour(found: Solved, point: Point | None) -> Cell:
    return "none" if point is None else phrase(*_told(found, point))


def _told(found: Solved, point: Point) -> tuple[Cell, ...]:
    """Return ``h = 6,804: params = 7,016,386,860``, and how far that is off."""
    said: tuple[Cell, ...] = (
        f"{found.name} = ",
        point.value,
        f": {found.limit.says[0]} = ",
        point.reached,
    )
    if isinstance(found.limit.right, Polynomial):
        return said
    off: Number = point.reached - found.limit.right
    return (*said, ", ", off if off > 0 else -off, " more" if off > 0 else " less")


def _root(root: Closed) -> tuple[Form, ...]:
    """Return the real solution as forms that are equal; the last a number, where it is rational."""
    before = expanded(root.before)
    terms = before.terms if isinstance(before, Plus) else (before,)
    inner: list[Form] = [] if root.degree == 1 else [Root(root.degree, _form(root.under))]
    written = _over(plus([*inner, *terms]), root.below)
    if root.degree > 1 and root.numeric and root.approximately()[1]:
        return written, FormLeaf(exact(root.approximately()[0]))
    return (written,)


def _over(above: Form, below: Size) -> Form:
    return above if below == 1 else Over(above, _form(below))


def _form(size: Size) -> Form:
    return short(size) if isinstance(size, Polynomial) else FormLeaf(size)


def _whole(root: Closed) -> bool:
    """Tell whether its formula is an integer as it stands, or has symbols: no decimal is needed."""
    return not root.numeric or root.approximately()[0].denominator == 1


def _decimal(root: Closed) -> str:
    number, exact = root.approximately()
    shown = decimal(number)
    marked = with_commas(shown)
    return marked if exact or marked.startswith("~") else f"~{marked}"


def _notes(found: Solved) -> Iterator[Phrase]:
    yield phrase(found.how)
    taken = {n: v for n, v in found.network.taken.items() if n != found.name}
    if taken:
        yield phrase(f"at the defaults {remarks.at(taken.items())}")
    yield from remarks.conditions(found.network)


def _answer(found: Solved) -> SolveAnswer:
    root, network, limit = found.root, found.network, found.limit
    return SolveAnswer.like(
        found,
        model=network.definition.name,
        size=found.name,
        budget=limit.written,
        left=limit.left,
        right=limit.right,
        next=found.beyond,
        real_solution=None if root is None else RealSolution.like(root, text=_root_text(root)),
        decimal=None if root is None or not root.numeric else _decimal(root),
        proof=found.how,
        defaults={n: v for n, v in network.taken.items() if n != found.name},
        conditions=(*network.assumed, *network.open_conditions),
        rows=(SolveRow.like(found, size=found.name, next_reached=found.next_value),),
    )


def _root_text(root: Closed) -> str:
    """Return ``(before + (under)^(1/degree))/(below)``."""
    root_of = f" + ({text(root.under)})^(1/{root.degree})" if root.degree > 1 else ""
    return f"({text(root.before)}{root_of})/({text(root.below)})"

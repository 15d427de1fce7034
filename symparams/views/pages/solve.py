"""What a budget makes of one size: its value, what it misses by, the real solution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symparams.algebra import (
    Closed,
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
)
from symparams.analysis import Point, Solved
from symparams.views import remarks
from symparams.views.pages.sensitivity import decimal
from symparams.views.sheet import (
    Cell,
    Column,
    Equation,
    Line,
    Over,
    Phrase,
    Root,
    Sheet,
    closed,
    phrase,
    plain,
)


def page(found: Solved) -> Sheet:
    """The value with its slack, the next value, and the formula of the real solution."""
    name = found.name
    return Sheet(
        f"{name} of {remarks.title(found.network)} from {found.limit.written}",
        (Column("item", ""), Column("value", "")),
        tuple(_lines(found)),
        notes=tuple(_notes(found)),
        layout="lines",
        data=_data(found),
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
    """``h = 6,804: params = 7,016,386,860``, and how far that is off."""
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
    """The real solution as forms that are equal; the last a number, where it is rational."""
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
    """Whether its formula is an integer as it stands, or has symbols: no decimal is needed."""
    return not root.numeric or root.approximately()[0].denominator == 1


def _decimal(root: Closed) -> str:
    number, exact = root.approximately()
    shown = decimal(number)
    marked = f"{shown:,}" if isinstance(shown, int) else str(shown)
    return marked if exact or marked.startswith("~") else f"~{marked}"


def _notes(found: Solved) -> Iterator[Phrase]:
    yield phrase(found.how)
    taken = {n: v for n, v in found.network.taken.items() if n != found.name}
    if taken:
        yield phrase(f"at the defaults {remarks.at(taken.items())}")
    yield from remarks.conditions(found.network)


def _point(point: Point | None) -> dict[str, Any] | None:
    return None if point is None else {"value": plain(point.value), "reached": plain(point.reached)}


def _data(found: Solved) -> dict[str, Any]:
    root = found.root
    return {
        "model": found.network.definition.name,
        "size": found.name,
        "budget": found.limit.written,
        "domain": str(found.domain),
        "left": plain(found.limit.left),
        "right": plain(found.limit.right),
        "value": plain(found.value),
        "reached": plain(found.reached),
        "slack": plain(found.slack),
        "next": _point(found.beyond),
        "below": _point(found.below),
        "above": _point(found.above),
        "real_solution": None if root is None else _plain_root(root),
        "decimal": None if root is None or not root.numeric else _decimal(root),
        "proof": found.how,
        "open": list(found.open),
        "defaults": {n: plain(v) for n, v in found.network.taken.items() if n != found.name},
        "conditions": [str(c) for c in (*found.network.assumed, *found.network.open_conditions)],
        "rows": [
            {
                "size": found.name,
                "value": plain(found.value),
                "reached": plain(found.reached),
                "slack": plain(found.slack),
                "next": plain(found.next),
                "next_reached": plain(found.next_value),
            }
        ],
    }


def _plain_root(root: Closed) -> dict[str, Any]:
    """``(before + under^(1/degree)) / below``."""
    root_of = f" + ({text(root.under)})^(1/{root.degree})" if root.degree > 1 else ""
    return {
        "text": f"({text(root.before)}{root_of})/({text(root.below)})",
        "before": plain(root.before),
        "under": plain(root.under),
        "degree": root.degree,
        "below": plain(root.below),
    }

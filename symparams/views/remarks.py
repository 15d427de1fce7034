"""What is said below a formula: conditions, symbols, and which default lines applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from symparams.algebra import (
    Condition,
    Domain,
    Number,
    Size,
    add_up,
    collect,
    of_atom,
    symbol,
    terms_of,
    text,
)
from symparams.analysis import Asked, Difference, Refused, Report, Row
from symparams.elaboration import Network, is_size
from symparams.interchange import ABSENT
from symparams.language import MathNode
from symparams.network import Applied, Pass
from symparams.records import Record
from symparams.views.cells import Cell, Phrase, Relation, closed, phrase

#: The most layers a remark lists by name.
MOST_NAMED = 4


def conditions(network: Network) -> Iterator[Phrase]:
    """Yield what must hold: ``if H >= 9``."""
    seen: set[str] = set()
    for condition in network.assumed:
        if str(condition) not in seen:
            seen.add(str(condition))
            yield phrase("if ", condition)
    for condition in network.open_conditions:
        told = str(condition) if condition.parts else condition.formula()
        if told not in seen:
            seen.add(told)
            yield phrase("if ", related(condition))


def circumstances(asked: Asked, refused: Iterable[Refused]) -> Iterator[Phrase]:
    """Yield what an answer about several sizes rests on: defaults, values that are set,
    conditions.
    """
    taken = asked.questions[0].network.taken
    if taken:
        yield phrase(f"at the defaults {at(taken.items())}")
    if values := given(asked):
        yield phrase(f"given {at(values.items())}")
    networks = (q.network for q in asked.questions)
    yield from dict.fromkeys(c for network in networks for c in conditions(network))
    for one in refused:
        yield phrase(f"not {at(one.fixed.items())}: {one.error.message}")


def given(asked: Asked) -> dict[str, Number]:
    """Return the sizes that are set and do not vary."""
    question = asked.questions[0]
    set_to = question.network.values.items()
    return {n: v for n, v in set_to if isinstance(v, Number) and n not in question.fixed}


def related(condition: Condition) -> Cell:
    """Return a test of one size as a formula that every format can write."""
    if condition.op not in ("zero", "positive", "nonnegative", "integer"):
        return condition
    terms = terms_of(condition.size)
    if condition.op == "integer":
        whole = phrase(condition.size, " is an integer")
        if len(terms) != 1:
            return whole
        ((monomial, coefficient),) = terms.items()
        above = collect({tuple(p for p in monomial if p[1] > 0): coefficient.numerator})
        below = collect({tuple((a, -e) for a, e in monomial if e < 0): coefficient.denominator})
        return whole if below == 1 else Relation(below, "divides", above)
    sign = {"zero": "==", "positive": ">", "nonnegative": ">="}[condition.op]
    left = collect({m: c for m, c in terms.items() if c > 0})
    right = collect({m: -c for m, c in terms.items() if c < 0})
    return Relation(left, sign, right)


def settled(network: Network, notes: Iterable[str]) -> Iterator[Phrase]:
    """Yield parameters that had to take their defaults (``for s = 1``), and other notes."""
    own = {f"for {n} = {v}": (n, v) for n, v in network.settled.items()}
    for note in notes:
        if note in own:
            name, value = own[note]
            yield phrase("for ", _is(network, name, value))
        else:
            yield phrase(note)


def _is(network: Network, name: str, value: Size) -> Relation:
    return Relation(of_atom(network.is_symbol(name)), "=", value)


def sizes_of_the_measure(network: Network) -> Iterator[Phrase]:
    """Yield the open sizes that the model does not have: ``D, a positive integer of the
    measure``.
    """
    for name in network.definition.added:
        if name in network.symbols:
            yield phrase(of_atom(network.is_symbol(name)), ", a positive integer of the measure")


def symbols(network: Network) -> Phrase | None:
    """Return the symbols with their domains and defaults: ``h in 16..64 step 16 = 32``."""
    pieces: list[Cell] = []
    for name in network.symbols:
        pieces.append(", " if pieces else "")
        own = network.is_symbol(name)

        pieces.append(of_atom(own))
        domain = network.facts.domains.get(name)
        if domain is not None:
            pieces.append(f" in {domain}")
        if name in network.defaults:
            pieces += [" = ", network.defaults[name]]
    return phrase(*pieces) if pieces else None


def notations(network: Network) -> dict[str, MathNode | None]:
    """Return the names of the sizes, and how the text has each typeset; None: as is usual."""
    said = network.definition.notations
    names = dict.fromkeys([*network.symbols, *network.values, *said])
    return {name: said.get(name) for name in names}


def at(point: Iterable[tuple[str, Size]]) -> str:
    """Return ``h = 64, a = 4``."""
    return ", ".join(f"{n} = {text(v)}" for n, v in point)


def point(sizes: Iterable[tuple[str, Size]], network: Network) -> tuple[Cell, ...]:
    """Return the same as cells, so that every format writes the names in its notation."""
    cells: list[Cell] = []
    for name, size in sizes:
        cells += [", "] if cells else []
        cells.append(_is(network, name, size) if name in network.symbols else f"{name} = {size}")
    return tuple(cells)


def title(network: Network) -> str:
    """Return the model's name, and the sizes that were set."""
    sizes = [(n, v) for n, v in network.values.items() if is_size(v) and v != symbol(n)]
    name = network.definition.name
    return f"{name}({at(sizes)})" if sizes else name  # type: ignore[arg-type]  # they are sizes


# --- conventions -----------------------------------------------------------


def line_of(applied: Applied) -> str:
    """Return where a default comes from: ``convention keras, keras.arch:4``."""
    place = f"{applied.span.source.name}:{applied.span.line}"
    return f"convention {applied.origin}, {place}" if applied.origin else f"default, {place}"


def differences(report: Report) -> Iterator[Phrase]:
    """Yield which default lines changed a count; one remark a line, like layers together."""
    lines: dict[tuple[str, Applied], list[Difference]] = {}
    for found in report.differences:
        lines.setdefault((found.kind, found.applied), []).append(found)
    for (_, applied), group in lines.items():
        names = [d.row for d in group]
        alike = len({(d.before, d.after, d.varies) for d in group}) == 1 and not group[0].varies
        if alike:
            after, before = group[0].after, group[0].before
        else:
            after = add_up(d.total for d in group)
            before = add_up(d.instead_of for d in group)
        several = "" if len(names) == 1 and alike else " each" if alike else " together"
        yield phrase(
            f"{_named(names)}: {applied.option} = {applied.shown} ({line_of(applied)}): ",
            closed(after),
            " instead of ",
            closed(before),
            several,
        )


def _named(names: list[str]) -> str:
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return f"{names[0]}, {names[1]}, …, {names[-1]} ({len(names)} layers)"


class ChangedCount(Record):
    """A default line that changed a count, for programs."""

    layer: str
    kind: str
    option: str
    value: str
    convention: str
    source: str
    line: int
    count: Size
    without: Size


def changed_counts(report: Report) -> tuple[ChangedCount, ...]:
    """Return the default lines that changed a count."""
    return tuple(map(_changed, report.differences))


def _changed(found: Difference) -> ChangedCount:
    applied, span = found.applied, found.applied.span
    return ChangedCount(
        layer=found.row,
        kind=found.kind,
        option=applied.option,
        value=applied.shown,
        convention=applied.origin,
        source=span.source.name,
        line=span.line,
        count=found.after,
        without=found.before,
    )


class OpenSize(Record):
    """A symbol with its default and its domain, for programs."""

    name: str
    default: Number | None
    domain: Domain | None


def open_sizes(network: Network) -> tuple[OpenSize, ...]:
    """Return the symbols of a network."""
    defaults, domains = network.defaults, network.facts.domains
    return tuple(OpenSize(n, defaults.get(n), domains.get(n)) for n in network.symbols)


def indices(report: Report) -> Iterator[Phrase]:
    """Yield what the indices of series count: ``in series1, k = 0..n - 1``."""
    for row in report.rows:
        if row.leads is not None:
            yield phrase(f"in {row.name}, ", *ranged(row.leads, " = "))


def ranged(around: Pass, sign: str = " in ") -> tuple[Cell, ...]:
    """Return an index and its range: ``k in 0..n - 1``."""
    return of_atom(around.index), sign, around.first, "..", around.last


def series(row: Row) -> dict[str, Any]:
    """Return the fields of a row in a series: its indices, and how often it stands in one pass.

    ``{"for_": "k in 0..n - 1, j in 1..k", "copies": 1}``
    """
    if not row.passes:
        return {"for_": ABSENT, "copies": ABSENT}
    ranges = (f"{p.index} in {text(p.first)}..{text(p.last)}" for p in row.passes)
    return {"for_": ", ".join(ranges)}


def all_remarks(report: Report) -> tuple[Phrase, ...]:
    """Return conditions, settled parameters and conventions, in this order."""
    return (
        *conditions(report.network),
        *settled(report.network, report.notes),
        *differences(report),
    )

"""What is said below a formula: conditions, symbols, and which default lines applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from symparams.algebra import (
    Condition,
    Domain,
    Number,
    Size,
    add_up,
    collect,
    divisibility,
    fraction_of,
    of_atom,
    symbol,
    terms_of,
    text,
)
from symparams.analysis import (
    Asked,
    Difference,
    FoundCause,
    NamedSizes,
    Refused,
    Report,
    Row,
    condition_text,
    needed_conditions,
)
from symparams.elaboration import Network, WrittenModel, is_size
from symparams.interchange import ABSENT
from symparams.language import MathNode
from symparams.network import Applied, Pass
from symparams.records import Record
from symparams.views.cells import Cell, Phrase, Relation, Stated, closed, phrase

#: The most layers a remark lists by name.
MOST_NAMED = 4


def conditions(network: Network) -> Iterator[Phrase]:
    """Yield what must hold, and nothing that follows from the rest: ``if H >= 9``."""
    told = {condition_text(network, c): c for c in reversed(needed_conditions(network))}
    for words, condition in reversed(told.items()):
        stated = condition in network.assumed
        maths = related(condition, below=stated and "<" in words and ">" not in words)
        yield phrase("if ", Stated(words, maths) if stated or condition.parts else maths)


def names(named: NamedSizes) -> Iterator[Phrase]:
    """Yield what the derived sizes are that stand by name: ``with f = round_up(8*h/3, 64)``."""
    for kept in named.sizes:
        own = of_atom(named.network.is_symbol(kept.name))
        maths = Relation(own, "=", kept.size)
        yield phrase("with ", Stated(f"{kept.name} = {kept.written}", maths))


class DerivedSize(Record):
    """A derived size that stands by its name, as it is written and as a formula, for programs."""

    name: str
    written: str
    formula: Size


def derived_sizes(named: NamedSizes) -> tuple[DerivedSize, ...]:
    """Return the derived sizes that stand by name."""
    return tuple(DerivedSize(kept.name, kept.written, kept.size) for kept in named.sizes)


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


def related(condition: Condition, below: bool = False) -> Cell:
    """Return a condition as mathematics that every format can write.

    With ``below``, what is not above the other side stands left: ``t <= E``.
    """
    condition = divisibility(condition)
    if condition.op in ("and", "or") and not condition.says:
        pieces: list[Cell] = []
        for part in condition.parts:
            inner = related(part)
            several = (condition.op, part.op) == ("and", "or")
            pieces += [f" {condition.op} "] if pieces else []
            pieces += ["(", inner, ")"] if several else [inner]
        return phrase(*pieces)
    denied = condition.op == "not" and condition.parts[0].op == "zero" and not condition.says
    if denied:
        condition = condition.parts[0]
    if condition.op not in ("zero", "positive", "nonnegative", "integer"):
        return condition
    if condition.op == "integer":
        fraction = fraction_of(condition.size)
        if fraction is None:
            return phrase(condition.size, " is an integer")
        return Relation(fraction[1], "divides", fraction[0])
    terms = terms_of(condition.size)
    signs = {"zero": ("==", "=="), "positive": (">", "<"), "nonnegative": (">=", "<=")}
    sign = "!=" if denied else signs[condition.op][below]
    left = collect({m: c for m, c in terms.items() if c > 0})
    right = collect({m: -c for m, c in terms.items() if c < 0})
    return Relation(right, sign, left) if below else Relation(left, sign, right)


def settled(network: Network, notes: Sequence[str]) -> Iterator[Phrase]:
    """Yield parameters that had to take their defaults (``for s = 1, t = 2``), and other notes."""
    own = {f"for {n} = {v}": _is(network, n, v) for n, v in network.settled.items()}
    taken = [cell for note in notes if note in own for cell in (", ", own[note])]
    if taken:
        yield phrase("for ", *taken[1:])
    yield from (phrase(note) for note in notes if note not in own)


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
    names = dict.fromkeys([*network.symbols, *network.values, *network.taken, *said])
    return {name: said.get(name) for name in names}


def notations_in_common(models: Iterable[WrittenModel]) -> dict[str, MathNode | None]:
    """Return how each name is typeset by those models that say so; None where they differ."""
    said: dict[str, list[MathNode]] = {}
    for model in models:
        for parameter in model.parameters or ():
            said.setdefault(parameter.name, [])
        for name, node in model.notations.items():
            said.setdefault(name, []).append(node)
    return {n: one[0] if one and one.count(one[0]) == len(one) else None for n, one in said.items()}


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


# --- causes of wrong claims ----------------------------------------------------


class ToldCause(Record):
    """A known mistake that makes a claim, and what is counted under it."""

    name: str
    says: str
    count: Size


def told_causes(found: Iterable[FoundCause] | None) -> tuple[ToldCause, ...] | None:
    """Return the causes of a wrong claim for programs; None where none was looked for."""
    return None if found is None else tuple(ToldCause.like(one) for one in found)


def causes(
    found: Iterable[FoundCause] | None, given_up: bool = False
) -> Iterator[tuple[str, Phrase]]:
    """Yield (label, what) of each cause of a wrong claim, the likeliest first; or that none of
    the known ones fits, or that the search was given up.
    """
    if given_up:
        yield "cause", phrase("none was found before the bound of work was met")
    if found is None:
        return
    label = "likely cause"
    for one in found:
        yield label, phrase(f"{one.name}: {one.says}, which makes ", closed(one.count))
        label = "or"
    if label != "or":
        yield "cause", phrase("none of the known mistakes makes this")

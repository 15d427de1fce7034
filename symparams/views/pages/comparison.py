"""How the conventions count each layer kind, side by side, from their own default lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from symparams.algebra import Polynomial, Size, by_degree, short
from symparams.analysis import Report, Row, report
from symparams.elaboration import build, convention_lines, conventions, library_files, understand
from symparams.errors import Source, Span, SymparamsError
from symparams.interchange import CommandAnswer, Further
from symparams.layers import kinds
from symparams.network import MEASURES, Flow
from symparams.records import Record
from symparams.views.arranging import in_order
from symparams.views.cells import Cell, Phrase, phrase
from symparams.views.pages import layers, library
from symparams.views.sheet import Column, Line, Sheet

#: What is compared; the other measures follow from these.
COMPARED = tuple(m.name for m in MEASURES.values() if not m.follows)


class ComparedRow(Record):
    """What a kind's example comes to in each convention, its name the key."""

    name: str
    example: str
    what: str
    by_convention: Further[Size | Flow | str]


class ConventionLine(Record):
    """A default line that makes a difference."""

    convention: str
    kind: str
    option: str
    value: str
    source: str
    line: int
    says: str


class ComparisonAnswer(CommandAnswer, command="layers"):
    """How the conventions count layer kinds, and which kinds they count alike."""

    rows: tuple[ComparedRow, ...]
    lines: tuple[ConventionLine, ...]
    alike: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """An option of a convention's default line, and where it stands."""

    convention: str
    kind: str
    option: str
    value: str
    span: Span


@dataclass(frozen=True)
class Compared:
    """A kind's example as every convention counts it.

    Attributes:
        name: the kind, or a block of the library.
        example: a network of it, in the language.
        reports: convention → the network there.
    """

    name: str
    example: str
    reports: Mapping[str, Report]

    @property
    def base(self) -> Report:
        """The network as textbooks count it."""
        return self.reports[layers.BASE]

    def lines(self) -> Iterator[Told]:
        """Yield the default lines of frameworks for its kinds, where they are not as the
        textbook's.
        """
        base = _lines(layers.BASE)
        for convention, found in self.reports.items():
            used = {line for row in found.rows for line in _applied(row)}
            for line, told in _lines(convention).items():
                own = base.get(line)
                if line in used and (own is None or own.value != told.value):
                    yield told

    def options(self) -> dict[str, dict[str, str]]:
        """Map each option to its value by convention, of those that differ."""
        found: dict[str, dict[str, str]] = {}
        for told in self.lines():
            name = told.option if told.kind == self.name else f"{told.kind}.{told.option}"
            base = _lines(layers.BASE).get((told.kind, told.option))
            if base is not None:
                own = base.value
            else:  # blocks have a line in the textbook's convention
                own = layers.default_text(kinds()[told.kind].options[told.option])
            there = {c: _lines(c).get((told.kind, told.option)) for c in self.reports}
            found[name] = {c: line.value if line else own for c, line in there.items()}
        return found

    def measured(self) -> dict[str, dict[str, Size]]:
        """Map each measure to its formula by convention."""
        return {m: {c: r.network.measure(m) for c, r in self.reports.items()} for m in COMPARED}

    def counts(self) -> dict[str, dict[str, Size]]:
        """Return those of them that differ."""
        return {m: sizes for m, sizes in self.measured().items() if _differ(sizes.values())}

    def alike(self) -> dict[str, dict[str, Size]]:
        """Return params and what else is not nothing, of a kind that all count alike."""
        return {m: s for m, s in self.measured().items() if m == "params" or s[layers.BASE] != 0}

    def outputs(self) -> dict[str, Any]:
        """Return convention → the output, if they differ."""
        found = {c: r.network.root.output for c, r in self.reports.items()}
        return found if _differ(found.values()) else {}


def _applied(row: Row) -> Iterator[tuple[str, str]]:
    """Yield (kind, option) of the default lines that a layer or a block took."""
    yield from ((row.kind, applied.option) for applied in row.applied)
    yield from ((row.kind, applied.option) for applied, _ in row.without)
    for layer, lines in row.around:
        yield from ((layer.kind, applied.option) for applied in lines)


def _differ(values: Iterable[Any]) -> bool:
    first, *others = values
    return any(other != first for other in others)


@cache
def _lines(convention: str) -> dict[tuple[str, str], Told]:
    """Return (kind, option) → the line of a convention."""
    found = convention_lines(conventions()[convention], convention)
    return {
        (kind, option): Told(convention, kind, option, line.value.span.text, line.span)
        for kind, options in found.items()
        for option, line in options.items()
    }


def compared(name: str) -> Compared:
    """Return a kind or a block of the library in every convention.

    Raises:
        SymparamsError: there is nothing of that name, the nearest are named; or
            it has no example, of which a formula could be compared.
    """
    layer = next((k for k in kinds().values() if name in (k.kind, *k.also)), None)
    if layer is not None:
        name, example = layer.kind, layer.example
    else:
        made = library.example(library.entry(name)) if name in library_files() else None
        if made is None:
            layers.kind(name)  # refuses what there is not
            hint = "compare a network of it with --convention keras and --convention pytorch"
            raise SymparamsError(f"'{name}' has no general formula to compare", None, hint)
        example = made[0]
    source = Source(f"<example of {name}>", example)
    found = {c: report(build(understand(source, c).definition())) for c in _names()}
    return Compared(name, example, found)


def _every() -> list[str]:
    """Return all kinds, and the blocks of the library that a convention speaks of."""
    lines = {kind for convention in conventions() for kind, _ in _lines(convention)}
    return [*kinds(), *sorted(lines - kinds().keys())]


def _names() -> list[str]:
    """Return the conventions, textbook first."""
    return sorted(conventions(), key=lambda name: (name != layers.BASE, name))


def page(name: str | None = None) -> Sheet:
    """Return every kind that the conventions count in different ways, or one.

    Raises:
        SymparamsError: there is no such kind, or it has no example.
    """
    names = _names()
    found = [compared(each) for each in (_every() if name is None else [name])]
    rows: list[Line] = []
    data: list[ComparedRow] = []
    alike: list[str] = []
    for each in found:
        own = list(_rows(each))
        order = each.reports[layers.BASE].network.symbols
        if not own:
            alike.append(each.name)
            own = list(each.alike().items()) if name is not None else []
        for place, (what, values) in enumerate(own):
            cells = (in_order(_cell(what, value), order) for value in values.values())
            rows.append(Line(("" if place else each.example, what, *cells)))
            data.append(ComparedRow(each.name, each.example, what, Further(values)))
    heads = (Column("example", "Layer"), Column("what", "What"))
    told = list(dict.fromkeys(line for each in found for line in each.lines()))
    return Sheet(
        f"How {', '.join(names[:-1])} and {names[-1]} count",
        (*heads, *(Column(c, c) for c in names)),
        tuple(rows),
        notes=(*_causes(told), *_alike(alike)),
        answer=ComparisonAnswer(tuple(data), tuple(map(_line, told)), tuple(alike)),
    )


def _rows(each: Compared) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (what, convention → its value) of what differs."""
    yield from each.options().items()
    yield from each.counts().items()
    if outputs := each.outputs():
        yield "output", outputs


def _cell(measure: str, value: Any) -> Cell:
    """Return weights as papers print them, work as short as can be."""
    if not isinstance(value, Polynomial):
        return value  # type: ignore[no-any-return]  # a number, an option's text, or a shape
    return short(value) if MEASURES[measure].of_work else by_degree(value)


def _causes(lines: Iterable[Told]) -> Iterator[Phrase]:
    """Yield which default lines make the difference, those of one comment together."""
    reasons: dict[tuple[str, str], dict[tuple[str, str], list[str]]] = {}
    for told in lines:
        places = reasons.setdefault((told.convention, reason(told.span)), {})
        place = f"{told.span.source.name}:{told.span.line}"
        places.setdefault((told.kind, place), []).append(f"{told.option} = {told.value}")
    for (convention, why), places in reasons.items():
        shown = (f"{kind}({', '.join(o)}) in {place}" for (kind, place), o in places.items())
        yield phrase(f"{convention}: {', '.join(shown)}: {why}")


def _alike(alike: list[str]) -> Iterator[Phrase]:
    if alike:
        count = f"{len(alike)} kinds: " if len(alike) > 1 else ""
        yield phrase(f"no difference in {count}{', '.join(alike)}")


def reason(span: Span) -> str:
    """Return the comment over a default line, which names the framework's class.

    Lines directly below each other share the comment over the first.

    Raises:
        SymparamsError: a convention says something without a comment.
    """
    text = span.source.text
    above = text[: span.start].split("\n")[:-1]
    while above and above[-1].startswith("default "):
        above.pop()
    head = "\n".join(above)
    said = library.comment_above(head, len(head))
    if not said:
        raise SymparamsError("a convention's default line has a comment with its source", span)
    return said


def _line(told: Told) -> ConventionLine:
    span = told.span
    return ConventionLine.like(told, source=span.source.name, line=span.line, says=reason(span))

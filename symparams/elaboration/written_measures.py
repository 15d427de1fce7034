"""Measures that are made of others in the language: ``measure flops = 2*macs``."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from functools import cache
from itertools import takewhile

from symparams.elaboration.addresses_in_text import part_of
from symparams.elaboration.shipped_files import LIBRARY
from symparams.errors import Source, Span, SymparamsError
from symparams.language import nodes, parse, parse_expression, read, tree
from symparams.network import LARGEST, MEASURE_NAMES, MEASURES
from symparams.records import Record


class WrittenMeasure(Record):
    """A formula of measures under a name.

    A parameter with a default has it where a call gives nothing else; one
    without is a size of the formula's own.
    """

    name: str
    parameters: tuple[tree.Parameter, ...]
    body: tree.Expression
    name_span: Span
    unit: str = ""

    @property
    def says(self) -> str:
        """The comment above it, on one line."""
        above = self.name_span.source.text[: self.name_span.start].splitlines()[:-1]
        comment = takewhile(lambda line: line.startswith("#"), reversed(above))
        return " ".join(line.lstrip("# ") for line in reversed([*comment]))


def written_measure(node: tree.MeasureDefinition) -> WrittenMeasure:
    """Return the measure that a definition says.

    Raises:
        SymparamsError: it is called as a measure that there is, or has what only blocks have.
    """
    if node.name in MEASURE_NAMES:
        raise SymparamsError(
            f"'{node.name}' is a measure already", node.name_span, "choose another name"
        )
    for condition in node.where:
        raise SymparamsError("a measure has no conditions", condition.span)
    for parameter in node.parameters:
        if parameter.extent or parameter.domain is not None:
            raise SymparamsError("a parameter of a measure is one size", parameter.span)
    return WrittenMeasure(node.name, node.parameters, node.body, node.name_span, node.unit)


class _Library(Mapping[str, WrittenMeasure]):
    """The measures that are shipped, by name; read when one is asked for."""

    def __getitem__(self, name: str) -> WrittenMeasure:
        return _shipped()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_shipped())

    def __len__(self) -> int:
        return len(_shipped())


def known_measures() -> MutableMapping[str, WrittenMeasure]:
    """Return the measures of the library, over which a file puts its own."""
    return ChainMap({}, _Library())  # type: ignore[arg-type]  # what is written goes to the first


def known_in(
    reading: Sequence[WrittenMeasure], measures: Mapping[str, WrittenMeasure]
) -> Mapping[str, WrittenMeasure]:
    """Return the measures that a name may stand for in the one that is read last.

    A shipped one says what it says, whatever a file calls by the same names.
    """
    return _Library() if reading and reading[-1].name_span.source.shipped else measures


@cache
def _shipped() -> dict[str, WrittenMeasure]:
    path = LIBRARY / "measures.arch"
    source = Source(f"library/{path.name}", read(path).text, shipped=True)
    found = (s for s in parse(source).statements if isinstance(s, tree.MeasureDefinition))
    return {node.name: written_measure(node) for node in found}


def parts_named(formula: tree.Expression) -> set[int]:
    """Return the identities of the names in a formula that are parts which a measure is asked
    of.
    """
    found = (n for n in nodes(formula) if isinstance(n, tree.Attribute))
    return {id(part_of(n.base)[0]) for n in found}


def measures_asked(formula: tree.Expression) -> Iterator[tree.Name | tree.Attribute]:
    """Yield what may be a measure in a formula: names that are no parts, and what is asked of
    parts.
    """
    parts = parts_named(formula)
    names = (n for n in nodes(formula) if isinstance(n, tree.Name) and id(n) not in parts)
    yield from sorted(names, key=lambda n: n.span.start)
    yield from (n for n in nodes(formula) if isinstance(n, tree.Attribute))


def unit_of(formula: str, measures: Mapping[str, WrittenMeasure]) -> str:
    """Return the unit of a formula that is one measure, of a part or with arguments; "" of
    another. ``measures`` are those of the file.
    """
    node = parse_expression(Source("<measure>", formula))
    asked = node.function if isinstance(node, tree.Call) else node
    match asked:
        case tree.Name(id=name) | tree.Attribute(name=name) if name in MEASURE_NAMES:
            return (MEASURES[name] if name in MEASURES else LARGEST[name]).unit
        case tree.Name(id=name) | tree.Attribute(name=name) if name in measures:
            return measures[name].unit
    return ""


def all_asked(formula: tree.Expression, measures: Mapping[str, WrittenMeasure]) -> set[str]:
    """Return the names that a formula asks for, and those that the written measures among them
    ask for.
    """
    found: set[str] = set()
    todo = [formula]
    while todo:
        for node in measures_asked(todo.pop()):
            name = node.name if isinstance(node, tree.Attribute) else node.id
            if name not in found and name in measures:
                todo.append(measures[name].body)
            found.add(name)
    return found


def given_to(written: WrittenMeasure, asked: tree.Expression, formula: tree.Expression) -> set[str]:
    """Return the parameters that a formula gives a measure where it asks for it: ``bits`` of
    ``x(8)``.
    """
    names = [p.name for p in written.parameters]
    for call in (n for n in nodes(formula) if isinstance(n, tree.Call)):
        if call.function is asked:
            return {*names[: len(call.args)], *(o.name for o in call.options)}
    return set()

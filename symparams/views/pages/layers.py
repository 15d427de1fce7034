"""The catalogue of layer kinds and combinators, made from their declarations alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from inspect import getdoc
from typing import TypeAlias

from symparams.algebra import FUNCTIONS, Form, Polynomial, Size, by_degree, short, text_of
from symparams.analysis import Report, layers_of, report
from symparams.elaboration import (
    COMBINATORS,
    Combinator,
    Network,
    build,
    built_in,
    conventions,
    layer_meant,
    layout_names,
    library_files,
    understand,
)
from symparams.errors import Source, SymparamsError
from symparams.interchange import ABSENT, Absent, CommandAnswer
from symparams.layers import REQUIRED, Layer, Option, kinds
from symparams.network import MEASURES, Applied, Flow, Signal
from symparams.records import Record
from symparams.views.cells import Cell, phrase
from symparams.views.pages import library
from symparams.views.remarks import conditions, line_of
from symparams.views.sheet import Column, Line, Sheet, section

#: The convention that formulas are in where nothing is said.
BASE = "textbook"

#: A kind or a combinator.
Declared: TypeAlias = type[Layer] | type[Combinator]


def declared() -> dict[str, Declared]:
    """Return what has options and an example: the kinds, and combinators that are no kinds too."""
    return {**COMBINATORS, **kinds()}


class LayerRow(Record):
    """What can be called in a network: how, what it has, what it is."""

    name: str
    family: str
    signature: str
    params: Form | Absent
    says: str


class CatalogueAnswer(CommandAnswer, command="layers"):
    """Every layer kind, or something else that can be called."""

    rows: tuple[LayerRow, ...]


class OptionRow(Record):
    """An option of a kind; ``default`` is as a call writes it."""

    option: str
    type: str
    letter: str
    required: bool
    default: str
    words: tuple[str, ...]
    says: str


class ExampleWeight(Record):
    """A weight of the example."""

    name: str
    shape: tuple[Size, ...]
    buffer: bool


class ConventionFormula(Record):
    """What a convention counts, where it is not the textbook's."""

    convention: str
    measure: str
    formula: Size


class KindAnswer(CommandAnswer, command="layers"):
    """Everything about one kind: its options, and what its example comes to."""

    name: str
    family: str
    signature: str
    says: tuple[str, ...]
    example: str
    rows: tuple[OptionRow, ...]
    weights: tuple[ExampleWeight, ...]
    output: Flow
    measures: Mapping[str, Size]
    conditions: tuple[str, ...]
    conventions: tuple[ConventionFormula, ...]


def catalogue() -> Sheet:
    """Return every kind with its arguments and its general formula, by family."""
    families: dict[str, list[Declared]] = {}
    for layer in declared().values():
        families.setdefault(family(layer), []).append(layer)
    lines: list[Line] = []
    rows: list[LayerRow] = []
    for name in sorted(families):
        lines.append(section(name.capitalize()))
        for layer in families[name]:
            formula = _formula(example(layer).network)
            told = says(layer)[0]
            lines.append(Line((signature(layer, brief=True), formula, told), 1))
            rows.append(LayerRow(layer.kind, name, signature(layer), formula, told))
    lines.append(section("Inputs, size functions"))
    others = {name for layer in kinds().values() for name in layer.also}
    for name in sorted(built_in().keys() - declared().keys() - others):
        called, told = _other(name)
        lines.append(Line((called, None, told), 1))
        rows.append(LayerRow(name, "other", called, ABSENT, told))
    lines.append(section("Library, in the language itself"))
    for name in sorted(library_files()):
        found = library.entry(name)
        first = re.split(r"(?<=[\w)])\. (?=[A-Z`])", found.says)[0]
        lines.append(Line((found.brief, None, first if first == found.says else f"{first}."), 1))
        rows.append(LayerRow(name, found.file, found.signature, ABSENT, found.says))
    lines.append(section("Layouts of matrices, for precision(net, …)"))
    for name in sorted(layout_names()):
        found = library.entry(name)
        lines.append(Line((found.brief, None, found.says), 1))
        rows.append(LayerRow(name, found.file, found.signature, ABSENT, found.says))
    columns = (
        Column("signature", "Layer"),
        Column("params", "Parameters"),
        Column("says", "What", prose=True),
    )
    return Sheet(
        "Layer kinds",
        columns,
        tuple(lines),
        notes=(phrase(f"letters: {_letters()}"),),
        answer=CatalogueAnswer(tuple(rows)),
    )


def kind(name: str) -> Sheet:
    """Return everything about one kind, by its name or another of its names.

    Raises:
        SymparamsError: there is no such kind; the nearest are named.
    """
    if name not in built_in():
        if name in library_files() or name in layout_names():
            return library.page(name)
        known = [*built_in(), *library_files(), *layout_names()]
        raise SymparamsError(
            f"unknown layer kind '{name}'",
            None,
            layer_meant(name, known),
        )
    name = next((k.kind for k in kinds().values() if name in k.also), name)
    if name not in declared():
        called, told = _other(name)
        row = LayerRow(name, "other", called, ABSENT, told)
        return Sheet(called, (), (), lead=(told,), answer=CatalogueAnswer((row,)))
    return described(declared()[name])


def described(layer: Declared) -> Sheet:
    """Return everything that a kind or a combinator declares, and what its example counts."""
    lead, other = says(layer), COMBINATORS.get(layer.kind, layer)
    if other is not layer:  # a kind may be called over a list too
        lead.append(f"{signature(other)}: {says(other)[0]}")
    found = example(layer)
    differences = list(_differences(layer, found))
    lines: list[Line] = []
    if layer.options:
        lines.append(section("Options"))
        lines += [_option(n, o) for n, o in layer.options.items()]
    weights = _weights(found, layer.kind)
    if weights:
        lines.append(section("Weights"))
        lines += [Line((n, Signal(shape), told), 1) for n, shape, told in weights]
    lines.append(section(f"In {layer.example}"))
    lines += _measures(found.network)
    lines.append(Line(("output", found.network.root.output), 1))
    if differences:
        lines.append(section("Conventions"))
        for own, told in differences:
            formula = phrase(f"{own.measure} ", by_degree(own.formula))
            lines.append(Line((own.convention, formula, told), 1))
    return Sheet(
        signature(layer),
        (Column("item", ""), Column("value", ""), Column("says", "")),
        tuple(lines),
        notes=tuple(conditions(found.network)),
        lead=tuple(lead),
        answer=_answer(layer, found, tuple(own for own, _ in differences)),
        order=found.network.symbols,
    )


# --- parts -----------------------------------------------------------------


def family(layer: Declared) -> str:
    """Return the file a kind is declared in: ``convolution``."""
    return layer.__module__.rpartition(".")[2]


def signature(layer: Declared, brief: bool = False) -> str:
    """Return ``conv(filters, kernel, stride = 1, …)``: a call with the defaults.

    A brief one has only what must be given, and ``…`` for the rest.
    """
    if form := getattr(layer, "form", ""):
        return str(form)
    options = list(layer.options.items())
    options.sort(
        key=lambda item: (
            item[1].place is None,
            item[1].place or 0,
            item[1].default is not REQUIRED,
        )
    )
    shown = [_argument(n, o) for n, o in options if not brief or o.default is REQUIRED]
    if len(shown) < len(options):
        shown.append("…")
    return f"{layer.kind}({', '.join(shown)})" if shown else layer.kind


def _argument(name: str, option: Option) -> str:
    if option.default is REQUIRED:
        return name if option.place is not None else f"{name} = {option.short or '…'}"
    return f"{name} = {default_text(option)}"


def default_text(option: Option) -> str:
    """Return an option's own default, as a call writes it."""
    if option.default is None:
        return "none" if option.takes_none else "…"
    if option.default == ():
        return "[]"
    if isinstance(option.default, bool):
        return "yes" if option.default else "no"
    return str(option.default)


def says(layer: Declared) -> list[str]:
    """Return the paragraphs of a kind's documentation, free of markup."""
    words = re.sub(r":\w+:`~?([^`]*)`", r"\1", getdoc(layer) or "")
    words = re.sub(r"``([^`]*)``", r"\1", words)
    return [" ".join(p.split()) for p in words.split("\n\n") if p.strip()] or [""]


def example(layer: Declared, convention: str | None = None, measure: str = "params") -> Report:
    """Return the report of a kind's example."""
    source = Source(f"<example of {layer.kind}>", layer.example)
    return report(build(understand(source, convention).definition()), measure)


def _formula(network: Network, measure: str = "params") -> Form:
    return by_degree(network.measure(measure)).arranged(network.symbols)


def _other(name: str) -> tuple[str, str]:
    """Return how an input or a size function is called, and what it gives."""
    said = FUNCTIONS.get(name) or built_in()[name]
    return said.signature, said.says


def _letters() -> str:
    found: dict[str, list[str]] = {"i": ["input features or channels"]}
    for layer in kinds().values():
        for option in layer.options.values():
            if option.short:
                told = found.setdefault(option.short, [])
                if option.says not in told:
                    told.append(option.says)
    return ", ".join(f"{letter}: {' / '.join(told)}" for letter, told in sorted(found.items()))


def _option(name: str, option: Option) -> Line:
    default = "" if option.default is REQUIRED else f" = {default_text(option)}"
    told = option.says
    if option.words:
        other = f", or {option.beside}" if option.beside else ""
        told += f" ({', '.join(option.words)}{other})"
    return Line((f"{name}{default}", option.short or None, told), 1)


def _weights(found: Report, name: str) -> list[tuple[str, tuple[Size, ...], str]]:
    """Return (name, shape, remark) of the weights of the example, of one copy."""
    own = next((row for row in layers_of(found.rows) if row.kind == name), None)
    if own is None:
        return []
    return [(w.name, w.shape, "a buffer, no parameter" * w.buffer) for w in own.weights]


def _measures(network: Network) -> Iterator[Line]:
    """Yield parameters as papers print them and as short as can be, buffers, MACs."""
    for measure in (m for m in MEASURES.values() if m.basic):
        size = network.measure(measure.name)
        if measure.beside and size == 0:
            continue
        closed: Cell = short(size) if isinstance(size, Polynomial) else size
        if measure.beside or measure.of_work or not isinstance(size, Polynomial):
            yield Line((measure.name, closed), 1)
            continue
        printed = by_degree(size)
        other = None if text_of(printed) == text_of(short(size)) else phrase("= ", closed)
        yield Line((measure.name, printed, other), 1)


def _differences(layer: Declared, found: Report) -> Iterator[tuple[ConventionFormula, str]]:
    """Yield (formula, which lines) where a convention counts otherwise."""
    for convention in conventions():
        if convention == BASE:
            continue
        for measure in (m.name for m in MEASURES.values() if m.basic and not m.of_work):
            there = example(layer, convention, measure)
            if there.total == found.network.measure(measure):
                continue
            lines: dict[Applied, None] = dict.fromkeys(d.applied for d in there.differences)
            told = "; ".join(f"{a.option} = {a.shown} ({line_of(a)})" for a in lines)
            yield ConventionFormula(convention, measure, there.total), told


def _answer(
    layer: Declared, found: Report, differences: tuple[ConventionFormula, ...]
) -> KindAnswer:
    network = found.network
    return KindAnswer(
        name=layer.kind,
        family=family(layer),
        signature=signature(layer),
        says=tuple(says(layer)),
        example=layer.example,
        rows=tuple(_option_row(n, o) for n, o in layer.options.items()),
        weights=tuple(
            ExampleWeight(n, shape, bool(told)) for n, shape, told in _weights(found, layer.kind)
        ),
        output=network.root.output,
        measures=network.measures(),
        conditions=found.conditions,
        conventions=differences,
    )


def _option_row(name: str, option: Option) -> OptionRow:
    required = option.default is REQUIRED
    default = "" if required else default_text(option)
    letter = option.short
    return OptionRow.like(option, option=name, letter=letter, required=required, default=default)

"""How the parameters come about, a layer at a time, as one would write it by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symparams.algebra import (
    Atom,
    Form,
    FormLeaf,
    Plus,
    Polynomial,
    Size,
    Symbol,
    Times,
    add_up,
    by_degree,
    collect,
    of_atom,
    plus,
    product,
    short,
    substitute,
    symbols_of,
    terms_of,
)
from symparams.analysis import (
    NamedSizes,
    Report,
    Row,
    Step,
    derivation,
    layers_of,
    own_sizes,
    report,
)
from symparams.interchange import Absent, CommandAnswer
from symparams.layers import kinds, letters
from symparams.network import Flow, Pass
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Copies, Equation, Over, Phrase, SumOver, phrase
from symparams.views.sheet import Column, Line, Sheet
from symparams.views.written import dotted

#: What a sum is of: how often each form stands in it.
Parts = dict[Form, Size]


class WeightCount(Record):
    """A weight, its shape, and how many values it has."""

    name: str
    shape: tuple[Size, ...]
    count: Size


class DerivedRow(Record):
    """A layer or a series, and how its parameters come about."""

    name: str
    kind: str
    depth: int
    group: bool
    output: Flow
    times: Size
    derivation: Equation | str
    count: Size
    total: Size
    weights: tuple[WeightCount, ...]
    for_: str | Absent
    copies: Size | Absent


class ExplainAnswer(CommandAnswer, command="explain"):
    """The derivation of the parameters, a layer at a time."""

    model: str
    rows: tuple[DerivedRow, ...]
    total: Size
    conditions: tuple[str, ...]
    notes: tuple[str, ...]
    differences: tuple[remarks.ChangedCount, ...]
    derived: tuple[remarks.DerivedSize, ...]


def page(found: Report, named: NamedSizes | None = None) -> Sheet:
    """Return one derivation a layer, then the sum and the total; of parameters, whatever was
    counted.

    Args:
        found: the rows.
        named: the same model with derived sizes by name, as which the derivation is shown.
    """
    if found.measure.name != "params":
        found = report(found.network)
    there = named or NamedSizes(found.network)
    told = report(there.network) if there.sizes else found
    lines, derived, used = _derivations(told)
    if told is not found:
        _, derived, _ = _derivations(found)
    legend = _legend(told, used)
    return Sheet(
        f"Parameters of {remarks.title(found.network)}",
        (Column("name", ""), Column("derivation", ""), Column("shares", ""), Column("times", "")),
        tuple(lines),
        notes=(*legend, *remarks.names(there), *remarks.all_remarks(found)),
        layout="lines",
        notations=remarks.notations(found.network),
        order=there.network.symbols,
        answer=ExplainAnswer.like(
            found,
            model=found.network.definition.name,
            rows=tuple(derived),
            total=found.network.measure("params"),
            differences=remarks.changed_counts(found),
            derived=remarks.derived_sizes(there),
        ),
    )


def _derivations(found: Report) -> tuple[list[Line], list[DerivedRow], set[str]]:
    """Return the lines of a report and the same for programs, and the letters they use."""
    lines: list[Line] = []
    derived: list[DerivedRow] = []
    used: set[str] = set()
    symbols = frozenset(found.network.symbols)
    sums = _sums(found)
    heads: list[Line] = []
    for row in found.rows:
        heads = [head for head in heads if head.depth < row.depth]
        copies: Cell = Copies(row.copies) if row.copies != 1 else None
        if row.leads is not None:
            equation: Equation | None = _series(row.leads, sums[id(row.leads)], row.count)
            heads.append(Line((row.name, equation, None, copies), row.depth, "group"))
            derived.append(_derived(row, (), equation))
            continue
        if row.is_group:
            heads.append(Line((row.name, None, None, copies), row.depth, "group"))
            continue
        if row.layer is None and not row.weights:
            continue
        lines += heads  # a group of nothing to derive has no line
        heads = []
        steps = derivation(row)
        equation = _equation(row, steps, used, symbols)
        cells = (row.name, equation or _nothing(row), _shares(steps), copies)
        nothing = "dim" if row.shares or row.weights else "free"
        lines.append(Line(cells, row.depth, "" if steps else nothing))
        derived.append(_derived(row, steps, equation))
    total = short(found.network.measure("params"))
    lines.append(Line(("total", _equal([_sum(sums[None]), total])), style="total"))
    return lines, derived, used


def _nothing(row: Row) -> str:
    if row.shares:
        return f"weights of {row.shares}, counted once"
    return "no parameters, only buffers" if row.weights else "no weights"


def _derived(row: Row, steps: tuple[Step, ...], equation: Equation | None) -> DerivedRow:
    weights = tuple(WeightCount(s.weight, s.sizes, s.count) for s in steps)
    told = {"derivation": equation or "", "weights": weights}
    return DerivedRow.like(row, group=row.is_group, **told, **remarks.series(row))


# --- sums ------------------------------------------------------------------


def _sums(found: Report) -> dict[int | None, Parts]:
    """Return the terms of one pass of each series, by its ``id``, and those of the total, by
    None.
    """
    sums: dict[int | None, Parts] = {None: {}}
    for row in found.rows:
        if row.leads is not None:
            sums[id(row.leads)] = {}
        elif row.is_group:
            continue
        if row.count != 0:
            parts = sums[id(row.passes[-1]) if row.passes else None]
            form = by_degree(row.count)
            parts[form] = parts.get(form, 0) + row.copies
    return sums


def _sum(parts: Mapping[Form, Size]) -> Form:
    """Return the sum over layers; equal ones together."""
    return plus((_several(n, form) for form, n in parts.items()), kept=True)


def _series(leads: Pass, parts: Mapping[Form, Size], count: Size) -> Equation:
    """Return ``sum(k·h + h for k in 0..n - 1) = h·n·(n + 1)/2``."""
    inner = _sum(parts)
    return _equal([SumOver(inner, leads.index, leads.first, leads.last), by_degree(count)])


def _shares(steps: tuple[Step, ...]) -> Phrase | None:
    """Return ``(kernel 18,432 + bias 64)``, of several weights."""
    if len(steps) < 2:
        return None
    pieces: list[Cell] = []
    for k, step in enumerate(steps):
        several = len(terms_of(step.count)) > 1
        pieces += [
            f"{' + ' if k else '('}{step.weight} {'(' * several}",
            Equation((FormLeaf(step.count),)),
            ")" * several,
        ]
    return phrase(*pieces, ")")


def _several(times: Size, form: Form) -> Form:
    if times == 1:
        return form
    return Times((_inline(times), *(form.factors if isinstance(form, Times) else (form,))))


def _inline(size: Size) -> Form:
    return FormLeaf(size) if len(terms_of(size)) <= 1 else Plus(tuple(_terms(size)))


def _terms(size: Size) -> Iterator[Form]:
    return (FormLeaf(collect({m: c})) for m, c in terms_of(size).items())


def _equal(sides: list[Form]) -> Equation:
    """Return an equation without the sides that print as the one before."""
    kept: list[Form] = []
    for side in sides:
        if not kept or dotted(side) != dotted(kept[-1]):
            kept.append(side)
    return Equation(tuple(kept))


# --- one layer -------------------------------------------------------------


def _equation(
    row: Row, steps: tuple[Step, ...], used: set[str], symbols: frozenset[str]
) -> Equation | None:
    """Return ``f·f·i·o + o = 3·3·32·64 + 64 = 18,496``; adds the letters it shows to ``used``."""
    if not steps:
        return None
    count = by_degree(add_up(step.count for step in steps))
    values = own_sizes(row)
    names = symbols | {p.index.name for p in row.passes}
    if any(not _fits(step, values) or _hidden(step, values, names) for step in steps):
        # A name of the network hides a letter: the sizes speak for themselves.
        shapes = [_product([f for z in s.sizes for f in _factors(z, {})]) for s in steps]
        return _equal([plus(shapes, kept=True), count])
    pairs = [_pairs(step, values) for step in steps]
    general = plus((_product([letter for letter, _ in step]) for step in pairs), kept=True)
    concrete = plus((_product([size for _, size in step]) for step in pairs), kept=True)
    if dotted(general) != dotted(concrete):
        used |= {x.name for s in steps for z in s.general for x in symbols_of(z)}
    return _equal([general, concrete, count])


def _fits(step: Step, values: Mapping[str, Size]) -> bool:
    """Tell whether the layer's own sizes for the letters make the weight's count."""
    return product(substitute(z, values) for z in step.general) == step.count


def _hidden(step: Step, values: Mapping[str, Size], names: frozenset[str]) -> bool:
    """Tell whether a letter is a name of the network too, and means something else there."""
    shown = {s for z in step.general for s in symbols_of(z) if s.name in names}
    return any(values.get(s.name, of_atom(s)) != of_atom(s) for s in shown)


def _pairs(step: Step, values: Mapping[str, Size]) -> list[tuple[Form, Form]]:
    """Return the factors of a weight, each in letters and in its own size; gates come first."""
    pairs = [
        pair
        for z in step.general
        for pair in zip(_factors(z, {}), _factors(z, values), strict=True)
    ]
    return sorted(pairs, key=lambda pair: not _is_number(pair[0]))


def _is_number(form: Form) -> bool:
    return isinstance(form, FormLeaf) and not isinstance(form.size, Polynomial)


def _product(factors: list[Form]) -> Form:
    """Return factors as they stand, nothing multiplied out."""
    if not factors:
        return FormLeaf(1)
    return factors[0] if len(factors) == 1 else Times(tuple(factors))


def _factors(size: Size, values: Mapping[str, Size]) -> list[Form]:
    """Return a shape's entry as factors: ``4*h`` is 4 and h, ``i/4`` is one quotient."""
    terms = terms_of(size)
    if len(terms) != 1:
        return [_inline_sum(size, values)]
    ((monomial, coefficient),) = terms.items()
    top: list[Form] = [] if coefficient.numerator == 1 else [FormLeaf(coefficient.numerator)]
    bottom: list[Form] = [] if coefficient.denominator == 1 else [FormLeaf(coefficient.denominator)]
    for atom, exponent in monomial:
        (top if exponent > 0 else bottom).extend([_one(atom, values)] * abs(exponent))
    if bottom:
        return [Over(_product(top), _product(bottom))]
    return top or [FormLeaf(1)]


def _inline_sum(size: Size, values: Mapping[str, Size]) -> Form:
    if not isinstance(size, Polynomial):
        return FormLeaf(size)
    products = (_product(_factors(collect({m: c}), values)) for m, c in size.terms.items())
    return Plus(tuple(products), kept=True)


def _one(atom: Atom, values: Mapping[str, Size]) -> Form:
    """Return a letter, or the size that stands for it; a product keeps its brackets."""
    if isinstance(atom, Symbol) and atom.name in values:
        size = values[atom.name]
        if isinstance(size, Polynomial) and len(size.terms) == 1:
            return _product(_factors(size, {}))
        return FormLeaf(size)
    return FormLeaf(of_atom(atom))


# --- letters ---------------------------------------------------------------


def _legend(found: Report, used: set[str]) -> list[Phrase]:
    """Return what the letters stand for."""
    if not used:
        return []
    says: dict[str, list[str]] = {}
    if "i" in used:
        says["i"] = ["input features or channels"]
    rows = [row for row in layers_of(found.rows) if row.layer is not None]
    around = [layer.kind for row in rows for layer, _ in row.around]
    for kind in dict.fromkeys([*(row.kind for row in rows), *around]):
        if kind not in kinds():
            continue  # a layer of the file: its letters are its own names
        for option, letter in letters(kinds()[kind]).items():
            told = kinds()[kind].options[option].says
            shown = sorted(u for u in used if u == letter or u.rstrip("0123456789") == letter)
            if shown:
                heard = says.setdefault(", ".join(shown), [])
                if told not in heard:
                    heard.append(told)
    listed = ", ".join(f"{letter}: {' / '.join(told)}" for letter, told in sorted(says.items()))
    return [phrase(f"letters: {listed}")] if listed else []

"""How the parameters come about, a layer at a time, as one would write it by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from symparams.algebra import Polynomial, Size, Symbol, add_up, product, substitute, symbols_of
from symparams.algebra.atoms import Atom
from symparams.algebra.forms import Form, Leaf, Plus, Times, by_degree, plus, short
from symparams.algebra.polynomial import collect, of_atom, terms_of
from symparams.layers import kinds
from symparams.layers.base import letters
from symparams.model.report import Report, Row, Step, derivation, layers_of
from symparams.model.signals import Signal
from symparams.views import remarks
from symparams.views.sheet import (
    Cell,
    Column,
    Copies,
    Equation,
    Line,
    Over,
    Phrase,
    Sheet,
    phrase,
    plain,
    plain_axes,
)
from symparams.views.written import dotted


def page(found: Report) -> Sheet:
    """One derivation a layer, then the sum and the total; of parameters, whatever was counted."""
    lines: list[Line] = []
    rows: list[dict[str, Any]] = []
    parts: dict[Form, Size] = {}
    used: set[str] = set()
    for row in found.rows:
        copies: Cell = Copies(row.times) if row.times != 1 else None
        if row.is_group:
            lines.append(Line((row.name, None, None, copies), row.depth, "group"))
            continue
        if row.layer is None:
            continue
        steps = derivation(row)
        count = add_up(step.count for step in steps)
        equation = _equation(row, steps, used)
        lines.append(
            Line(
                (row.name, equation or _nothing(row), _shares(steps), copies),
                row.depth,
                "" if steps else "dim",
            )
        )
        rows.append(_data(row, steps, equation, count))
        if count != 0:
            form = by_degree(count)
            parts[form] = parts.get(form, 0) + row.times
    total = found.network.measure("params")
    lines.append(Line(("total", _sum(parts, total)), style="total"))
    legend = _legend(found, used)
    return Sheet(
        f"Parameters of {remarks.title(found.network)}",
        (Column("name", ""), Column("derivation", ""), Column("shares", ""), Column("times", "")),
        tuple(lines),
        notes=(*legend, *remarks.all_remarks(found)),
        layout="lines",
        data={
            "model": found.network.definition.name,
            "rows": rows,
            "total": plain(total),
            "conditions": list(found.conditions),
            "notes": list(found.notes),
            "differences": remarks.difference_data(found),
        },
    )


def _nothing(row: Row) -> str:
    return "no parameters, only buffers" if row.weights else "no weights"


def _data(
    row: Row, steps: tuple[Step, ...], equation: Equation | None, count: Size
) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "depth": row.depth,
        "output": plain_axes(row.output),
        "times": plain(row.times),
        "derivation": "" if equation is None else " = ".join(map(dotted, equation.sides)),
        "count": plain(count),
        "weights": [
            {"name": s.weight, "shape": [plain(z) for z in s.sizes], "count": plain(s.count)}
            for s in steps
        ],
    }


def _shares(steps: tuple[Step, ...]) -> Phrase | None:
    """``(kernel 18,432 + bias 64)``, of several weights."""
    if len(steps) < 2:
        return None
    pieces: list[Cell] = []
    for k, step in enumerate(steps):
        several = len(terms_of(step.count)) > 1
        pieces += [
            f"{' + ' if k else '('}{step.weight} {'(' * several}",
            Equation((Leaf(step.count),)),
            ")" * several,
        ]
    return phrase(*pieces, ")")


def _sum(parts: Mapping[Form, Size], total: Size) -> Cell:
    """The sum over the layers and what it is; equal layers together."""
    return _equal([plus(_several(n, form) for form, n in parts.items()), short(total)])


def _several(times: Size, form: Form) -> Form:
    if times == 1:
        return form
    return Times((_inline(times), *(form.factors if isinstance(form, Times) else (form,))))


def _inline(size: Size) -> Form:
    return Leaf(size) if len(terms_of(size)) <= 1 else Plus(tuple(_terms(size)))


def _terms(size: Size) -> Iterator[Form]:
    return (Leaf(collect({m: c})) for m, c in terms_of(size).items())


def _equal(sides: list[Form]) -> Equation:
    """An equation without the sides that print as the one before."""
    kept: list[Form] = []
    for side in sides:
        if not kept or dotted(side) != dotted(kept[-1]):
            kept.append(side)
    return Equation(tuple(kept))


# --- one layer -------------------------------------------------------------


def _equation(row: Row, steps: tuple[Step, ...], used: set[str]) -> Equation | None:
    """``f·f·i·o + o = 3·3·32·64 + 64 = 18,496``; adds the letters it shows to ``used``."""
    if not steps:
        return None
    count = by_degree(add_up(step.count for step in steps))
    values = own_values(row)
    if any(not _fits(step, values) for step in steps):
        # A name of the network hides a letter: the sizes speak for themselves.
        shapes = [_product([f for z in s.sizes for f in _factors(z, {})]) for s in steps]
        return _equal([plus(shapes), count])
    pairs = [_pairs(step, values) for step in steps]
    general = plus(_product([letter for letter, _ in step]) for step in pairs)
    concrete = plus(_product([size for _, size in step]) for step in pairs)
    if dotted(general) != dotted(concrete):
        used |= {x.name for s in steps for z in s.general for x in symbols_of(z)}
    return _equal([general, concrete, count])


def own_values(row: Row) -> dict[str, Size]:
    """Letter → the layer's own size: ``{"f": 3, "i": 32, "o": 64}``."""
    if row.layer is None or not isinstance(row.source, Signal):
        return {}
    values = row.layer.own_sizes(row.source.axes)
    for kind, _ in row.around:
        values = {**kind.own_sizes(()), **values}
    return values


def _fits(step: Step, values: Mapping[str, Size]) -> bool:
    """Whether the layer's own sizes for the letters make the weight's count."""
    return product(substitute(z, values) for z in step.general) == step.count


def _pairs(step: Step, values: Mapping[str, Size]) -> list[tuple[Form, Form]]:
    """The factors of a weight, each in letters and in its own size; gates come first."""
    pairs = [
        pair
        for z in step.general
        for pair in zip(_factors(z, {}), _factors(z, values), strict=True)
    ]
    return sorted(pairs, key=lambda pair: not _is_number(pair[0]))


def _is_number(form: Form) -> bool:
    return isinstance(form, Leaf) and not isinstance(form.size, Polynomial)


def _product(factors: list[Form]) -> Form:
    """Factors as they stand, nothing multiplied out."""
    if not factors:
        return Leaf(1)
    return factors[0] if len(factors) == 1 else Times(tuple(factors))


def _factors(size: Size, values: Mapping[str, Size]) -> list[Form]:
    """A shape's entry as factors: ``4*h`` is 4 and h, ``i/4`` is one quotient."""
    terms = terms_of(size)
    if len(terms) != 1:
        return [_inline_sum(size, values)]
    ((monomial, coefficient),) = terms.items()
    top: list[Form] = [] if coefficient.numerator == 1 else [Leaf(coefficient.numerator)]
    bottom: list[Form] = [] if coefficient.denominator == 1 else [Leaf(coefficient.denominator)]
    for atom, exponent in monomial:
        (top if exponent > 0 else bottom).extend([_one(atom, values)] * abs(exponent))
    if bottom:
        return [Over(_product(top), _product(bottom))]
    return top or [Leaf(1)]


def _inline_sum(size: Size, values: Mapping[str, Size]) -> Form:
    if not isinstance(size, Polynomial):
        return Leaf(size)
    return Plus(tuple(_product(_factors(collect({m: c}), values)) for m, c in size.terms.items()))


def _one(atom: Atom, values: Mapping[str, Size]) -> Form:
    """A letter, or the size that stands for it; a product keeps its brackets."""
    if isinstance(atom, Symbol) and atom.name in values:
        size = values[atom.name]
        if isinstance(size, Polynomial) and len(size.terms) == 1:
            return _product(_factors(size, {}))
        return Leaf(size)
    return Leaf(of_atom(atom))


# --- letters ---------------------------------------------------------------


def _legend(found: Report, used: set[str]) -> list[Phrase]:
    """What the letters stand for."""
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

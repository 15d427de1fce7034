"""The closed form of a measure, alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from symparams.algebra import (
    Form,
    Size,
    by_degree,
    collected,
    expanded,
    factored,
    grouped,
    short,
    symbols_of,
)
from symparams.analysis import NamedSizes, condition_texts, layers_of, notes_of, report
from symparams.elaboration import Network, is_formula
from symparams.errors import SymparamsError, did_you_mean
from symparams.interchange import CommandAnswer
from symparams.network import taken_apart
from symparams.records import Record
from symparams.views import remarks
from symparams.views.code_writing import FormulaCode, parameters_of
from symparams.views.pages.show import term
from symparams.views.sheet import Column, Line, Sheet

_WAYS: Mapping[str, Callable[[Size], Form]] = {
    "short": short,
    "expanded": expanded,
    "factored": factored,
}
#: How a formula may be written.
FORMS = (*_WAYS, "grouped", "collected")


class FormulaRow(Record):
    """A measure in one of :data:`FORMS`."""

    measure: str
    form: str
    formula: Form


class FormulaGroup(Record):
    """Layers that are alike, and what they have of the measure together."""

    layers: tuple[str, ...]
    formula: Size


class FormulaAnswer(CommandAnswer, command="formula"):
    """The closed form of a measure, and the number where it has no symbols.

    ``with_names`` is the formula with the sizes of ``derived`` by their names; ``groups`` has
    the layers behind the terms of the grouped form.
    """

    model: str
    measure: str
    form: str
    formula: Form
    number: int | None
    symbols: tuple[remarks.OpenSize, ...]
    conditions: tuple[str, ...]
    notes: tuple[str, ...]
    with_names: Form
    derived: tuple[remarks.DerivedSize, ...]
    groups: tuple[FormulaGroup, ...]
    rows: tuple[FormulaRow]


def formula(
    network: Network, measure: str = "params", form: str = "short", by: Sequence[str] = ()
) -> Form:
    """Return a measure of a network in one of :data:`FORMS`; collected ``by`` some of its sizes.

    Raises:
        SymparamsError: no such measure, form or size.
    """
    if form not in FORMS:
        listed = f"there are {', '.join(FORMS)}"
        raise SymparamsError(f"unknown form '{form}'", None, did_you_mean(form, FORMS, listed))
    _check_names(network, form, by)
    if form in _WAYS:
        return _WAYS[form](network.measure(measure))
    if form == "collected":
        return collected(network.measure(measure), by)
    if _has_no_rows(measure):
        return by_degree(network.measure(measure))
    rows = layers_of(report(network, measure).rows)
    return grouped(term(row) for row in rows)


def _check_names(network: Network, form: str, by: Sequence[str]) -> None:
    """Refuse names without a form that has them, a form without names, and unknown names."""
    if by and form != "collected":
        raise SymparamsError(f"--by is of the collected form, not of {form}")
    if form == "collected" and not by:
        raise SymparamsError("--form collected needs the sizes to collect by", None, "as in --by h")
    for name in by:
        if name not in network.symbols:
            listed = f"it has {', '.join(network.symbols) or 'no symbols'}"
            raise SymparamsError(
                f"'{name}' is no open size of '{network.definition.name}'",
                None,
                did_you_mean(name, network.symbols, listed),
            )


def _has_no_rows(measure: str) -> bool:
    return not is_formula(measure) and taken_apart(measure) is not None


def code(network: Network, measure: str, form: str, language: str, by: Sequence[str] = ()) -> str:
    """Return a measure as a function of a language, one of :mod:`symparams.views.code`.

    Raises:
        SymparamsError: no such measure or form, or the language cannot count it exactly.
    """
    from importlib import import_module

    total = network.measure(measure)
    # Where the others do not hold there is no such network, but the count of one is the same.
    own = {s.name for s in symbols_of(total)}
    conditions = (*network.assumed, *network.open_conditions)
    needed = [c for c in dict.fromkeys(conditions) if {s.name for s in c.symbols()} <= own]
    name = "_".join(re.findall(r"[A-Za-z0-9]+", f"{network.definition.name} {measure}"))
    asked = FormulaCode(
        name if name[:1].isalpha() else f"count_{name}",
        f"{measure} of {remarks.title(network)}",
        formula(network, measure, form, by),
        total,
        parameters_of(network.symbols, total, needed),
        tuple(needed),
    )
    written: str = import_module(f"symparams.views.code.{language}").render(asked)
    return written


def page(
    network: Network,
    measure: str = "params",
    form: str = "short",
    by: Sequence[str] = (),
    named: NamedSizes | None = None,
) -> Sheet:
    """Return the closed form on one line, then the conditions it holds under.

    Args:
        network: of which it is.
        measure: what of it.
        form: one of :data:`FORMS`.
        by: the sizes of a collected form.
        named: the same network with derived sizes by name, which are shown by it.

    Raises:
        SymparamsError: no such measure, form or size.
    """
    total = network.measure(measure)
    there = named or NamedSizes(network)
    with_names = formula(there.network, measure, form, by)
    written = formula(network, measure, form, by) if there.sizes else with_names
    notes = notes_of(network)
    return Sheet(
        f"{remarks.title(network)}: {measure}",
        (Column("formula", measure),),
        (Line((with_names,), style="total"),),
        notes=(
            *remarks.names(there),
            *remarks.sizes_of_the_measure(network),
            *remarks.conditions(network),
            *remarks.settled(network, notes),
        ),
        layout="formula",
        order=there.network.symbols,
        notations=remarks.notations(network),
        answer=FormulaAnswer(
            model=network.definition.name,
            measure=measure,
            form=form,
            formula=written,
            number=total if isinstance(total, int) else None,
            symbols=remarks.open_sizes(network),
            conditions=condition_texts(network),
            notes=notes,
            with_names=with_names,
            derived=remarks.derived_sizes(there),
            groups=_groups(network, measure) if form == "grouped" else (),
            rows=(FormulaRow(measure, form, written),),
        ),
    )


def _groups(network: Network, measure: str) -> tuple[FormulaGroup, ...]:
    """Return the groups of layers that are alike, and their totals."""
    if _has_no_rows(measure):
        return ()
    groups: dict[Form, tuple[list[str], Size]] = {}
    for row in layers_of(report(network, measure).rows):
        if row.total != 0:
            names, total = groups.setdefault(term(row)[1], ([], 0))
            names.append(row.name)
            groups[term(row)[1]] = (names, total + row.total)
    return tuple(FormulaGroup(tuple(names), total) for names, total in groups.values())

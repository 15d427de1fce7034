"""The closed form of a measure, alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from symparams.algebra import Form, Size, by_degree, expanded, factored, grouped, short, symbols_of
from symparams.analysis import condition_texts, layers_of, notes_of, report
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
FORMS = (*_WAYS, "grouped")


class FormulaRow(Record):
    """A measure in one of :data:`FORMS`."""

    measure: str
    form: str
    formula: Form


class FormulaAnswer(CommandAnswer, command="formula"):
    """The closed form of a measure, and the number where it has no symbols."""

    model: str
    measure: str
    form: str
    formula: Form
    number: int | None
    symbols: tuple[remarks.OpenSize, ...]
    conditions: tuple[str, ...]
    notes: tuple[str, ...]
    rows: tuple[FormulaRow]


def formula(network: Network, measure: str = "params", form: str = "short") -> Form:
    """Return a measure of a network in one of :data:`FORMS`.

    Raises:
        SymparamsError: no such measure or form.
    """
    if form in _WAYS:
        return _WAYS[form](network.measure(measure))
    if form != "grouped":
        listed = f"there are {', '.join(FORMS)}"
        raise SymparamsError(f"unknown form '{form}'", None, did_you_mean(form, FORMS, listed))
    if not is_formula(measure) and taken_apart(measure) is not None:
        return by_degree(network.measure(measure))
    rows = layers_of(report(network, measure).rows)
    return grouped(term(row) for row in rows)


def code(network: Network, measure: str, form: str, language: str) -> str:
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
        formula(network, measure, form),
        total,
        parameters_of(network.symbols, total, needed),
        tuple(needed),
    )
    written: str = import_module(f"symparams.views.code.{language}").render(asked)
    return written


def page(network: Network, measure: str = "params", form: str = "short") -> Sheet:
    """Return the closed form on one line, then the conditions it holds under.

    Raises:
        SymparamsError: no such measure or form.
    """
    total = network.measure(measure)
    written = _WAYS[form](total) if form in _WAYS else formula(network, measure, form)
    notes = notes_of(network)
    return Sheet(
        f"{remarks.title(network)}: {measure}",
        (Column("formula", measure),),
        (Line((written,), style="total"),),
        notes=(
            *remarks.sizes_of_the_measure(network),
            *remarks.conditions(network),
            *remarks.settled(network, notes),
        ),
        layout="formula",
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
            rows=(FormulaRow(measure, form, written),),
        ),
    )

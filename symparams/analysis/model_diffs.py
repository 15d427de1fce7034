"""Two models compared: layer by layer, in formulas and at the defaults, and where they cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symparams.algebra import (
    Domain,
    Formula,
    Number,
    Polynomial,
    Size,
    SizeRecord,
    facts_from,
    substitute,
    symbols_of,
)
from symparams.analysis.crossovers import PartCrossover, crossover_of
from symparams.analysis.operating_point import Subject
from symparams.analysis.reports import MeasureFormula, Report, Row, report
from symparams.analysis.row_alignment import aligned
from symparams.analysis.summary import shown
from symparams.elaboration import Network, Value, WrittenModel, asking, build, sizes_of
from symparams.errors import SymparamsError, did_you_mean
from symparams.network import Measure

#: The most values of a domain that are looked up in another.
MOST_VALUES = 10_000


class DiffRow(SizeRecord):
    """A layer of one model or of both, or the head of a group of layers.

    Attributes:
        change: ``added``, ``removed``, ``changed``; ``resized`` where the formula is the same
            and sizes in it have other defaults; ``same``.
        left, right: the row of the first model, and of the second; None where it has none.
        formulas: the measure of all copies; 0 where there is no row.
        difference: what the second has more.
        numbers: both at their defaults, or None where a size has none.
    """

    change: str
    left: Row | None
    right: Row | None
    formulas: tuple[Formula, Formula]
    difference: Formula
    numbers: tuple[Number, Number] | None

    @property
    def row(self) -> Row:
        """The row of the second model, or else of the first."""
        row = self.right or self.left
        assert row is not None
        return row


class ModelDiff(SizeRecord):
    """Two models compared.

    Attributes:
        names: what they are called.
        reports: the rows of each.
        measure: what is counted.
        rows: the rows of both, aligned, with the heads of groups.
        total: both in all; the differences of the layers add up to its own.
        defaults: size → the default in each, where they differ; None where there is none.
        crossover: where one overtakes the other; None where the formulas are equal.
        undecided: why that was not found, or "".
    """

    names: tuple[str, str]
    reports: tuple[Report, Report]
    measure: Measure | MeasureFormula
    rows: tuple[DiffRow, ...]
    total: DiffRow
    defaults: Mapping[str, tuple[Size | None, Size | None]]
    crossover: PartCrossover | None
    undecided: str = ""

    @property
    def differs(self) -> bool:
        """Whether any layer does."""
        return any(row.change != "same" for row in self.rows)


def model_diff(
    left: WrittenModel,
    right: WrittenModel,
    measure: str = "params",
    given: Sequence[Mapping[str, Value]] = ({}, {}),
    names: tuple[str, str] | None = None,
) -> ModelDiff:
    """Return what a second model has more than a first, layer by layer.

    Args:
        left, right: the models.
        measure: what is counted, or a formula of measures that rows add up to.
        given: the values that sizes of each model are given.
        names: what the models are called.

    Loads SymPy, to find where they cross.

    Raises:
        SymparamsError: a model, a value or the measure is wrong, or a size is an integer in
            one model and may be a fraction in the other.
    """
    names = names or ((left.name, right.name) if left.name != right.name else ("A", "B"))
    models = (left, right)
    found = [shown(m, v, measure) for m, v in zip(models, given, strict=True)]
    if any(one.network.taken for one, _ in found):
        # Where one has no closed form, numbers are compared with numbers.
        found = [
            _at_defaults(m, v, measure, one.notes)
            for m, v, (one, _) in zip(models, given, found, strict=True)
        ]
    reports = (found[0][0], found[1][0])
    _refuse_two_kinds(reports, names)
    points = [
        None if there is None else {**one.network.defaults, **one.network.settled}
        for one, there in found
    ]
    pairs = aligned(reports[0].rows, reports[1].rows)
    rows = tuple(_diff_row(*pair, (_total(pair[0]), _total(pair[1])), points) for pair in pairs)
    total = _diff_row(None, None, (reports[0].total, reports[1].total), points)
    crossed, undecided = _crossing(reports, names, measure)
    defaults = _defaults(reports)
    return ModelDiff(names, reports, reports[0].measure, rows, total, defaults, crossed, undecided)


def _total(row: Row | None) -> Size:
    return 0 if row is None else row.total


def _at_defaults(
    model: WrittenModel, values: Mapping[str, Value], measure: str, notes: tuple[str, ...]
) -> tuple[Report, Network]:
    """Return the report of a model at its defaults, with the notes of the one in symbols."""
    network = build(asking(model, [measure], values), values, defaults=True)
    return report(network, measure).but(notes=notes), network


def shared_out(
    values: Mapping[str, Value], models: Sequence[WrittenModel], measure: str = "params"
) -> list[dict[str, Value]]:
    """Return the values that each of several models takes: those of its own sizes.

    Raises:
        SymparamsError: a name that none has.
    """
    known = []
    for model in models:
        asked = asking(model, [measure], values)
        known.append({*sizes_of(asked), *(p.name for p in model.parameters or ())})
    for name in values:
        if not any(name in names for names in known):
            everything = sorted(set().union(*known))
            raise SymparamsError(
                f"no model here has a size '{name}'", None, did_you_mean(name, everything)
            )
    return [{n: v for n, v in values.items() if n in names} for names in known]


def _refuse_two_kinds(reports: tuple[Report, Report], names: tuple[str, str]) -> None:
    """Refuse a size that is an integer in one model, and may be a fraction in the other.

    Raises:
        SymparamsError: there is one; formulas of both would not speak of the same.
    """
    left, right = (one.network for one in reports)
    for name in left.symbols:
        if name in right.symbols and left.is_symbol(name) != right.is_symbol(name):
            whole = names[0] if left.is_symbol(name).integer else names[1]
            raise SymparamsError(
                f"'{name}' is an integer in {whole} alone, so that no formula is of both",
                None,
                f"give it a value, as in --set {name}=1",
            )


def _diff_row(
    left: Row | None,
    right: Row | None,
    formulas: tuple[Size, Size],
    points: Sequence[Mapping[str, Number] | None],
) -> DiffRow:
    """Return two rows side by side, or the totals where there is none."""
    difference = formulas[1] - formulas[0]
    numbers = _numbers(formulas, points)
    change = "same"
    if difference != 0:
        change = "changed"
    elif numbers is not None and numbers[0] != numbers[1]:
        change = "resized"
    if left is not None and right is not None and left.kind != right.kind:
        change = "changed"  # a relu that became a gelu, though it counts nothing
    if (left is None) != (right is None):
        change = "added" if left is None else "removed"
    return DiffRow(change, left, right, formulas, difference, numbers)


def _numbers(
    formulas: tuple[Size, Size], points: Sequence[Mapping[str, Number] | None]
) -> tuple[Number, Number] | None:
    found = []
    for formula, point in zip(formulas, points, strict=True):
        value = substitute(formula, point or {})
        if isinstance(value, Polynomial):
            return None
        found.append(value)
    return found[0], found[1]


def _defaults(reports: tuple[Report, Report]) -> dict[str, tuple[Size | None, Size | None]]:
    """Return the sizes of both models whose defaults differ, with these."""
    left, right = (
        {**one.network.derived, **one.network.defaults, **one.network.settled, **one.network.taken}
        for one in reports
    )
    names = dict.fromkeys((*left, *right))
    both = {n: (left.get(n), right.get(n)) for n in names if n in left and n in right}
    return {n: values for n, values in both.items() if values[0] != values[1]}


# --- where they cross ------------------------------------------------------


def _crossing(
    reports: tuple[Report, Report], names: tuple[str, str], measure: str
) -> tuple[PartCrossover | None, str]:
    """Return where one total overtakes the other, or why that is not known."""
    formulas = (reports[0].total, reports[1].total)
    if not {s.name for s in symbols_of(formulas[1] - formulas[0])}:
        return None, ""
    try:
        left, right = (one.network for one in reports)
        network = _joint(left, right)
        points = ({**right.defaults, **left.defaults}, {**left.defaults, **right.defaults})
        point = next((p for p in points if network.allows(p)), None)
        if point is None:
            return None, "no sizes of both models' defaults meet the conditions of both"
        known = len(point) == len(network.symbols)
        subject = Subject(network, measure, formulas[0], point if known else {}, point)
        return crossover_of(subject, names, formulas), ""
    except SymparamsError as error:
        return None, error.message


def _joint(left: Network, right: Network) -> Network:
    """Return a network of the sizes of two, under the conditions of both.

    Nothing is measured of it.

    Raises:
        SymparamsError: a size has no value that both admit.
    """
    domains = {**right.facts.domains, **left.facts.domains}
    for name in left.facts.domains.keys() & right.facts.domains.keys():
        domains[name] = _in_both(name, left.facts.domains[name], right.facts.domains[name])
    assumed = {**left.assumed, **right.assumed}
    conditions = {**left.conditions, **right.conditions}
    return replace(
        left,
        facts=facts_from([*assumed, *conditions], domains),
        symbols=tuple(dict.fromkeys((*left.symbols, *right.symbols))),
        assumed=assumed,
        conditions=conditions,
        presumed=left.presumed | right.presumed,
    )


def _in_both(name: str, one: Domain, other: Domain) -> Domain:
    """Return the values of a size that two domains have.

    Raises:
        SymparamsError: there are none, or they are too many to be looked through.
    """
    if one == other:
        return one
    low = max(one.low, other.low)
    high = min((d.high for d in (one, other) if d.high is not None), default=None)
    if not one.choices and not other.choices and one.step == other.step == 1:
        if high is None or low <= high:
            return Domain(low, high)
        raise SymparamsError(f"no value of '{name}' is in {one} and in {other}")
    listed = min((d for d in (one, other) if d.finite), key=lambda d: len(d.values()), default=None)
    if listed is None or len(listed.values()) > MOST_VALUES:
        raise SymparamsError(f"'{name}' is in {one} and in {other}")
    both = tuple(v for v in listed.values() if v in one and v in other)
    if not both:
        raise SymparamsError(f"no value of '{name}' is in {one} and in {other}")
    return Domain(choices=both)


__all__ = ["DiffRow", "ModelDiff", "model_diff", "shared_out"]

"""What is studied: a measure of a model, and the point at which it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from symparams.algebra import (
    Number,
    Polynomial,
    Size,
    Symbol,
    substitute,
    symbol,
    symbols_of,
    text,
)
from symparams.elaboration import Network, Value, WrittenModel, asking, build, is_number
from symparams.errors import NeedsValue, NotAdmitted, SymparamsError, did_you_mean
from symparams.records import Record


class Subject(Record):
    """A measure of a model at a point.

    Attributes:
        network: built with its sizes open.
        measure: its name, or an address as ``attention.params``.
        formula: the measure.
        point: a value for each open size, or empty where one has none.
        given: the values there are.
    """

    network: Network
    measure: str
    formula: Size
    point: Mapping[str, Number]
    given: Mapping[str, Number]

    @property
    def name(self) -> str:
        """The model's name."""
        return self.network.definition.name

    @property
    def known(self) -> bool:
        """Whether there is a point: every open size has a value, and so has the formula.

        It may be in symbols that a size was given in, and which are no sizes of the model.
        """
        names = {s.name for s in symbols_of(self.formula)}
        return len(self.point) == len(self.network.symbols) and names <= self.point.keys()

    def size(self, name: str) -> Symbol:
        """Return the symbol of an open size.

        Raises:
            SymparamsError: the model has no such size to vary.
        """
        names = list(self.network.symbols)
        if name not in names:
            listed = f"there are {', '.join(names)}" if names else "all are numbers"
            hint = did_you_mean(name, names, listed)
            if name in self.network.derived:
                hint = f"it is {text(self.network.derived[name])} until it is set itself"
            raise SymparamsError(f"no size '{name}' to vary", None, hint)
        return self.network.is_symbol(name)

    def at(self, size: Size, moved: Mapping[str, Number] | None = None) -> Number:
        """Return what a formula is worth at the point, some of its sizes moved."""
        return number(size, {**self.point, **(moved or {})})


def number(size: Size, point: Mapping[str, Number]) -> Number:
    """Return what a formula is worth at a point that has all its symbols."""
    value = substitute(size, point)
    assert not isinstance(value, Polynomial), "the point has every symbol"
    return value


def subject(network: Network, measure: str, point: Mapping[str, Number] | None = None) -> Subject:
    """Return a measure of a network, at ``point`` and the defaults of what that leaves open.

    Raises:
        SymparamsError: no such measure or size, or a point that the model does
            not admit.
    """
    network = network.counting(measure)
    formula = network.measure(measure)
    names = network.symbols
    for name in point or {}:
        if name not in names:
            raise SymparamsError(
                f"'{network.definition.name}' has no size '{name}'",
                None,
                did_you_mean(name, names, f"it has {', '.join(names)}"),
            )
    full = {**network.defaults, **(point or {})}
    here = {n: full[n] for n in names if n in full}
    if not network.allows(here):
        raise NotAdmitted(f"the model does not admit {at(here)}", None, violated(network, here))
    complete = len(here) == len(names) and {s.name for s in symbols_of(formula)} <= here.keys()
    return Subject(network, measure, formula, here if complete else {}, here)


def studied(
    definition: WrittenModel,
    values: Mapping[str, Value] | None = None,
    measure: str = "params",
    varied: Iterable[str] = (),
    parts: Sequence[str] = (),
) -> Subject:
    """Return a measure of a model, at the point that ``values`` and defaults make.

    Numbers for sizes make the point; all else (lists, words, formulas) is
    structure. Where no closed form exists while a size is open, that size
    is settled at its value. The measure of each of ``parts`` must have one too;
    what is ``varied`` is never settled.

    Raises:
        SymparamsError: as :func:`subject`.
    """
    definition = asking(definition, [measure], values or ())
    point = {n: v for n, v in (values or {}).items() if is_number(v)}
    structure = {n: v for n, v in (values or {}).items() if n not in point}
    kept = frozenset(varied)
    while True:
        network: Network | None = None
        try:
            network = build(definition, structure, decisive=point)  # type: ignore[arg-type]
            for part in (None, *parts):
                network.measure(measure, part)
        except NeedsValue as error:
            known = {**(network.defaults if network else {}), **point}
            settled = {n: known[n] for n in error.symbols if n in known and n not in kept}
            if not settled:
                raise
            structure.update(settled)
            for name in settled:
                point.pop(name, None)
            continue
        own = _named(network, point, structure)
        numbers = {**network.defaults, **point}
        for name in network.presumes(numbers) & numbers.keys() - structure.keys():  # type: ignore[arg-type]
            own[name] = numbers[name]  # the network at the point is another
        if not own:
            return subject(network, measure, point)  # type: ignore[arg-type]  # numbers
        structure.update(own)
        for name, value in own.items():
            if is_number(value):
                point.pop(name, None)


def _named(
    network: Network, point: Mapping[str, Value], structure: Mapping[str, Value]
) -> dict[str, Value]:
    """Return what a value of the point changes in the structure.

    A size whose default names others, once it has a value, is a size of its
    own; one that decides how the network is built takes its value at once.
    """
    own: dict[str, Value] = {}
    for name, value in point.items():
        if name in network.derived:
            own[name] = symbol(name)
        elif is_number(network.values.get(name)) or (
            name in network.settled and name not in structure
        ):
            own[name] = value
    return own


def at(point: Mapping[str, Number]) -> str:
    """Return ``h = 64, a = 4``."""
    return ", ".join(f"{n} = {text(v)}" for n, v in point.items())


def violated(network: Network, point: Mapping[str, Number]) -> str:
    """Return the first condition that a point breaks, in words."""
    for name, value in point.items():
        domain = network.facts.domain(name)
        if value not in domain:
            return f"'{name}' must be {domain}"
    for condition in (*network.assumed, *network.conditions):
        if condition.at(point).judge() is False:
            return f"it needs {condition}"
    return ""


__all__ = ["Subject", "at", "number", "studied", "subject", "violated"]

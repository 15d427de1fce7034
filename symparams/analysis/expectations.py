"""What a measure is expected to be, where sizes are drawn from their values independently."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symparams.algebra import (
    Formula,
    Monomial,
    Number,
    Size,
    SizeRecord,
    add_up,
    collect,
    of_atom,
    substitute,
    symbols_of,
    terms_of,
    text,
)
from symparams.elaboration import Network, Value, WrittenModel, asking, build
from symparams.errors import SymparamsError, did_you_mean, listed

#: Reads a probability: a number, or a formula in symbols of its own.
ReadProbability = Callable[[str, object], Size]


class Expected(SizeRecord):
    """What a measure is expected to be.

    Attributes:
        value: the expectation.
        gradient: size → its derivative by the probability of each of its values, in their order:
            what the measure is expected to be at that value.
        probabilities: size → value → its probability.
    """

    value: Formula
    gradient: Mapping[str, tuple[Formula, ...]]
    probabilities: Mapping[str, Mapping[Number, Formula]]


def expected(
    definition: WrittenModel,
    given: Mapping[str, object],
    read: ReadProbability,
    measure: str = "params",
    values: Mapping[str, Value] | None = None,
) -> Expected:
    """Return what a measure is expected to be where sizes are drawn independently of each other.

    It is exact: in each term, what speaks of a size is worked out at each of its values. Sizes
    without probabilities are at their defaults, or stay in the formula.

    Args:
        definition: the model.
        given: size, or indexed size → the probabilities of its values, in their order or by value.
        read: reads one of them.
        measure: what is expected.
        values: sizes that are set.

    Raises:
        SymparamsError: a size without few values, another number of probabilities than of values,
            numbers that do not add up to 1, or a condition on what is drawn.
    """
    network = build(asking(definition, [measure], values or ()), values)
    probabilities: dict[str, dict[Number, Size]] = {}
    for name, many in _each(network, given).items():
        probabilities[name] = _read(network, name, many, read)
    for condition in (*network.conditions, *network.assumed):
        drawn = sorted({s.name for s in condition.symbols()} & probabilities.keys())
        if drawn and condition.judge(network.facts.of_domains) is not True:
            raise SymparamsError(
                f"what is drawn independently cannot keep to '{condition}'",
                None,
                f"give {listed(drawn)} a value, or narrow the domain",
            )
    rest = {n: v for n, v in network.defaults.items() if n not in probabilities}
    size = substitute(network.measure(measure), rest)
    value = _expected(size, probabilities)
    gradient = {}
    for name, own in probabilities.items():
        speaking, _ = _speaking(size, name)
        rest_of_it = value - _expected(speaking, probabilities)
        gradient[name] = tuple(
            rest_of_it + _expected(substitute(speaking, {name: one}), probabilities) for one in own
        )
    return Expected(value, gradient, probabilities)


def _expected(size: Size, probabilities: Mapping[str, Mapping[Number, Size]]) -> Size:
    """Return a size with probabilities in the place of each drawn size."""
    for name, own in probabilities.items():
        speaking, silent = _speaking(size, name)
        if speaking:
            parts = [substitute(speaking, {name: v}) * p for v, p in own.items()]
            size = add_up([silent, *parts])
    return size


def _speaking(size: Size, name: str) -> tuple[Size, Size]:
    """Return the terms in which a size stands, and those in which it does not."""
    inside: dict[Monomial, Number] = {}
    outside: dict[Monomial, Number] = {}
    for monomial, coefficient in terms_of(size).items():
        speaks = any(name == s.name for atom, _ in monomial for s in atom.symbols())
        (inside if speaks else outside)[monomial] = coefficient
    return collect(inside), collect(outside)


def _each(network: Network, given: Mapping[str, object]) -> dict[str, object]:
    """Return what is given for every single size; of an indexed one, for all or for each."""
    found: dict[str, object] = {}
    for name, many in given.items():
        if name in network.symbols:
            found[name] = many
            continue
        own = [one for one in network.symbols if one.partition("[")[0] == name]
        if not own:
            known = list(dict.fromkeys(one.partition("[")[0] for one in network.symbols))
            hint = did_you_mean(name, known, f"there are {listed(known)}" if known else "")
            raise SymparamsError(f"no open size '{name}'", None, hint)
        nested = isinstance(many, Sequence) and many and isinstance(many[0], Sequence | Mapping)
        several: Sequence[Any] = many if nested else [many] * len(own)  # type: ignore[assignment]
        if len(several) != len(own):
            raise SymparamsError(f"'{name}' has {len(own)} sizes, not {len(several)}")
        found.update(zip(own, several, strict=True))
    return found


def _read(network: Network, name: str, many: object, read: ReadProbability) -> dict[Number, Size]:
    """Return the probabilities of a size by its values."""
    values = network.facts.few_values(of_atom(network.is_symbol(name)))
    if values is None:
        raise SymparamsError(f"'{name}' has no few values to draw from", None, "give it a domain")
    if isinstance(many, Mapping):
        by_text = {str(value): value for value in values}
        wrong = [str(one) for one in many if str(one) not in by_text]
        if wrong:
            hint = did_you_mean(wrong[0], by_text, f"it is in {network.facts.domain(name)}")
            raise SymparamsError(f"'{name}' is never {wrong[0]}", None, hint)
        told = {str(one): p for one, p in many.items()}
        own = {value: read(name, told.get(word, 0)) for word, value in by_text.items()}
    else:
        listed_ = list(many) if isinstance(many, Sequence) else []
        if len(listed_) != len(values) or isinstance(many, str):
            raise SymparamsError(
                f"'{name}' has {len(values)} values, and so many probabilities",
                None,
                f"one for each of {', '.join(map(str, values))}",
            )
        own = {value: read(name, p) for value, p in zip(values, listed_, strict=True)}
    numbers = [p for p in own.values() if not symbols_of(p)]
    if any(p < 0 for p in numbers):  # type: ignore[operator]  # they are numbers
        raise SymparamsError(f"a probability of '{name}' is below 0")
    total = add_up(own.values())
    if len(numbers) == len(own) and total != 1:
        raise SymparamsError(f"the probabilities of '{name}' add up to {text(total)}, not to 1")
    return own


__all__ = ["Expected", "expected"]

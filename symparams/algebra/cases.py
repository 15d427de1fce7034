"""Conditions as sizes: 1 where one holds, 0 where it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symparams.algebra.atoms import Number, Symbol
from symparams.algebra.choices import by_value
from symparams.algebra.conditions import Condition
from symparams.algebra.facts import Facts
from symparams.algebra.polynomial import Size


def indicator(condition: Condition, facts: Facts) -> Size | None:
    """Return 1 where a condition holds and 0 where it does not, by indicators of its symbols.

    Exact on finite domains; None where the domains are not finite or not small.
    """
    cases = condition.cases(facts)
    if cases is None:
        return None
    answers = [condition.at(case).judge() for case in cases]
    if None in answers:
        return None
    symbols = sorted(condition.symbols(), key=lambda s: s.name)
    holds = {
        tuple(case[s.name] for s in symbols): int(bool(answer))
        for case, answer in zip(cases, answers, strict=True)
    }
    return _by_values(symbols, holds)


def _by_values(symbols: Sequence[Symbol], holds: Mapping[tuple[Number, ...], int]) -> Size:
    """Return the size that has a value at each point of a grid; points in rising order."""
    if not symbols:
        return holds[()]
    parts: dict[Number, dict[tuple[Number, ...], int]] = {}
    for point, answer in holds.items():
        parts.setdefault(point[0], {})[point[1:]] = answer
    return by_value(symbols[0], {v: _by_values(symbols[1:], part) for v, part in parts.items()})


__all__ = ["indicator"]

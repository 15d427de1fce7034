"""Sizes that exist only under a condition: ``k[j < 4] in {3, 5, 7} when j < d``.

Where its condition does not hold, a size is absent: no formula asks for it, and configurations
that differ in it alone are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Protocol

from symparams.algebra import (
    Condition,
    Domain,
    Facts,
    Number,
    Size,
    collect,
    negated,
    substitute,
    symbols_of,
    terms_of,
)
from symparams.errors import NeedsValue, SymparamsError, listed

#: The most values of sizes that conditions ask of, one by one.
MOST_DECIDING = 1_000_000


class HasConditionalSizes(Protocol):
    """What is known of the sizes of a network; see :class:`~symparams.elaboration.Network`."""

    @property
    def facts(self) -> Facts:
        """Their domains, and what else is known."""

    @property
    def when(self) -> Mapping[str, Condition]:
        """Size → the condition under which it exists."""


def present(network: HasConditionalSizes, size: Size, measure: str) -> Size:
    """Return the formula of a measure under what is known, which asks for no size that is absent.

    Raises:
        SymparamsError: it does.
    """
    found = network.facts.reduce(size)
    if network.when:
        _refuse_absent(found, network.when, network.facts, measure)
    return found


def _refuse_absent(size: Size, when: Mapping[str, Condition], facts: Facts, measure: str) -> None:
    here = {s.name for s in symbols_of(size)}
    for name, condition in when.items():
        if name not in here:
            continue
        speaking = collect(
            {
                m: c
                for m, c in terms_of(size).items()
                if any(s.name == name for atom, _ in m for s in atom.symbols())
            }
        )
        for case in negated(condition).cases(facts) or ():
            if condition.at(case).judge() is False and name in {
                s.name for s in symbols_of(substitute(speaking, case))
            }:
                told = ", ".join(f"{n} = {facts.domain(n).named(v)}" for n, v in case.items())
                raise SymparamsError(
                    f"'{name}' exists only when {condition}, and {measure} asks for it at {told}"
                )


class Configurations:
    """How many configurations some domains have: by their product, and those that differ.

    Args:
        domains: size → its values, all finite.
        when: size → the condition under which it exists; the others always do.
    """

    def __init__(self, domains: Mapping[str, Domain], when: Mapping[str, Condition]) -> None:
        self.domains = domains
        self.when = {n: c for n, c in when.items() if n in domains}

    @property
    def raw(self) -> int:
        """The product of the numbers of values."""
        return prod(len(d.values()) for d in self.domains.values())

    @property
    def distinct(self) -> int:
        """How many differ in a size that is there.

        Raises:
            NeedsValue: too many sizes decide about others together.
        """
        return prod(self._of_group(group) for group in self.groups())

    def groups(self) -> list[list[str]]:
        """Return the sizes in groups: what decides about a size is in its group."""
        groups = [{name} for name in self.domains]
        for name, condition in self.when.items():
            linked = {name, *(s.name for s in condition.symbols())} & self.domains.keys()
            touched = [g for g in groups if g & linked]
            groups = [g for g in groups if not g & linked] + [set().union(*touched)]
        return [[n for n in self.domains if n in group] for group in groups]

    def deciding(self, group: Sequence[str]) -> list[str]:
        """Return the sizes of a group that conditions ask of, those first that no other decides."""
        asked = {s.name for n in group if n in self.when for s in self.when[n].symbols()}
        names = [n for n in group if n in asked]
        return sorted(names, key=lambda n: n in self.when)

    def cases(self, group: Sequence[str]) -> Iterator[tuple[dict[str, Number], set[str]]]:
        """Yield the values of what decides in a group, and the sizes that exist there.

        What is absent itself is at its least value.
        """
        deciding = self.deciding(group)
        values = [self.domains[n].values() for n in deciding]
        if prod(len(v) for v in values) > MOST_DECIDING:
            told = f"too many values of {listed(deciding)} decide which sizes exist"
            raise NeedsValue(told, deciding)
        for point in product(*values):
            case = dict(zip(deciding, point, strict=True))
            there = {n for n in group if self._exists(n, case)}
            if all(n in there or case[n] == self.domains[n].values()[0] for n in deciding):
                yield case, there

    def _exists(self, name: str, case: Mapping[str, Number]) -> bool:
        condition = self.when.get(name)
        if condition is None:
            return True
        others = {s.name for s in condition.symbols()} & self.when.keys()
        return condition.at(case).judge() is True and all(
            self._exists(n, case) for n in others if n != name
        )

    def _of_group(self, group: Sequence[str]) -> int:
        deciding = set(self.deciding(group))
        return sum(
            prod(len(self.domains[n].values()) for n in group if n in there and n not in deciding)
            for _, there in self.cases(group)
        )


__all__ = ["Configurations", "present"]

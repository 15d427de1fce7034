"""Which of several conditions say something that the others, and the domains, do not.

Implied is what is proved: where no rule decides, a condition stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from symparams.algebra.conditions import Condition, facts_from
from symparams.algebra.facts import Domain, Facts
from symparams.algebra.polynomial import Polynomial, collect, terms_of

#: Above this, conditions are not compared with each other: it is quadratic.
MOST_COMPARED = 60


def without_implied(conditions: Iterable[Condition], facts: Facts) -> list[Condition]:
    """Return the conditions that the others, and what is known, do not imply."""
    kept = _strongest(conditions)
    if len(kept) > MOST_COMPARED:
        return kept
    for condition in list(kept):
        others = [c for c in kept if c is not condition]
        # Only by order: that 2 divides h implies h >= 2, but a reader wants to be told.
        known = replace(facts, least=(*facts.least, *facts_from(others, facts.domains).least))
        if condition.op == "nonnegative" and condition.judge(known) is True:
            kept = others
    return kept


def _strongest(conditions: Iterable[Condition]) -> list[Condition]:
    """Return the conditions without those that differ by a number only: ``h >= 4`` beside ``h >=
    8``.
    """
    kept: dict[object, Condition] = {}
    for condition in conditions:
        size = condition.size
        if condition.op == "nonnegative" and isinstance(size, Polynomial):
            moving = collect({m: c for m, c in size.terms.items() if m})
            found = kept.get(moving)
            if found is None or terms_of(found.size).get((), 0) > size.terms.get((), 0):
                kept[moving] = condition
        else:
            kept[condition] = condition
    return list(kept.values())


def irredundant(conditions: Iterable[Condition], domains: Mapping[str, Domain]) -> list[Condition]:
    """Return fewest of the conditions that together say, of sizes in ``domains``, what all say.

    The later ones go first: of two that say the same, the one before stays.
    """
    kept = list(dict.fromkeys(conditions))
    if len(kept) > MOST_COMPARED:
        return kept
    for condition in reversed(list(kept)):
        others = [c for c in kept if c is not condition]
        if _implied(condition, facts_from(others, domains)):
            kept = others
    return kept


def _implied(condition: Condition, facts: Facts) -> bool:
    """Tell whether a condition holds under what is known (False: not shown).

    ``size >= p`` is less than ``size >= 8*p*w``, which a size that 8*p*w divides is.
    """
    if condition.judge(facts) is True:
        return True
    if condition.op not in ("positive", "nonnegative"):
        return False
    test = facts.positive if condition.op == "positive" else facts.nonnegative
    return any(test(condition.size - known) is True for known in (*facts.least, *facts.orders()))

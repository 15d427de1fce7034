"""What is whole: products of terms that are known to be integers.

From ``n/(2*p)`` follow ``n/2``, ``n/p`` and ``n^2/(4*p)``: each is that term
times integers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

#: Exponents by the key of an atom, and a coefficient.
Term: TypeAlias = tuple[Mapping[str, int], Fraction]

#: The most known terms that one term is divided by, and the most ways that are tried.
DEEPEST = 8
MOST_WAYS = 300


def is_product(term: Term, known: Sequence[Term], multiples: Mapping[str, int]) -> bool:
    """Tell whether a term of integer atoms is an integer (False: not shown).

    Args:
        term: a coefficient times powers of integer atoms.
        known: terms that are integers.
        multiples: the number that divides an atom, by its key.
    """
    ways = iter(range(MOST_WAYS))

    def holds(powers: Mapping[str, int], coefficient: Fraction, depth: int) -> bool:
        if all(e >= 0 for e in powers.values()):
            below = coefficient.denominator
            for key, exponent in powers.items():
                if key in multiples:
                    # Of so many factors one is in the denominator, or it would not be a number.
                    below //= math.gcd(below, multiples[key] ** min(exponent, 64))
            if below == 1:
                return True
        if not depth:
            return False
        for part in known:
            for times in _uses(powers, coefficient, part):
                if next(ways, None) is None:
                    return False
                divided = dict(powers)
                for key, exponent in part[0].items():
                    divided[key] = divided.get(key, 0) - times * exponent
                if holds(divided, coefficient / part[1] ** times, depth - 1):
                    return True
        return False

    return holds(term[0], Fraction(term[1]), DEEPEST)


def _uses(powers: Mapping[str, int], coefficient: Fraction, part: Term) -> Iterator[int]:
    """Yield how often a known term may be taken out of another to make it plainer."""
    below = [(powers.get(k, 0), e) for k, e in part[0].items() if e < 0]
    often = max((have // e for have, e in below if have < 0), default=0)
    if often > 1:
        yield often
    if often or math.gcd(coefficient.denominator, part[1].denominator) > 1:
        yield 1


def joined_classes(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int] | None:
    """Return (modulus, residue) of the integers in both residue classes; None where there are none.

    >>> joined_classes((4, 2), (6, 0))
    (12, 6)
    """
    (m, r), (n, s) = one, other
    shared = math.gcd(m, n)
    if (s - r) % shared:
        return None
    steps = (s - r) // shared * pow(m // shared, -1, n // shared) % (n // shared)
    modulus = m // shared * n
    return modulus, (r + m * steps) % modulus

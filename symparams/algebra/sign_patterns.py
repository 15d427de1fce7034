"""Where a size of one symbol is below, at or above 0: exactly, at every value it may have.

One engine for all who ask: which values meet a budget, which part is larger.
It takes the first of these that decides; no real root is ever computed:

* of a polynomial, :mod:`symparams.algebra.polynomial_signs`;
* a size that is never 0 by what is known of its symbol has one sign;
* a size that never falls is bisected (floors, step for step of every residue);
* where a ``min`` or ``max`` is one of its parts from some value on, the values
  before are tried, and the rest is one of these;
* floors are split by residues, each a polynomial;
* of not too many values, each is tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from symparams.algebra.atoms import Number, Symbol
from symparams.algebra.calculus import univariate
from symparams.algebra.facts import Facts
from symparams.algebra.polynomial import Polynomial, Size, of_atom, substitute, terms_of
from symparams.algebra.polynomial_signs import SignRun, monotone_runs, runs, sign_of, turns
from symparams.algebra.residues import MOST_CASES, moduli
from symparams.algebra.size_functions.powers import Exponential
from symparams.algebra.size_functions.rounding import Floor
from symparams.errors import SymparamsError
from symparams.records import Record

#: The most values that are tried one by one, a second or two of work a formula.
MOST_TRIED = 50_000
#: Between two changes of sign of several residues, so many values are given one by one.
MOST_GIVEN = 50_000
#: Above this degree a polynomial is not taken apart: its differences take the square of it.
MOST_DEGREE = 64
#: How far a size without a last value is followed.
LARGEST = 1 << 200
#: How many values are tried until a ``min`` or ``max`` of the rest is one of its parts.
HEADS = tuple(1 << k for k in range(11))


class Stretch(Record):
    """Neighbouring values at which a size has one sign.

    Attributes:
        first, last: the ends, both among the values; ``last`` None: without end.
        sign: -1, 0, 1; None where it keeps changing without end.
    """

    first: Number
    last: Number | None
    sign: int | None


def stretches(
    size: Size, by: Symbol, values: Sequence[Number], endless: bool = False
) -> list[Stretch] | None:
    """Return the signs of a size in one symbol over rising values, in order; see
    :class:`SignPattern`.

    Returns:
        The stretches, or None where there are too many values to look at and
        the formula does not decide (a power ``2^h`` over an endless range).
    """
    if not values:
        return []
    pattern = SignPattern(size, by, values, endless)
    found = pattern.runs()
    if found is None:
        return None
    return [
        Stretch(
            pattern.value_at(run.first),
            None if run.last is None else pattern.value_at(run.last),
            run.sign,
        )
        for run in found[0]
    ]


class SignPattern:
    """The signs of a size in one symbol over rising values, as runs of their places 0, 1, ….

    Attributes:
        size: in ``by`` alone.
        by: the symbol.
        values: a range, or a list of values; positive.
        endless: the range goes on for ever.
        facts: what is known of the symbol.
        unmet: the last place that was looked at in vain for a change of sign.
    """

    def __init__(
        self,
        size: Size,
        by: Symbol,
        values: Sequence[Number],
        endless: bool = False,
        facts: Facts | None = None,
    ) -> None:
        self.size = size
        self.by = by
        self.values = values
        self.endless = endless
        self.facts = facts or Facts()
        self.unmet: int | None = None

    @property
    def last(self) -> int | None:
        """The last place; None: they go on for ever."""
        return None if self.endless else len(self.values) - 1

    def value_at(self, place: int) -> Number:
        """Return the value at a place."""
        return value_at(self.values, place)

    def sign(self, place: int) -> int:
        """Return the sign at a place."""
        found = substitute(self.size, {self.by.name: self.value_at(place)})
        assert not isinstance(found, Polynomial), "only one symbol was left"
        return sign_of(found)

    def runs(self, most_tried: int = MOST_TRIED) -> tuple[list[SignRun], str] | None:
        """Return the runs of like sign, in order, and what proves them; None: not decided."""
        found: tuple[list[SignRun], str] | None = None
        if isinstance(self.values, range):
            found = self._followed() or self._by_residues()
        last = self.last
        if found is None and last is not None and last < most_tried:
            tried = signed_runs(self.sign(k) for k in range(last + 1))
            return tried, f"proved: all {last + 1:,} values were tried"
        return found

    def turns(self) -> list[int] | None:
        """Return places among which the size is least and largest, but for its last; None: not
        known.

        The first place, and those at which the size may begin to rise or to fall.
        """
        if not isinstance(self.values, range):
            return None
        for head in self._heads():
            coefficients = self._coefficients(head, self.size)
            if coefficients is not None:
                found = turns(coefficients, self._behind(head))
                return [*range(head + 1), *(head + t for t in found)]
            if self._rises(head):
                return list(range(head + 1))
        return self._turns_by_residues()

    # --- polynomials, one sign, and what never falls ---

    def _followed(self) -> tuple[list[SignRun], str] | None:
        for head in self._heads():
            coefficients = self._coefficients(head, _freed(self.size, self.by))
            if coefficients is not None:
                degree = len(coefficients) - 1
                told = f"proved by the exact signs of a polynomial of degree {degree}"
                return self._with_head(head, runs(coefficients, self._behind(head)), told)
            if self._rises(head):
                rising = self._rising(head)
                if rising is None:
                    break
                told = f"proved: it never falls as '{self.by}' grows: every exact difference is "
                return self._with_head(head, rising, told + "at least 0")
        if (sign := self._one_sign()) is not None:
            return [SignRun(0, self.last, sign)], "proved: it has this sign at all sizes"
        return None

    def _behind(self, head: int) -> int | None:
        """Return the last place, counted from a place on."""
        return None if self.last is None else self.last - head

    def _heads(self) -> Iterator[int]:
        """Yield how many places are tried one by one, before a ``min`` or ``max`` is settled."""
        yield 0
        last = self.last
        if isinstance(self.size, Polynomial) and any(
            not isinstance(a, Symbol | Floor | Exponential) for a in self.size.atoms()
        ):
            yield from (head for head in HEADS if last is None or head <= last)

    def _with_head(self, head: int, tail: list[SignRun], told: str) -> tuple[list[SignRun], str]:
        """Split into the runs from a place on, and those before it."""
        if not head:
            return tail, told
        before = signed_runs(self.sign(k) for k in range(head))
        moved = [
            SignRun(r.first + head, None if r.last is None else r.last + head, r.sign) for r in tail
        ]
        where = f"from {self.by} = {self.value_at(head):,} on; all before were tried"
        return joined([*before, *moved]), f"{told}, {where}"

    def _one_sign(self) -> int | None:
        """Return the sign at all values of the symbol, by what is known of it."""
        if self.facts.positive(self.size) is True:
            return 1
        return -1 if self.facts.positive(-self.size) is True else None

    def _coefficients(self, head: int, size: Size) -> list[int] | None:
        """Return a size from a place on, as integer coefficients in the place behind it.

        Multiplied by a positive number, so that signs are kept.
        """
        assert isinstance(self.values, range)
        start = self.values.start + head * self.values.step
        found = self._along(size, start, self.values.step)
        return None if found is None else _whole(found)

    def _along(self, size: Size, start: int, step: int) -> list[Number] | None:
        """Return a size at ``start + step*k`` by powers of k = 0, 1, …; None of what is no
        polynomial.
        """
        place = Symbol(self.by.name, low=0)
        try:
            along = substitute(size, {self.by.name: of_atom(place) * step + start})
        except SymparamsError:
            return None  # it stands below a fraction line
        found = univariate(along, place)
        return None if found is None or len(found) > MOST_DEGREE + 1 else found

    def _rises(self, head: int) -> bool:
        """Tell whether one step from a place on never makes it less: for every residue, exactly."""
        assert isinstance(self.values, range)
        start, step = self.values.start + head * self.values.step, self.values.step
        try:  # from here on, where a min or max may be settled
            needed = moduli(substitute(self.size, {self.by.name: of_atom(self.by) + (start - 1)}))
        except SymparamsError:
            return False  # it stands below a fraction line
        period = 0 if needed is None else needed.get(self.by.name, 1)
        if not 0 < period <= MOST_CASES:
            return False
        for residue in range(period):
            here = start + residue * step
            less, more = (self._along(self.size, at, step * period) for at in (here, here + step))
            if less is None or more is None:
                return False
            width = max(len(less), len(more))
            less, more = (c + [0] * (width - len(c)) for c in (less, more))
            rise = _whole([b - a for a, b in zip(less, more, strict=True)])
            if any(run.sign == -1 for run in runs(rise, None)):
                return False
        return True

    def _rising(self, head: int) -> list[SignRun] | None:
        """Return the runs of what never falls from a place on; None: its sign was not seen to
        change.
        """
        last = self._behind(head)

        def sign(place: int) -> int:
            return self.sign(head + place)

        high = 1
        while (last is None or high < last) and sign(high) <= 0:
            high *= 2
            if high > LARGEST:
                self.unmet = head + high // 2
                return None
        return monotone_runs(sign, high if last is None else min(high, last), last)

    # --- residues ---

    def _by_residues(self) -> tuple[list[SignRun], str] | None:
        """Split by the residues that resolve the floors, each a polynomial; then put together."""
        cases = self._residues(_freed(self.size, self.by))
        if cases is None:
            return None
        changes: dict[int, dict[int, int]] = {}  # place → residue → sign from there
        for residue, (coefficients, last) in enumerate(cases):
            for run in runs(coefficients, last):
                assert run.sign is not None
                changes.setdefault(run.first * len(cases) + residue, {})[residue] = run.sign
        told = f"proved by the exact signs of {len(cases):,} polynomials, one a residue"
        return self._merged(changes, len(cases)), told

    def _turns_by_residues(self) -> list[int] | None:
        """Return the turns as :meth:`turns` does, each residue by itself; with the last place
        of each.
        """
        cases = self._residues(self.size)
        if cases is None:
            return None
        places: set[int] = set()
        for residue, (coefficients, last) in enumerate(cases):
            own = [0, *turns(coefficients, last), *([] if last is None else [last])]
            places |= {place * len(cases) + residue for place in own}
        return sorted(places)

    def _residues(self, size: Size) -> list[tuple[list[int], int | None]] | None:
        """Return each residue that has values: a size there by coefficients, and the last of its
        places.

        None where the size has more than floors, or too many residues.
        """
        assert isinstance(self.values, range)
        needed = moduli(size)
        if needed is None:
            return None
        modulus = needed.get(self.by.name, 1)
        period = modulus // math.gcd(modulus, self.values.step)
        if period > MOST_CASES:
            return None
        cases = []
        for residue in range(period if self.endless else min(period, len(self.values))):
            last = None if self.endless else len(range(residue, len(self.values), period)) - 1
            start = self.values.start + residue * self.values.step
            along = self._along(size, start, period * self.values.step)
            if along is None:
                return None
            cases.append((_whole(along), last))
        return cases

    def _merged(self, changes: dict[int, dict[int, int]], period: int) -> list[SignRun]:
        """Return the signs of all residues as one: between two changes every residue keeps its
        own.
        """
        signs: dict[int, int] = {}
        parts: list[SignRun] = []
        for place, after in pairwise([*sorted(changes), None]):
            assert place is not None
            signs.update(changes[place])
            last = self.last if after is None else after - 1
            if len(set(signs.values())) == 1:
                parts.append(SignRun(place, last, next(iter(signs.values()))))
            elif last is not None and last - place < MOST_GIVEN:
                parts += (SignRun(k, k, signs[k % period]) for k in range(place, last + 1))
            else:
                parts.append(SignRun(place, last, None))
        return joined(parts)


def value_at(values: Sequence[Number], place: int) -> Number:
    """Return the value at a place of rising values; of a range, also behind its end."""
    if isinstance(values, range):
        return values.start + place * values.step
    return values[place]


def signed_runs(signs: Iterable[int]) -> list[SignRun]:
    """Return the runs of signs given place by place."""
    return joined(SignRun(k, k, sign) for k, sign in enumerate(signs))


def joined(parts: Iterable[SignRun]) -> list[SignRun]:
    """Return neighbours of one sign made one."""
    found: list[SignRun] = []
    for part in parts:
        if found and found[-1].sign == part.sign:
            found[-1] = SignRun(found[-1].first, part.last, part.sign)
        else:
            found.append(part)
    return found


def _freed(size: Size, by: Symbol) -> Size:
    """Return the size times the power of ``by`` that lifts it above every fraction line."""
    lowest = min((e for m in terms_of(size) for a, e in m if a is by), default=0)
    return size * of_atom(by, -lowest) if lowest < 0 else size


def _whole(coefficients: Sequence[Number]) -> list[int]:
    """Return coefficients times the least positive number that makes all of them integers."""
    below = math.lcm(*(c.denominator for c in coefficients))
    return [int(c * below) for c in coefficients]


__all__ = ["SignPattern", "Stretch", "joined", "signed_runs", "stretches", "value_at"]

"""Whether a size keeps to a bound over a whole domain: proved, refuted with a point, or undecided.

Nothing is sampled on the way to a proof. One symbol is decided by its exact signs
(:mod:`symparams.algebra.sign_patterns`); of several, the domain is taken apart into boxes,
in each of which exact bounds of the terms decide, or a corner refutes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product as every

from symparams.algebra.atoms import Number, Symbol
from symparams.algebra.facts import Domain, Facts
from symparams.algebra.intervals import Bounds
from symparams.algebra.polynomial import Polynomial, Size, substitute, symbols_of
from symparams.algebra.proof import (
    FIRST_POINTS,
    MOST_COMPLETIONS,
    MOST_POINTS,
    Point,
    Verdict,
    points,
)
from symparams.algebra.ratio_errors import error_of_ratios
from symparams.algebra.sign_patterns import SignPattern, value_at
from symparams.errors import SymparamsError
from symparams.records import Record

#: The most boxes that a domain is taken apart into.
MOST_BOXES = 600
#: How far out, as a multiple of the least value, an endless domain is looked at first.
FAR = (1, 1 << 6, 1 << 12, 1 << 24)
#: The most corners of these that are looked at.
MOST_FAR = 1_024
#: Above this a relative error is not told.
MOST_ERROR = 16


def within(
    exact: Size,
    told: Size,
    share: Number,
    facts: Facts,
    allowed: Callable[[Point], bool] = lambda point: True,
    beside: Iterable[str] = (),
) -> Verdict:
    """Decide ``|exact - told| <= share * |exact|`` over all sizes that are admitted.

    The error is relative to ``exact``. Where that is at least 0, as a count is, the claim is
    two inequalities of polynomials: ``told <= (1 + share)*exact`` and
    ``told >= (1 - share)*exact``.

    Args:
        exact: what the error is relative to.
        told: the size that should be near to it.
        share: the largest relative error, as 1/20 of 5 %.
        facts: the domain.
        allowed: whether a point is admitted beyond the facts.
        beside: sizes that stand in neither, and that ``allowed`` asks for.
    """
    exact, told = facts.reduce(exact), facts.reduce(told)
    signed = next((s for s in (1, -1) if facts.nonnegative(exact * s) is True), None)
    more = (exact * (1 + share) - told) * (signed or 1)
    less = (told - exact * (1 - share)) * (signed or 1)
    facts = narrowed(facts, symbols_of(exact) | symbols_of(told))
    proof = _DomainProof(facts, allowed, beside, _names(exact, told))
    reasons = []
    for bound in (more, less) if signed else (more * less,):
        found = proof.at_least_zero(bound)
        if found.equal is not True:
            return found.but(
                difference=exact - told,
                left=_at(exact, found.point) if found.point or found.equal is False else None,
                right=_at(told, found.point) if found.point or found.equal is False else None,
            )
        reasons.append(found.reason)
    return Verdict(True, exact - told, reason="; ".join(dict.fromkeys(reasons)))


def always(
    size: Size,
    facts: Facts,
    allowed: Callable[[Point], bool] = lambda point: True,
    beside: Iterable[str] = (),
    above: bool = False,
) -> Verdict:
    """Decide ``size >= 0``, or with ``above`` ``size > 0``, over all sizes that are admitted.

    ``difference`` of the verdict is the size, ``left`` its value at the point that refutes.
    """
    size = facts.reduce(size)
    facts = narrowed(facts, symbols_of(size))
    return _DomainProof(facts, allowed, beside, _names(size)).at_least_zero(size, above)


def narrowed(facts: Facts, symbols: Iterable[Symbol]) -> Facts:
    """Return the facts with domains that begin and end where other facts leave values.

    Of ``h >= 2048`` a search for points then begins at 2048.
    """
    domains = dict(facts.domains)
    for of in symbols:
        domain, least, most = facts.domain(of.name), facts.least_of(of), facts.most_of(of)
        if domain.choices:
            kept = [c for c in domain.choices if least is None or c >= least]
            kept = [c for c in kept if most is None or c <= most]
            domains[of.name] = Domain(choices=tuple(kept) or domain.choices)
        elif domain.integer and least is not None:
            low = domain.low + max(0, -((domain.low - least) // domain.step)) * domain.step
            if isinstance(low, int) and (most is None or low <= most):
                domains[of.name] = Domain(low, most, domain.step)
    return replace(facts, domains=domains)


def relative_error(
    exact: Size,
    told: Size,
    facts: Facts,
    allowed: Callable[[Point], bool] = lambda point: True,
    beside: Iterable[str] = (),
    places: int = 3,
) -> Fraction | None:
    """Return a bound of the relative error of ``told`` over a domain, proved; None: none was found.

    A multiple of 10^-places: of sums of products the one that their ratios prove, of all else
    the least that :func:`within` proves, found by bisection.
    """
    unit = 10**places
    beside = tuple(beside)
    exact, told = facts.reduce(exact), facts.reduce(told)
    of_ratios = error_of_ratios(exact, told, facts, unit)
    if of_ratios is not None:
        return of_ratios

    def proved(steps: int) -> bool:
        share = Fraction(steps, unit)
        return within(exact, told, share, facts, allowed, beside).equal is True

    high = 1
    while not proved(high):
        high *= 2
        if high > MOST_ERROR * unit:
            return None
    low = high // 2
    if not low and proved(0):
        return Fraction(0)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if proved(middle) else (middle, high)
    return Fraction(high, unit)


def _names(*sizes: Size) -> list[str]:
    return sorted({s.name for size in sizes for s in symbols_of(size)})


def _at(size: Size, point: Point) -> Number | None:
    found = substitute(size, point)
    return None if isinstance(found, Polynomial) else found


class _Box(Record):
    """Values of each symbol, from one place among them to another; None: without an end."""

    ends: Mapping[str, tuple[int, int | None]]


class _DomainProof:
    """The domain of a claim, asked whether sizes are at least 0 in it."""

    def __init__(
        self,
        facts: Facts,
        allowed: Callable[[Point], bool],
        beside: Iterable[str],
        shown: Sequence[str],
    ) -> None:
        self.facts = facts
        self.allowed = allowed
        self.shown = shown
        self.rest = sorted({*shown, *beside})
        #: Symbol → its values in rising order, and whether they have no end.
        self.values: dict[str, tuple[Sequence[Number], bool]] = {}
        self.above = False

    def at_least_zero(self, size: Size, above: bool = False) -> Verdict:
        """Decide ``size >= 0``, or ``> 0``."""
        self.above, self.values = above, {}
        if self._holds(size, self.facts):
            return Verdict(True, size, reason="proved by exact bounds of its terms")
        symbols = {s.name: s for s in symbols_of(size)}
        if not symbols:
            return self._refuted_by(size, [{}]) or _open(size, "no allowed point was found")
        found = self._refuted_by(size, self._near(symbols))
        if found is not None:
            return found
        try:
            self.values = {name: self._values(s) for name, s in symbols.items()}
        except _Unlisted:
            return _open(size, f"'{', '.join(symbols)}' is not taken apart")
        if not all(values for values, _ in self.values.values()):
            return _open(size, "no allowed point was found")
        if len(symbols) == 1:
            found = self._by_signs(size, *symbols.values())
            if found is not None:
                return found
        return self._refuted_by(size, self._far()) or self._by_boxes(size)

    def _holds(self, size: Size, facts: Facts) -> bool:
        judge = facts.positive if self.above else facts.nonnegative
        return judge(size) is True

    def _fails(self, size: Size, point: Point) -> bool:
        try:
            value = substitute(size, point)
        except SymparamsError:
            return False  # a point that a division or an exponent does not take
        return not isinstance(value, Polynomial) and (value <= 0 if self.above else value < 0)

    # --- points that refute ---

    def _refuted_by(self, size: Size, tried: Iterable[Point]) -> Verdict | None:
        for point in tried:
            if self._fails(size, point) and self._completed(point) is not None:
                whole = self._completed(self._lessened(size, point))
                assert whole is not None
                seen = {n: v for n, v in whole.items() if n in self.shown}
                return Verdict(False, size, seen, _at(size, whole), None)
        return None

    def _lessened(self, size: Size, point: Point) -> Point:
        """Return a point that refutes nearer to the least values, found by bisection."""
        for name, value in point.items():
            values, _ = self.values.get(name, ((), False))
            if not isinstance(values, range) or not values or value <= values.start:
                continue
            low, high = -1, int(value - values.start) // values.step
            while high - low > 1:
                middle = (low + high) // 2
                nearer = {**point, name: value_at(values, middle)}
                if self._fails(size, nearer) and self._completed(nearer) is not None:
                    high = middle
                else:
                    low = middle
            point = {**point, name: value_at(values, high)}
        return point

    def _admitted(self, point: Point) -> bool:
        try:
            return self.facts.admits(point) and self.allowed(point)
        except SymparamsError:
            return False

    def _completed(self, point: Point) -> Point | None:
        """Return an admitted point with these values, and the least ones of the other sizes."""
        if not self._admitted(point):
            return None
        rest = [n for n in self.rest if n not in point]
        others = points(
            rest, self.facts, lambda p: self._admitted({**point, **p}), MOST_COMPLETIONS
        )
        more = next(others, None)
        return None if more is None else {**point, **more}

    def _near(self, symbols: Mapping[str, Symbol]) -> Iterator[Point]:
        """Yield the smallest points."""
        names = sorted(symbols)
        near = points(names, self.facts, self._admitted, partly=self._admitted)
        return islice(near, FIRST_POINTS)

    def _far(self) -> Iterator[Point]:
        """Yield corners of the domain, of an endless one far out."""
        each = []
        for values, endless in self.values.values():
            last = None if endless else len(values) - 1
            places = [_place_of(values, factor, last) for factor in FAR]
            each.append([value_at(values, p) for p in dict.fromkeys((*places, last or 0))])
        for corner in islice(every(*each), MOST_FAR):
            yield dict(zip(self.values, corner, strict=True))

    # --- the domain ---

    def _values(self, of: Symbol) -> tuple[Sequence[Number], bool]:
        """Return the values of a symbol in rising order, and whether they have no end.

        Raises:
            _Unlisted: they are no list.
        """
        domain = self.facts.domain(of.name)
        if not domain.integer and not domain.choices:
            raise _Unlisted
        return domain.values(self.facts.multiples.get(of.name, 1)), not domain.finite

    def _inside(self, box: _Box) -> Facts:
        """Return the facts with the values of a box alone."""
        domains = dict(self.facts.domains)
        for name, (first, last) in box.ends.items():
            values, _ = self.values[name]
            low = value_at(values, first)
            high = None if last is None else value_at(values, last)
            if isinstance(values, range):
                step = 1 if low == high else values.step
                domains[name] = Domain(low=low, high=high, step=step)
            else:
                assert last is not None
                domains[name] = Domain(choices=tuple(values[first : last + 1]))
        return replace(self.facts, domains=domains)

    # --- proofs ---

    def _by_signs(self, size: Size, of: Symbol) -> Verdict | None:
        """Decide a size of one symbol by its exact signs; None: they are not known."""
        values, endless = self.values[of.name]
        pattern = SignPattern(size, of, values, endless, self.facts)
        found = pattern.runs()
        if found is None:
            return None
        runs, told = found
        bad = [r for r in runs if r.sign is None or r.sign < (1 if self.above else 0)]
        if not bad:
            return Verdict(True, size, reason=told)
        tried = 0
        for run in bad:
            last = MOST_POINTS + run.first if run.last is None else run.last
            places = range(run.first, min(last, run.first + MOST_POINTS) + 1)
            tried += len(places)
            refuted = self._refuted_by(size, ({of.name: value_at(values, p)} for p in places))
            if refuted is not None:
                return refuted
            if run.last is None or len(places) < run.last + 1 - run.first:
                return _open(size, "no allowed point was found among those where it fails")
        return Verdict(True, size, reason=f"{told}; it fails at none of {tried:,} allowed points")

    def _by_boxes(self, size: Size) -> Verdict:
        """Decide a size of several symbols: box by box, each bounded exactly, or split."""
        whole = {
            name: (0, None if endless else len(values) - 1)
            for name, (values, endless) in self.values.items()
        }
        boxes = deque([(_Box(whole), 0)])
        seen = 0
        while boxes:
            if seen == MOST_BOXES:
                return _open(size, f"neither proved nor refuted in {seen:,} parts of the domain")
            box, depth = boxes.popleft()
            seen += 1
            if self._bounded(size, box):
                continue
            refuted = self._refuted_by(size, self._corners(box))
            if refuted is not None:
                return refuted
            name = self._widest(box, depth)
            if name is None:
                continue  # one point, which is not admitted: else it would have refuted
            boxes += ((part, depth + 1) for part in self._split(box, name))
        parts = "" if seen == 1 else f" in {seen:,} parts of the domain"
        return Verdict(True, size, reason=f"proved by exact bounds of its terms{parts}")

    def _bounded(self, size: Size, box: _Box) -> bool:
        inside = self._inside(box)
        if self._holds(size, inside):
            return True
        if any(last is None for _, last in box.ends.values()):
            return False
        ends = {
            name: (value_at(self.values[name][0], first), value_at(self.values[name][0], last))
            for name, (first, last) in box.ends.items()
            if last is not None
        }
        low, _ = Bounds(size, ends).over(ends)
        return low > 0 if self.above else low >= 0

    def _corners(self, box: _Box) -> Iterator[Point]:
        each = [
            [value_at(self.values[name][0], p) for p in dict.fromkeys((first, last or first))]
            for name, (first, last) in box.ends.items()
        ]
        for corner in islice(every(*each), MOST_FAR):
            yield dict(zip(box.ends, corner, strict=True))

    def _widest(self, box: _Box, depth: int) -> str | None:
        """Return the symbol whose values reach furthest: in turn, where several have no end."""
        open_ = [n for n, (_, last) in box.ends.items() if last is None]
        if open_ and not (depth % 4 == 3 and len(open_) < len(box.ends)):
            return open_[depth % len(open_)]
        several = {
            name: (first, last)
            for name, (first, last) in box.ends.items()
            if last is not None and last > first
        }
        if not several:
            return open_[0] if open_ else None

        def reach(name: str) -> Fraction:
            values = self.values[name][0]
            low, high = (value_at(values, place) for place in several[name])
            return Fraction(high) / max(Fraction(low), Fraction(1, 1000))

        return max(several, key=reach)

    def _split(self, box: _Box, name: str) -> Iterator[_Box]:
        """Yield two halves of a box; as values grow by factors, so are they halved."""
        values = self.values[name][0]
        first, last = box.ends[name]
        if last is None:
            cut = max(first, _place_of(values, 2, None, first) - 1)
        else:
            low, high = value_at(values, first), value_at(values, last)
            factor = 2 if 0 < 4 * low < high else 1
            half = (first + last) // 2
            cut = half if factor == 1 else min(half, _place_of(values, 2, last, first))
        yield _Box({**box.ends, name: (first, cut)})
        yield _Box({**box.ends, name: (cut + 1, last)})


class _Unlisted(Exception):
    """A size whose values cannot be listed: a rational one without a set of them."""


def _place_of(values: Sequence[Number], factor: int, last: int | None, start: int = 0) -> int:
    """Return the first place, at the most ``last``, of ``factor`` times the value at ``start``."""
    wanted = factor * max(value_at(values, start), 1)
    if isinstance(values, range):
        place = max(start, -((values.start - wanted) // values.step))
    else:
        place = next((k for k, v in enumerate(values) if v >= wanted), len(values) - 1)
    return int(place) if last is None else min(int(place), last)


def _open(size: Size, reason: str) -> Verdict:
    return Verdict(None, size, reason=reason)

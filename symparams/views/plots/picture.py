"""What a figure shows, before anybody draws it: axes with their ticks, and marks in exact numbers.

A figure makes a :class:`Picture` beside its table; the drawing and the pgfplots source are made
of that alone, so that all of them show the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import floor, log2, log10
from typing import TypeAlias

from symparams.algebra import Number
from symparams.errors import SymparamsError
from symparams.records import Record
from symparams.views.cells import Phrase
from symparams.views.sheet import Sheet

#: The colours of Okabe and Ito (2008), which the colour-blind tell apart; grey is for the rest.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
GREY = "#999999"
#: Letters behind a number, and what each stands for, as the language has them.
UNITS = (("T", 10**12), ("B", 10**9), ("M", 10**6), ("K", 10**3), ("", 1))
#: The largest number that is drawn: beyond it a drawing has no coordinates.
LARGEST = 10**300
#: The most bars of a figure; the table has all of them.
MOST_BARS = 20
#: The part of an axis that stays free beside bars, for what is written there.
ROOM = Fraction(1, 4)
#: The most ticks of an axis of one column.
MOST_TICKS = 6


class PictureAxis(Record):
    """An axis from ``low`` to ``high``; ``ticks`` are places and what is written there."""

    label: Phrase
    low: Number
    high: Number
    logarithmic: bool
    ticks: tuple[tuple[Number, str], ...]

    def fraction(self, value: Number) -> float:
        """Return how far along the axis a value is, from 0 to 1."""
        if self.logarithmic:
            low, high = log10(self.low), log10(self.high)
            return (log10(value) - low) / (high - low)
        return float(Fraction(value - self.low) / Fraction(self.high - self.low))


class Area(Record):
    """A band of a stack: its name, its colour, and how high it is at every place."""

    name: str
    color: str
    heights: tuple[Number, ...]


class Stack(Record):
    """Bands on top of each other, the first at the bottom, each named at the right."""

    places: tuple[Number, ...]
    areas: tuple[Area, ...]


class Curve(Record):
    """Points that belong together; ``label`` stands beside the line between them.

    ``steps`` joins them as a staircase that goes up or down before or after each step aside:
    ``pre`` or ``post``.
    """

    points: tuple[tuple[Number, Number], ...]
    color: str
    label: str = ""
    line: bool = True
    dots: bool = False
    steps: str = ""


class Star(Record):
    """A point of interest, as a star or a dot; the lines of its label stand beside it."""

    point: tuple[Number, Number]
    color: str
    label: tuple[Phrase, ...]
    dot: bool = False


class Bar(Record):
    """A horizontal bar from the base to one side or both.

    ``pieces`` are where it ends and the colour up to there; ``low`` and ``high`` what is
    written at its left and right end.
    """

    name: Phrase
    pieces: tuple[tuple[Number, str], ...]
    low: str
    high: str


class Bars(Record):
    """Bars below each other, the first on top, from a line at ``base``."""

    base: Number
    bars: tuple[Bar, ...]

    def ends(self, bar: Bar) -> tuple[Number, Number]:
        """Return how far a bar goes to the left and to the right."""
        reached = [self.base, *(end for end, _ in bar.pieces)]
        return min(reached), max(reached)


Mark: TypeAlias = Stack | Curve | Star | Bars


class Picture(Record):
    """Axes and marks; bars have names in the place of a vertical axis."""

    title: str
    x: PictureAxis
    y: PictureAxis | None
    marks: tuple[Mark, ...]


class Plotted(Record):
    """A figure: the table that it is drawn from, and the picture."""

    sheet: Sheet
    picture: Picture


# --- axes -------------------------------------------------------------------


def axis_of(
    label: Phrase,
    values: Iterable[Number],
    logarithmic: bool = False,
    from_zero: bool = False,
    of_sizes: bool = False,
    margin: Fraction = Fraction(0),
    room: bool = False,
) -> PictureAxis:
    """Return an axis that has room for some values.

    Args:
        label: what stands beside it.
        values: what must fit.
        logarithmic: a logarithmic axis has positive values only.
        from_zero: whether it begins at 0.
        of_sizes: whether its ticks are sizes, written out, and powers of two on a
            logarithmic axis.
        margin: how much of its length is left free at both ends, but at 0.
        room: whether words stand beside the values, for which more is left free.

    Raises:
        SymparamsError: a value that no drawing has a place for.
    """
    found = list(values)
    low, high = min(found), max(found)
    if not -LARGEST <= low <= high <= LARGEST:
        raise SymparamsError("numbers above 10^300 cannot be drawn", None, "take a smaller range")
    if logarithmic and low <= 0:
        raise SymparamsError(f"a logarithmic axis has no place for {low}", None, "take --linear")
    if from_zero:
        low, high = (low if low < 0 else 0), (high if high > 0 else 0)
    if low == high:
        low, high = (Fraction(low) / 2, high * 2) if low > 0 else (low - 1, high + 1)
    if logarithmic:
        share = Fraction(high) / low
        wider = Fraction(10 ** (float(margin) * log10(share))).limit_denominator(1000)
        low, high = Fraction(low) / wider, high * wider
        ticks = _log_ticks(low, high, of_sizes)
    else:
        gap = (high - low) * (ROOM if room else margin)
        low = low if from_zero and low == 0 else low - gap
        high = high if from_zero and high == 0 else high + gap
        ticks = _ticks(low, high)
    written = [f"{t:,}" for t in ticks] if of_sizes and all(_whole(ticks)) else _labels(ticks)
    return PictureAxis(label, low, high, logarithmic, tuple(zip(ticks, written, strict=True)))


def _whole(ticks: Iterable[Number]) -> Iterator[bool]:
    return (Fraction(t).denominator == 1 for t in ticks)


def _ticks(low: Number, high: Number) -> list[Number]:
    """Return round numbers between two others, about five."""
    span = Fraction(high) - Fraction(low)
    step = Fraction(10) ** floor(log10(span / MOST_TICKS))
    step *= next(k for k in (1, 2, 5, 10) if span / (step * k) < MOST_TICKS)
    first, last = -(-Fraction(low) // step), Fraction(high) // step
    return [_plain(step * k) for k in range(int(first), int(last) + 1)]


def _log_ticks(low: Number, high: Number, of_sizes: bool) -> list[Number]:
    """Return powers of two, or of ten with their doubles and halves where those are few."""
    if of_sizes and low >= 1:
        first, last = -int(-log2(low) // 1), int(log2(high))
        every = -(-(last - first + 1) // MOST_TICKS)
        powers: list[Number] = [2**k for k in range(first, last + 1, max(1, every))]
        if len(powers) > 1:
            return [p for p in powers if low <= p <= high]
    first, last = floor(log10(low)), floor(log10(high)) + 1
    for factors in ((1, 2, 5), (1, 3), (1,)):
        found = [
            _plain(Fraction(10) ** k * f)
            for k in range(first, last + 1)
            for f in factors
            if low <= Fraction(10) ** k * f <= high
        ]
        if len(found) <= MOST_TICKS:
            return found if len(found) > 1 else _ticks(low, high)
    every = -(-len(found) // MOST_TICKS)
    return found[::every]


def _plain(number: Number) -> Number:
    return number.numerator if number.denominator == 1 else number


def _labels(ticks: Sequence[Number]) -> list[str]:
    """Write numbers with one letter behind them: ``0, 500M, 1B``."""
    return [short_number(t) for t in ticks]


def short_number(number: Number, digits: int = 3) -> str:
    """Write a number for a figure: its first digits, and a letter for how large it is.

    >>> short_number(124_439_808), short_number(1_500_000_000), short_number(64)
    ('124M', '1.5B', '64')
    >>> short_number(-999_999), short_number(10**18), short_number(Fraction(1, 3))
    ('−1M', '1e18', '0.333')
    """
    size = abs(Fraction(number))
    sign = "−" if number < 0 else ""
    if size == 0:
        return "0"
    size = _rounded(size, digits)
    if size >= 10**15 or size < Fraction(1, 1000):
        exponent = floor(log10(size))
        return f"{sign}{_decimal(size / Fraction(10) ** exponent)}e{exponent}"
    letter, unit = next(((u, n) for u, n in UNITS if size >= n), UNITS[-1])
    return f"{sign}{_decimal(size / unit)}{letter}"


def _rounded(size: Fraction, digits: int) -> Fraction:
    """Return a positive number with so many digits of its own."""
    scale = Fraction(10) ** (digits - 1 - floor(log10(size)))
    return round(size * scale) / scale


def _decimal(size: Fraction) -> str:
    """Write a fraction of few digits out: ``1.25``."""
    places = 0
    while (size * 10**places).denominator != 1:
        places += 1
    whole, rest = divmod(int(size * 10**places), 10**places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)


# --- labels -----------------------------------------------------------------


def set_apart(wanted: Sequence[float], gap: float) -> list[float]:
    """Return heights of labels near those that are wanted, none nearer to the next than a gap.

    They keep their order, and stay between 0 and 1 as far as there is room.

    >>> [round(y, 2) for y in set_apart([0.5, 0.51, 0.9], 0.1)]
    [0.45, 0.56, 0.9]
    """
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    groups: list[list[int]] = []
    middles: list[float] = []
    for k in order:
        groups.append([k])
        middles.append(wanted[k])
        while len(groups) > 1 and _top(groups[-2], middles[-2], gap) + gap > _bottom(
            groups[-1], middles[-1], gap
        ):
            joined = groups[-2] + groups[-1]
            middles[-2:] = [sum(wanted[j] for j in joined) / len(joined)]
            groups[-2:] = [joined]
            half = (len(joined) - 1) * gap / 2
            middles[-1] = max(min(middles[-1], 1 - half), half)
    placed = [0.0] * len(wanted)
    for group, middle in zip(groups, middles, strict=True):
        for place, k in enumerate(group):
            placed[k] = middle + (place - (len(group) - 1) / 2) * gap
    return placed


def _top(group: list[int], middle: float, gap: float) -> float:
    return middle + (len(group) - 1) / 2 * gap


def _bottom(group: list[int], middle: float, gap: float) -> float:
    return middle - (len(group) - 1) / 2 * gap

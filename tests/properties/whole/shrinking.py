"""A disagreeing source made as small as it stays disagreeing in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from tests.properties.whole.judging import Disagreement, Point
from tests.properties.whole.sizes import (
    Arith,
    Between,
    Comparing,
    Either,
    Element,
    Fn,
    Gathered,
    Items,
    Logic,
    Mapped,
    Negated,
    Num,
    Var,
)
from tests.properties.whole.tree import (
    Beside,
    BesideEach,
    ChoiceOf,
    DrawnSize,
    Each,
    Experts,
    Half,
    Kind,
    Links,
    RepeatOf,
    Scaling,
    SharedUse,
    Sharing,
    Twins,
    UseOf,
    Whole,
    Wrapping,
    parts_of,
    source_text,
)

SIZES = (Num, Var, Arith, Fn, Gathered, Either, Element)
TESTS = (Comparing, Logic, Negated)
NETS = (
    Kind, Links, RepeatOf, Each, Beside, BesideEach, ChoiceOf, UseOf, SharedUse, Wrapping, Experts, Half,
    Scaling, Sharing, Twins,
)  # fmt: skip
#: What a tuple may lose an item of, and how many it must keep.
DROPPED = {
    "parts": 0, "nets": 1, "shared": 0, "blocks": 0, "symbols": 0, "where": 0, "input": 1,
    "options": 0, "args": 0, "parameters": 0, "items": 1, "choices": 1,
}  # fmt: skip
#: How many smaller sources are tried.
MOST_TRIED = 1_500


def children(part: Any, types: tuple[type, ...]) -> Iterator[Any]:
    """The nearest parts below of some types."""
    values = [getattr(part, f.name) for f in fields(part)]
    while values:
        value = values.pop(0)
        if isinstance(value, tuple):
            values = [*value, *values]
        elif isinstance(value, types):
            yield value


def simpler(part: Any) -> Iterator[Any]:
    """What may stand in the place of a part."""
    if isinstance(part, NETS):
        yield from children(part, NETS)
        if part != Links(()):
            yield Links(())
        if isinstance(part, Kind) and part.name not in ("linear", "relu"):
            yield replace(part, options=())
            if part.name in ("dense", "conv", "lstm", "gru", "rnn"):
                yield Kind("linear", part.args[:1])
    elif isinstance(part, SIZES):
        if part in (Num(1), Num(0)):
            return
        yield Num(1)
        if isinstance(part, Num) and part.value > 2:
            yield Num(2)
            yield Num(part.value - 1)
        if not isinstance(part, Num | Element | Gathered):
            yield from children(part, SIZES)
    elif isinstance(part, TESTS):
        yield from children(part, TESTS)
    elif isinstance(part, DrawnSize):
        if part.choices or part.steps:
            yield replace(part, choices=(), steps=None)
        if part.default is not None and not isinstance(part.default, Items):
            yield replace(part, default=None)
    elif isinstance(part, Between | Mapped):
        yield Items((Num(1),))


def variants(part: Any) -> Iterator[Any]:
    """A part with one thing in it made simpler, the largest first."""
    yield from simpler(part)
    if not is_dataclass(part):
        return
    for field in fields(part):
        value = getattr(part, field.name)
        for other in _variants_of(field.name, value):
            yield replace(part, **{field.name: other})  # type: ignore[type-var]


def _variants_of(name: str, value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        least = DROPPED.get(name)
        if least is not None and len(value) > least:
            for k in range(len(value)):
                yield value[:k] + value[k + 1 :]
        for k, item in enumerate(value):
            for other in _variants_of("", item):
                yield (*value[:k], other, *value[k + 1 :])
    elif is_dataclass(value):
        yield from variants(value)


def points_of(source: Whole, point: Point) -> Iterator[Point]:
    """A point with one size smaller, without sizes that the source lacks."""
    names = {s.name for s in source.symbols}
    for name, value in point.items():
        if isinstance(value, int) and value > 1:
            yield {**point, name: 1}
            yield {**point, name: value - 1}
    if not point.keys() <= names:
        yield {n: v for n, v in point.items() if n in names}


def shrunk(
    source: Whole, found: Disagreement, judge: Callable[[Whole, Point], list[Disagreement]]
) -> tuple[Whole, Disagreement]:
    """The smallest source and point that disagree as ``found`` does."""
    tried = 0
    point: Point = found.point
    best = found
    smaller = True
    while smaller and tried < MOST_TRIED:
        smaller = False
        candidates = [(s, point) for s in variants(source)]
        candidates += [(source, p) for p in points_of(source, point)]
        seen = {source_text(source) + str(point)}
        for other, there in candidates:
            key = _key(other, there)
            if key is None or key in seen or tried >= MOST_TRIED:
                continue
            seen.add(key)
            tried += 1
            again = _like(found, other, there, judge)
            if again is not None and _weight(other, there) < _weight(source, point):
                source, point, best, smaller = other, there, again, True
                break
    return source, best


def _weight(source: Whole, point: Point) -> tuple[int, int, Any]:
    parts = sum(1 for _ in parts_of(source))
    numbers = sum(abs(p.value) for p in parts_of(source) if isinstance(p, Num))
    return parts, len(source_text(source)), numbers + sum(map(abs, point.values()))


def _key(source: Whole, point: Point) -> str | None:
    try:
        return source_text(source) + str(sorted(point.items()))
    except (KeyError, IndexError, TypeError, AttributeError):
        return None


def _like(
    found: Disagreement,
    source: Whole,
    point: Point,
    judge: Callable[[Whole, Point], list[Disagreement]],
) -> Disagreement | None:
    names = {s.name for s in source.symbols}
    try:
        there = {n: v for n, v in point.items() if n in names}
        again = judge(source, there)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None  # it makes no sense: a name that nothing binds
    return next((d for d in again if d.stem == found.stem), None)

"""Whole sources from a seed: the tree of one, with a few symbols.

Nets are drawn with the rank that they take and give, so that a source makes
sense; whether its sizes fit is for the values to say. What no tried point
admits is drawn again, but for a share that is kept to be refused.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from tests.properties.whole.drawing_nets import NetDrawing
from tests.properties.whole.drawing_sizes import View
from tests.properties.whole.sizes import (
    Arith,
    Broken,
    Exact,
    Items,
    Num,
    TooLarge,
    Var,
)
from tests.properties.whole.tree import (
    DrawnBlock,
    DrawnSize,
    Kind,
    Links,
    Sharing,
    Whole,
    names_of,
)
from tests.properties.whole.unroll import written_out

#: The share of sources that no point admits, and that are kept.
REFUSED = 0.06
#: How often a source is drawn until a point admits it.
TRIES = 12


class SourceDrawing(NetDrawing):
    """The drawing of one source."""

    # --- models ---

    def symbols(self) -> list[DrawnSize]:
        """One to three sizes, at times with a domain or a default; lists and derived ones."""
        names = self.draw.sample(("n", "h", "m"), self.draw.choice((1, 1, 2, 2, 3)))
        found = [DrawnSize(name, **self.kind_of_symbol()) for name in names]
        if self.chance(0.1):
            found.append(
                DrawnSize(
                    "a",
                    choices=self.one((Fraction(1, 2), 1, 2), (Fraction(1, 4), Fraction(1, 2), 1)),
                    default=self.one(None, Num(1)),
                )
            )
        if self.chance(0.2):
            others = View(sizes=dict.fromkeys(names, 1))
            found.append(
                DrawnSize(
                    "f",
                    default=self.one(
                        Arith("*", Num(self.one(2, 4)), Var(names[0])),
                        Arith("+", Var(self.one(*names)), self.size(others, 0)),
                    ),
                )
            )
        if self.chance(0.25):
            found.append(DrawnSize("xs", default=self.numbers()))
        return found

    def kind_of_symbol(self) -> dict[str, Any]:
        roll = self.draw.random()
        if roll < 0.5:
            return {}
        if roll < 0.65:
            return {"default": Num(self.draw.randint(1, 4))}
        if roll < 0.85:
            low = self.draw.randint(1, 2)
            step = self.one(1, 1, 1, 2)
            high = low + step * self.draw.randint(1, 4)
            return {"steps": (low, high, step), "default": self.one(None, None, Num(low))}
        choices = tuple(sorted(self.draw.sample(range(1, 8), self.draw.randint(2, 4))))
        return {"choices": choices, "default": self.one(None, None, Num(choices[0]))}

    def whole(self) -> Whole:
        """A source."""
        symbols = self.symbols()
        view = View(
            {s.name: 1 for s in symbols if not isinstance(s.default, Items)},
            {s.name: len(s.default.items) for s in symbols if isinstance(s.default, Items)},
            fractions=tuple(
                s.name for s in symbols if any(isinstance(c, Fraction) for c in s.choices)
            ),
        )
        blocks: list[DrawnBlock] = []
        for _ in range(self.draw.choice((0, 1, 1, 2))):
            blocks.append(self.block(View(blocks={b.name: b for b in blocks}), "g"))
        view = replace(view, blocks={b.name: b for b in blocks})
        shared = []
        for _ in range(self.draw.choice((0, 0, 1, 1, 2))):
            name = self.fresh("S")
            size = (
                view.shared[self.one(*view.shared)]
                if view.shared and self.chance(0.7)
                else self.size(view, 0)
            )
            shared.append((name, self.square(view, size)))
            view = replace(view, shared={**view.shared, name: size})
        inside: list[DrawnBlock] = []
        if self.chance(0.3):
            inside.append(self.block(view, "b"))
            view = replace(view, blocks={**view.blocks, inside[-1].name: inside[-1]})
        rank = self.one(1, 1, 1, 2, 2, 3)
        wide = self.size(view, 0)
        long = [
            self.one(
                Num(self.draw.randint(4, 12)),
                Arith("+", self.size(view, 0), Num(self.draw.randint(2, 8))),
            )
            for _ in range(rank - 1)
        ]
        tokens = rank == 2 and self.chance(0.15)
        start = [Kind("embed", (self.size(view, 0), wide))] if tokens else []
        nets = [
            self.net(view, rank, self.draw.choice((1, 2, 2)))
            for _ in range(self.draw.choice((1, 1, 2, 2, 3)))
        ]
        if rank > 1 and self.chance(0.4):
            nets.append(Kind(self.one("flatten", "globalavgpool")))
            nets += [self.net(view, 1, 1) for _ in range(self.draw.choice((0, 1)))]
        where = (self.test(view),) if self.chance(0.2) else ()
        body = Sharing(tuple(shared), tuple(inside), Links((*start, *nets)))
        return Whole(
            tuple(blocks),
            tuple(symbols),
            where,
            tuple(long if tokens else [*long, wide]),
            body,
            tokens,
        )


# --- sources and points ----------------------------------------------------


def points(source: Whole, draw: random.Random, count: int) -> Iterator[dict[str, Exact]]:
    """Points in the domains of a source's sizes: the smallest first, then random ones."""
    least = {s.name: v[0] for s in source.symbols if (v := values_of(s))}
    yield least
    for _ in range(count - 1):
        point: dict[str, Exact] = {}
        for symbol in source.symbols:
            values = values_of(symbol)
            if values and not (derived(symbol) and draw.random() < 0.7):
                point[symbol.name] = draw.choice(values)
        yield point


def derived(symbol: DrawnSize) -> bool:
    """Whether a size has a default that names others."""
    return bool(names_of(symbol.default))


def values_of(symbol: DrawnSize) -> tuple[Exact, ...]:
    """The values that are tried of a size; of a list, none."""
    if isinstance(symbol.default, Items):
        return ()
    if symbol.choices:
        return symbol.choices
    if symbol.steps is not None:
        low, high, step = symbol.steps
        return tuple(range(low, high + 1, step))
    return (1, 2, 3, 4, 5, 6) if not derived(symbol) else (3, 5, 8)


def is_met(source: Whole, tried: list[dict[str, Exact]]) -> bool:
    """Whether one of the points admits a source."""
    for point in tried:
        try:
            written_out(source, point)
        except (Broken, TooLarge):
            continue
        return True
    return False


@dataclass(frozen=True)
class Drawn:
    """A source with the points it is looked at."""

    source: Whole
    points: tuple[dict[str, Exact], ...]


def drawn(seed: int | str, count: int = 4) -> Drawn:
    """The source of a seed, and ``count`` points."""
    draw = random.Random(seed)
    keep = draw.random() < REFUSED
    for _ in range(TRIES):
        source = SourceDrawing(draw).whole()
        tried = list(points(source, draw, count))
        if keep or is_met(source, tried):
            break
    return Drawn(source, tuple(tried))

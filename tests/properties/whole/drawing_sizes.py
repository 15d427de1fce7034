"""Sizes, conditions and counts of a drawn source, and what may be named where."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

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
    Negated,
    Num,
    Var,
)
from tests.properties.whole.tree import (
    DrawnBlock,
    names_of,
)

#: Names of sizes, on purpose few: inner ones hide outer ones.
POOL = ("n", "h", "m", "k", "c")


@dataclass(frozen=True)
class View:
    """What a net may name where it stands.

    Attributes:
        sizes: name → the least that it can be, as far as is known.
        lists: name of a list → its length.
        blocks: blocks that may be used here, with the rank they take.
        shared: shared nets, with the width that they take and give (both the same size).
        index: the index of the innermost comprehension.
        loops: how many repeats are around, which bounds the work.
    """

    sizes: Mapping[str, int] = field(default_factory=dict)
    lists: Mapping[str, int] = field(default_factory=dict)
    blocks: Mapping[str, DrawnBlock] = field(default_factory=dict)
    shared: Mapping[str, Any] = field(default_factory=dict)
    fractions: tuple[str, ...] = ()
    index: str = ""
    loops: int = 0

    def hiding(self, sizes: Mapping[str, int], index: str = "") -> View:
        """The view inside a part that gives names to sizes."""
        return replace(
            self,
            sizes={**{n: v for n, v in self.sizes.items() if n not in sizes}, **sizes},
            lists={n: v for n, v in self.lists.items() if n not in sizes},
            shared={n: w for n, w in self.shared.items() if not names_of(w) & sizes.keys()},
            fractions=tuple(n for n in self.fractions if n not in sizes),
            index=index or ("" if self.index in sizes else self.index),
        )


class SizeDrawing:
    """The part of a drawing that draws sizes."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.made = 0

    def one(self, *choices: Any) -> Any:
        return self.draw.choice(choices)

    def chance(self, share: float) -> bool:
        return self.draw.random() < share

    def fresh(self, letter: str) -> str:
        """A name that nothing else has."""
        self.made += 1
        return f"{letter}{self.made}"

    # --- sizes ---

    def size(self, view: View, depth: int = 1) -> Any:
        """A size that is most often positive and whole."""
        names = [n for n in view.sizes if n not in view.fractions]
        if view.fractions and self.chance(0.3):
            return Arith("*", Num(self.one(4, 8)), Var(self.one(*view.fractions)))
        if not names or self.chance(0.25):
            return Num(self.draw.randint(1, 6))
        if view.index in names and self.chance(0.5):
            name = view.index
        else:
            name = self.one(*names)
        own = Var(name)
        if view.sizes[name] < 1 and self.chance(0.93):
            more = Arith("+", own, Num(self.draw.randint(1, 3)))
            return self.one(
                more, more, Fn("max", (own, Num(1))), Arith("-", Num(self.draw.randint(4, 10)), own),
                Fn("ceil", (Arith("/", more, Num(2)),)), Fn("round_up", (more, Num(4))),
                Fn("make_divisible", (more, Num(4))), Arith("+", Arith("//", own, Num(2)), Num(1)),
                Fn("min", (more, Num(self.draw.randint(2, 4)))), Gathered("sum", Var("c"), "c", Between(Num(1), more)),
                Arith("+", Arith("%", own, Num(2)), Num(1)),
                Arith("^", Num(2), own), Fn("max", (own, Num(self.draw.randint(1, 4)))),
                Arith("+", Arith("*", Num(2), own), Num(1)),
            )  # fmt: skip
        if depth <= 0 or self.chance(0.45):
            return own
        return self.compound(view, own, depth - 1)

    def compound(self, view: View, own: Any, depth: int) -> Any:
        """A size made of another and of one more."""
        other = self.size(view, depth)
        few = Num(self.draw.randint(1, 4))
        index = self.one(*POOL)
        made: list[Callable[[], Any]] = [
            lambda: Arith("+", own, few),
            lambda: Arith("-", Num(self.draw.randint(5, 10)), own),
            lambda: Arith("*", few, own),
            lambda: Arith("+", own, other),
            lambda: Arith("*", own, other),
            lambda: Fn("max", (own, other)),
            lambda: Fn("min", (own, other)),
            lambda: Fn("max", (Arith("-", own, other), Num(1))),
            lambda: Fn("ceil", (Arith("/", own, Num(self.one(2, 3))),)),
            lambda: Arith("+", Arith("//", own, Num(self.one(2, 3))), Num(1)),
            lambda: Arith("+", Arith("%", own, Num(self.one(2, 3))), Num(1)),
            lambda: Fn("round_up", (own, Num(self.one(2, 4, 8)))),
            lambda: Fn("make_divisible", (Arith("*", Num(3), own), Num(self.one(4, 8)))),
            lambda: Either(self.test(view), own, other),
            lambda: Gathered("sum", self.index_size(index, own), index, Between(Num(1), own)),
            lambda: Arith("-", Arith("+", own, few), Num(1)),
            lambda: Fn("round", (Arith("/", Arith("+", own, few), Num(2)),)),
            lambda: Gathered(
                self.one("min", "max", "sum"), Fn("max", (Var(index), own)), index, self.numbers()
            ),
            lambda: Arith("/", Arith("*", Num(2), own), Num(2)),
            lambda: Fn("floor", (Arith("/", Arith("+", own, few), Num(self.one(2, 3))),)),
            lambda: Gathered(
                "sum", Fn(self.one("max", "min"), (Var(index), Num(1))), index, Between(Num(0), own)
            ),
            lambda: self.whole_quotient(own),
            lambda: self.element(view, own),
        ]
        return self.one(*made)()

    def index_size(self, index: str, own: Any) -> Any:
        if own == Var(index):
            return Num(2)
        return self.one(
            Var(index), Arith("*", Var(index), own), Arith("+", Var(index), own),
            Fn("max", (Var(index), Num(2))), Arith("^", Var(index), Num(2)),
        )  # fmt: skip

    def whole_quotient(self, own: Any) -> Any:
        """A quotient that is whole at some points only."""
        return self.one(
            Arith("/", own, Num(2)), Arith("-", own, Num(1)), Arith("//", own, Num(2)),
            Fn("floor", (Arith("/", own, Num(2)),)), Arith("/", Arith("*", own, Arith("+", own, Num(1))), Num(2)),
        )  # fmt: skip

    def element(self, view: View, own: Any) -> Any:
        if not view.lists:
            return Arith("+", own, Num(1))
        name = self.one(*view.lists)
        return Element(Var(name), Num(self.draw.randint(-1, view.lists[name] - 1)))

    def numbers(self) -> Items:
        return Items(tuple(Num(self.draw.randint(1, 5)) for _ in range(self.draw.randint(1, 3))))

    def times(self, view: View) -> Any:
        """How often to repeat."""
        names = [n for n in view.sizes if n not in view.fractions]
        if not names or self.chance(0.25):
            return Num(self.draw.randint(0 if self.chance(0.1) else 1, 4))
        own = Var(self.one(*names))
        if view.loops or self.chance(0.4):
            return own
        return self.one(
            Arith("-", own, Num(1)), Arith("//", own, Num(2)), Arith("*", Num(2), own),
            Arith("+", own, Num(1)), Arith("-", own, Num(2)), Fn("ceil", (Arith("/", own, Num(2)),)),
            Arith("%", own, Num(3)), Fn("min", (own, Num(3))), Arith("-", own, Num(1)),
            Fn("max", (own, Num(2))), Arith("-", Var(self.one(*names)), own), Either(self.test(view), own, Num(1)),
        )  # fmt: skip

    def test(self, view: View, name: str = "") -> Any:
        """A condition."""
        names = [n for n in view.sizes if n not in view.fractions]
        if view.index in names and self.chance(0.6):
            names = [view.index]
        if not names:
            return Comparing("<", Num(1), Num(self.draw.randint(1, 2)))
        own = Var(name or self.one(*names))
        if self.chance(0.15):
            return Logic(self.one("and", "or"), self.test_of(view, own), self.test_of(view, own))
        return Negated(self.test_of(view, own)) if self.chance(0.08) else self.test_of(view, own)

    def test_of(self, view: View, own: Any) -> Any:
        few = Num(self.draw.randint(1, 4))
        return self.one(
            Comparing("==", Arith("%", own, Num(2)), Num(0)),
            Comparing("==", Arith("%", own, Num(self.one(2, 3))), Num(self.one(0, 1))),
            Comparing(self.one("<", "<=", ">", ">="), own, few),
            Comparing(self.one("==", "!="), own, few),
            Comparing(self.one("<", ">", "=="), own, self.size(view, 0)),
        )

"""Whole sources from a seed: the tree of one, with a few symbols.

Nets are drawn with the rank that they take and give, so that a source makes
sense; whether its sizes fit is for the values to say. What no tried point
admits is drawn again, but for a share that is kept to be refused.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from tests.properties.whole.sizes import (
    Arith,
    Between,
    Broken,
    Comparing,
    Either,
    Element,
    Exact,
    Fn,
    Gathered,
    Items,
    Logic,
    Mapped,
    Negated,
    Num,
    Pair,
    TooLarge,
    Var,
)
from tests.properties.whole.tree import (
    Beside,
    BesideEach,
    ChoiceOf,
    DrawnBlock,
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
    names_of,
)
from tests.properties.whole.unroll import written_out

#: Names of sizes, on purpose few: inner ones hide outer ones.
POOL = ("n", "h", "m", "k", "c")
#: The share of sources that no point admits, and that are kept.
REFUSED = 0.06
#: How often a source is drawn until a point admits it.
TRIES = 12


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


class SourceDrawing:
    """The drawing of one source."""

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

    # --- nets by rank ---

    def width(self, view: View, rank: int, size: Any = None) -> Any:
        """A layer whose output width does not depend on its input."""
        size = self.size(view) if size is None else size
        if rank == 3:
            return Kind("conv", (size, self.one(Num(1), Num(3))), (("pad", "same"),))
        if rank == 2 and self.chance(0.2):
            return self.cell(size)
        if self.chance(0.15):
            return Kind("linear", (size,), (("bias", "yes"),))
        return Kind(self.one("dense", "linear"), (size,))

    def cell(self, size: Any) -> Any:
        made = Kind(self.one("lstm", "gru", "rnn"), (size,))
        return (
            Wrapping("bidirectional", made, self.one("concat", "sum")) if self.chance(0.6) else made
        )

    def keeper(self, view: View, rank: int, depth: int = 1) -> Any:
        """A net that keeps its shape, whatever that is."""
        if depth <= 0 or self.chance(0.6):
            return Kind(self.one("relu", "layernorm", "rmsnorm", "bn", "id", "tanh"))
        inner, other = (self.keeper(view, rank, depth - 1) for _ in range(2))
        return self.one(
            Wrapping("residual", inner), Beside(self.one("+", "-", "*"), (inner, other)),
            Wrapping("freeze", inner), RepeatOf(inner, self.times(view)), Links((inner, other)),
        )  # fmt: skip

    def growing(self, view: View, rank: int) -> Any:
        """A net whose output differs from its input in every pass."""
        few = self.size(view, 0)
        choices: list[Any] = [
            Beside("|", (Kind("id"), self.width(view, rank, few))),
            Beside("|", (self.keeper(view, rank, 0), self.width(view, rank, few), Kind("id"))),
            Beside("|", (Kind("id"), Kind("id"))),
            Kind("tile", (Num(2),)),
            Half(2, self.one(0, 1)),
        ]
        if rank > 1:
            choices += [
                Kind("maxpool", (Num(2),)),
                Kind("maxpool", (Num(self.one(2, 3)),), (("stride", Num(1)),)),
                Kind("conv", (few, Num(self.one(2, 3)))),
                Kind(
                    "conv", (few, Num(3)), (("stride", Num(2)), ("pad", self.one("same", Num(1))))
                ),
                Kind("avgpool", (Num(2),), (("pad", "same"),)),
                Kind("upsample", (Num(2),)),
                Kind("crop", (Num(1),)),
                Kind("pad", (Num(1),)),
            ]
        return self.one(*choices)

    def of_axis(self, view: View, axis: str) -> Any:
        """A net that is told by the axis ``axis`` that comes in."""
        own, few, other = Var(axis), Num(self.draw.randint(1, 3)), self.size(view, 0)
        size = self.one(
            Arith("+", own, few), Arith("*", Num(2), own), Fn("max", (own, other)), Fn("min", (own, other)),
            Fn("max", (own, Num(self.draw.randint(2, 9)))), Arith("-", own, Num(1)),
            Arith("+", Arith("//", own, Num(2)), Num(1)), Fn("ceil", (Arith("/", own, Num(2)),)),
            Fn("round_up", (Arith("+", own, Num(1)), Num(4))), Either(self.test(view, axis), own, Arith("+", own, few)),
            Either(Comparing("<", own, Num(5)), Arith("+", own, Num(1)), own), Arith("+", own, other), own,
            Arith("/", own, Num(2)), Fn("make_divisible", (Arith("+", own, few), Num(4))),
            Arith("*", own, other), Arith("+", Arith("%", own, Num(3)), Num(1)),
        )  # fmt: skip
        made = Kind(self.one("linear", "dense"), (size,))
        if self.chance(0.2):
            return ChoiceOf(self.test(view, axis), Kind("id"), made)
        return (
            Links((made, Kind("linear", (self.one(Num(1), own, other),))))
            if self.chance(0.15)
            else made
        )

    def inner(self, view: View, rank: int, depth: int) -> Any:
        """The body of a repeat or a comprehension."""
        roll = self.draw.random()
        if roll < 0.22:
            return self.growing(view, rank)
        if roll < 0.42 and view.shared:
            return self.with_shared(view, rank, depth)
        if roll < 0.55 and view.blocks:
            return self.use(view, rank)
        return self.net(view, rank, depth)

    def net(self, view: View, rank: int, depth: int) -> Any:
        """Any net that keeps the rank."""
        if depth <= 0:
            return self.one(self.width, self.width, self.keeper, self.growing)(view, rank)
        drawn = [
            (3, lambda: self.width(view, rank)),
            (1, lambda: self.keeper(view, rank)),
            (2, lambda: self.growing(view, rank)),
            (5, lambda: self.repeat(view, rank, depth)),
            (5, lambda: self.each(view, rank, depth)),
            (2, lambda: self.joined(view, rank, depth)),
            (3, lambda: self.choice(view, rank, depth)),
            (3, lambda: self.use(view, rank)),
            (4, lambda: self.with_shared(view, rank, depth)),
            (1, lambda: self.around(view, rank, depth)),
            (1, lambda: self.mixture(view, rank, depth)),
            (1, lambda: self.scaled(view, rank)),
            (1, lambda: self.sharing(view, rank, depth)),
            (1, lambda: self.twins(view)),
        ]
        weights = [w for w, _ in drawn]
        return self.draw.choices([d for _, d in drawn], weights)[0]()

    def repeat(self, view: View, rank: int, depth: int) -> Any:
        times = self.times(view)
        inner = self.inner(replace(view, loops=view.loops + 1), rank, depth - 1)
        return RepeatOf(inner, times, self.chance(0.1))

    def each(self, view: View, rank: int, depth: int) -> Any:
        """A comprehension over a range or a list."""
        index = self.one("k", "k", *POOL)
        loops = view.loops + 1
        if self.chance(0.15):
            rows = Items(
                tuple(
                    Pair(Num(self.draw.randint(1, 4)), Num(self.draw.randint(0, 2)))
                    for _ in range(self.draw.randint(1, 3))
                )
            )
            other = self.one(*(n for n in POOL if n != index))
            here = replace(view.hiding({index: 1, other: 0}, index), loops=loops)
            return Each(RepeatOf(self.inner(here, rank, 0), Var(other)), (index, other), rows)
        items, least = self.items(view)
        here = replace(view.hiding({index: least}, index), loops=loops)
        return Each(self.inner(here, rank, depth - 1), (index,), items)

    def items(self, view: View) -> tuple[Any, int]:
        """A range or list to go over, and the least of its elements."""
        if self.chance(0.3):
            if view.lists and self.chance(0.6):
                return Var(self.one(*view.lists)), 1
            if self.chance(0.3):
                return Mapped(
                    self.one(Arith("^", Num(2), Var("k")), Arith("+", Var("k"), Num(1))),
                    "k",
                    self.numbers(),
                ), 1
            return self.numbers(), 1
        low = self.one(0, 0, 1, 1, 2)
        names = [n for n in view.sizes if n not in view.fractions]
        if not names or self.chance(0.2):
            return Between(Num(low), Num(self.draw.randint(low, low + 3))), low
        own = Var(self.one(*names))
        last = self.one(
            own, own, own, Arith("-", own, Num(1)), Arith("+", own, Num(1)),
            Arith("//", own, Num(2)), Fn("min", (own, Num(4))), Arith("+", own, Var(self.one(*names))),
        ) if not view.loops else own  # fmt: skip
        if self.chance(0.05):  # a range that is whole at some points only
            return Between(Num(low), Arith("/", Arith("+", own, Num(self.one(0, 1))), Num(2))), low
        if self.chance(0.06):
            return Between(own, Arith("+", own, Num(self.draw.randint(0, 2)))), max(
                view.sizes[own.name], 0
            )
        return Between(Num(low), last), low

    def joined(self, view: View, rank: int, depth: int) -> Any:
        nets = [self.net(view, rank, depth - 1) for _ in range(2)]
        if self.chance(0.4):
            size = self.size(view)
            ends = [self.width(view, rank, size) for _ in range(2)]
            if rank == 2:
                ends = [Kind("linear", (size,))] * 2
            sides = [Links((self.keeper(view, rank), end)) for end in ends]
            return Beside(self.one("+", "-", "*"), tuple(sides))
        if self.chance(0.3):
            index = self.one(*POOL)
            items, least = self.items(view)
            here = view.hiding({index: least}, index)
            if self.chance(0.5):
                return BesideEach("cat", self.width(here, rank), index, items)
            return BesideEach(
                "sum", Links((self.width(here, rank), self.width(view, rank))), index, items
            )
        if rank == 1 and self.chance(0.5):
            return Beside("|", tuple(nets))
        return Beside("|", (self.keeper(view, rank), self.width(view, rank)))

    def choice(self, view: View, rank: int, depth: int) -> Any:
        condition = self.test(view)
        if self.chance(0.5):
            size = self.size(view)
            one = self.width(view, rank, size)
            other = self.width(view, rank, size)
            return ChoiceOf(condition, Wrapping("freeze", one) if self.chance(0.3) else one, other)
        return ChoiceOf(condition, self.net(view, rank, depth - 1), self.net(view, rank, depth - 1))

    def use(self, view: View, rank: int) -> Any:
        """A use of a block, with sizes for its parameters."""
        fitting = [b for b in view.blocks.values() if _takes(b, rank)]
        if not fitting:
            return self.growing(view, rank)
        block = self.one(*fitting)
        args = []
        for name, default in block.parameters:
            if default is None or self.chance(0.4):
                args.append((name, self.size(view)))
        return UseOf(block.name, tuple(args))

    def around(self, view: View, rank: int, depth: int) -> Any:
        if rank == 2 and self.chance(0.4):
            return self.cell(self.size(view))
        inner = self.net(view, rank, depth - 1)
        if self.chance(0.3):
            return Wrapping("freeze", Links((inner, Wrapping("train", self.width(view, rank)))))
        return Wrapping("freeze", inner)

    def mixture(self, view: View, rank: int, depth: int) -> Any:
        top = self.one(Num(1), self.size(view, 0))
        n = self.one(
            Arith("+", top, Num(self.draw.randint(0, 2))),
            Num(self.draw.randint(1, 4)),
            self.size(view, 0),
        )
        return Experts(self.net(view, rank, min(depth - 1, 1)), n, top)

    def scaled(self, view: View, rank: int) -> Any:
        """A weight or a buffer beside what comes in, of a width that is known."""
        size = self.size(view)
        name = self.fresh("w")
        one = Scaling(
            name, (self.one(size, size, Num(1)),), self.chance(0.3), self.one("*", "+", "-")
        )
        return (
            Links((self.width(view, rank, size), one))
            if rank != 2
            else Links((Kind("linear", (size,)), one))
        )

    # --- shared nets ---

    def with_shared(self, view: View, rank: int, depth: int) -> Any:
        """Uses of shared nets, between layers of their width."""
        known = [n for n in view.shared if _readable(view.shared[n], view)]
        if not known:
            return self.choice(view, rank, depth)
        name = self.one(*known)
        size = view.shared[name]
        equal = [n for n in known if view.shared[n] == size]
        own = SharedUse(name)
        other = SharedUse(self.one(*equal))
        index = self.one("k", "k", *POOL)
        items, least = self.items(view)
        here = view.hiding({index: least}, index)
        alone = self.one(
            own, own, Wrapping("freeze", own), ChoiceOf(self.test(here), own, other),
            ChoiceOf(self.test(here), Wrapping("freeze", own), own),
            ChoiceOf(self.test(here), own, Kind("linear", (size,))) if _readable(size, here) else own,
            ChoiceOf(self.test(here), Kind("id"), own),
        )  # fmt: skip
        in_view = ChoiceOf(self.test(view), own, other)
        used = self.one(
            own, RepeatOf(own, self.times(view)), RepeatOf(own, self.times(view)), Each(alone, (index,), items), Each(alone, (index,), items),
            in_view, ChoiceOf(self.test(view), Wrapping("freeze", own), own), Wrapping("freeze", own),
            Wrapping("residual", own), Beside("+", (own, other)), Links((own, own)),
            ChoiceOf(self.test(view), own, Kind("id")), Experts(own, Num(2), Num(1)),
            RepeatOf(in_view, self.times(view)),
        )  # fmt: skip
        if self.chance(0.3):
            return used
        start = Kind("linear", (size,)) if rank != 3 else Kind("conv", (size, Num(1)))
        return Links((start, used))

    def square(self, view: View, size: Any) -> Any:
        """A net from ``size`` to ``size`` on any rank."""
        inner = Kind(self.one("linear", "linear", "dense"), (size,))
        return self.one(
            inner,
            inner,
            Links((inner, Kind("relu"))),
            Links((Kind("layernorm"), inner)),
            RepeatOf(inner, Num(2)),
        )

    def twins(self, view: View) -> Any:
        """A bundle that a repeat carries."""
        inner = [
            self.of_axis(view.hiding({axis: 1}), axis)
            if self.chance(0.7)
            else self.keeper(view, 1, 0)
            for axis in ("d", "e")
        ]
        return Twins(self.fresh("t"), *inner, self.times(view))

    def sharing(self, view: View, rank: int, depth: int) -> Any:
        """Braces of their own around a part."""
        name, size = self.fresh("S"), self.size(view, 0)
        inner = replace(view, shared={**view.shared, name: size})
        blocks = (self.block(replace(inner, blocks={}), "b"),) if self.chance(0.3) else ()
        inner = replace(inner, blocks={**view.blocks, **{b.name: b for b in blocks}})
        body = (
            self.repeat(inner, rank, depth) if blocks else self.with_shared(inner, rank, depth - 1)
        )
        return Sharing(((name, self.square(view, size)),), blocks, body)

    # --- blocks ---

    def block(self, view: View, letter: str) -> DrawnBlock:
        """A block; ``view`` is what is known around it."""
        name = self.fresh(letter)
        parameters: list[tuple[str, Any]] = []
        inner = view
        for own in self.draw.sample(POOL, self.draw.choice((0, 0, 1, 1, 2))):
            default = None
            if self.chance(0.3) or (parameters and parameters[-1][1] is not None):
                seen = View(sizes={n: 1 for n, _ in parameters})
                default = self.size(seen)
            parameters.append((own, default))
            inner = inner.hiding({own: 1})
        rank = self.one(0, 0, 1, 2)
        axis = self.one("d", "d", "d", *(n for n in POOL if n not in dict(parameters)))
        axes = (("...",) if rank == 0 else ("_",) * (rank - 1)) + (axis,)
        inner = inner.hiding({axis: 1})
        where = tuple(
            self.one(
                self.test(inner, axis),
                Comparing("<", Var(axis), Num(self.draw.randint(4, 12))),
                self.test(inner),
            )
            for _ in range(self.draw.choice((0, 0, 0, 1)))
        )
        taken = rank or self.one(1, 2)
        body = self.of_axis(inner, axis) if self.chance(0.6) else self.net(inner, taken, 1)
        if rank == 0 and not _anywhere(body):
            body = self.of_axis(inner, axis)
        if self.chance(0.25):
            more = self.with_shared(inner, 1, 1) if view.shared else self.keeper(inner, 1)
            body = Links((body, more))
        return DrawnBlock(name, tuple(parameters), axes, where, body)

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


def _readable(size: Any, view: View) -> bool:
    return names_of(size) <= view.sizes.keys()


def _takes(block: DrawnBlock, rank: int) -> bool:
    return "..." in block.axes or len(block.axes) == rank


def _anywhere(net: Any) -> bool:
    """Whether a net makes sense on any rank."""
    from tests.properties.whole.tree import kinds_of, parts_of

    known = {"linear", "dense", "relu", "layernorm", "rmsnorm", "bn", "id", "tanh", "tile"}
    return kinds_of(parts_of(net)) <= known


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

"""Nets and blocks of a drawn source, with the rank that they take and give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.properties.whole.drawing_sizes import POOL, SizeDrawing, View
from tests.properties.whole.sizes import (
    Arith,
    Between,
    Comparing,
    Either,
    Fn,
    Items,
    Mapped,
    Num,
    Pair,
    Var,
)
from tests.properties.whole.tree import (
    Beside,
    BesideEach,
    ChoiceOf,
    DrawnBlock,
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
    Wrapping,
    names_of,
)


class NetDrawing(SizeDrawing):
    """The part of a drawing that draws nets and blocks."""

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
            self.wrapped(self.one("freeze", "keep", "precision"), inner), RepeatOf(inner, self.times(view)), Links((inner, other)),
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
            if self.chance(0.4):
                one = self.wrapped(self.one("freeze", "freeze", "precision"), one)
            return ChoiceOf(condition, one, other)
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
        return self.wrapped(self.one("freeze", "keep", "precision"), inner)

    def wrapped(self, name: str, inner: Any) -> Wrapping:
        return Wrapping(name, inner, self.one("8", "16") if name == "precision" else "")

    def mixture(self, view: View, rank: int, depth: int) -> Any:
        top = self.one(Num(1), self.size(view, 0))
        n = self.one(
            Arith("+", top, Num(self.draw.randint(0, 2))),
            Num(self.draw.randint(1, 4)),
            self.size(view, 0),
        )
        return Experts(self.net(view, rank, min(depth - 1, 1)), n, top)

    def scaled(self, view: View, rank: int) -> Any:
        """A weight, table or buffer beside what comes in, of a width that is known."""
        size = self.size(view)
        name = self.fresh("w")
        one = Scaling(
            name,
            (self.one(size, size, Num(1)),),
            "buffer" if self.chance(0.3) else self.one("weight", "table"),
            self.one("*", "+", "-"),
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
            own, own, Wrapping("freeze", own), self.wrapped("precision", own) if self.chance(0.2) else own,
            ChoiceOf(self.test(here), own, other),
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


def _readable(size: Any, view: View) -> bool:
    return names_of(size) <= view.sizes.keys()


def _takes(block: DrawnBlock, rank: int) -> bool:
    return "..." in block.axes or len(block.axes) == rank


def _anywhere(net: Any) -> bool:
    """Whether a net makes sense on any rank."""
    from tests.properties.whole.tree import kinds_of, parts_of

    known = {"linear", "dense", "relu", "layernorm", "rmsnorm", "bn", "id", "tanh", "tile"}
    return kinds_of(parts_of(net)) <= known

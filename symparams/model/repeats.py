"""``net * n``: a closed form, never an unrolled sum.

* the shape is the same after the first pass: first + (n - 1)·steady;
* an axis grows by a constant, or by a factor: a series over a fresh index,
  proved by applying the body to the shape of a general pass;
* a number of passes whose shape does not settle is unrolled, up to a bound.
"""

from __future__ import annotations

from collections.abc import Callable

from symparams.algebra import Polynomial, Size, Symbol, divide, power, substitute, symbols_of
from symparams.algebra.conditions import Condition
from symparams.algebra.polynomial import of_atom
from symparams.errors import NeedsValue, SymparamsError
from symparams.model.nets import Net
from symparams.model.network import Chain, Node, Repeat, Series
from symparams.model.run import Run
from symparams.model.signals import Flow, Signal

#: The most passes of a repeat whose shape changes in every pass.
MOST_PASSES = 10_000


class RepeatNet(Net):
    """A net several times in a row, each time with weights of its own."""

    net: Net
    times: Size

    def apply(self, flow: Flow, run: Run) -> Node:
        times = self.times
        run.require(
            Condition("integer", times, says=f"{times} must be an integer to repeat"), self.span
        )
        run.require(Condition("nonnegative", times, says=f"cannot repeat {times} times"), self.span)
        if times == 0:
            return Chain(flow, self.span, ())
        if times == 1:
            return self.net.apply(flow, run)
        with run.inside_loop():
            return self._passes(flow, run)

    def _passes(self, flow: Flow, run: Run) -> Node:
        times, start = self.times, flow
        parts: list[tuple[Size, Node]] = []
        while True:
            node = self.net.apply(flow, run)
            done = len(parts)
            if node.output == flow:
                parts.append((times - done, node))
                break
            parts.append((1, node))
            flow = node.output
            if times == done + 1:
                break
            if done == 1:
                shapes = [start, *(part.output for _, part in parts)]
                unrolled = run.unrolled and not isinstance(times, Polynomial)
                series = None if unrolled else self._series(shapes, run)
                if series is not None:
                    return series
                if isinstance(times, Polynomial):
                    raise self._open(shapes, times)
            if done >= MOST_PASSES:
                raise SymparamsError(
                    f"the shape still changes after {MOST_PASSES:,} repeats", self.span
                )
        before = len(parts) - 1
        if before and isinstance(times, Polynomial):
            run.require(
                Condition("nonnegative", times - before, says=f"{times} >= {before}"), self.span
            )
        return Repeat(flow, self.span, times, tuple(parts))

    def _series(self, shapes: list[Flow], run: Run) -> Node | None:
        """A series, where a law that the first passes suggest is proved for all."""
        for law in (_by_constant, _by_factor):
            index = run.fresh_index()
            general = law(shapes, of_atom(index))
            if general is None:
                continue
            before = dict(run.conditions)
            try:
                body = self.net.apply(general(0), run)
            except SymparamsError:
                run.conditions = before
                continue
            if body.output == general(1):
                last = _at(general(0), index, self.times)
                return Series(last, self.span, index, 0, self.times, body)
            run.conditions = before
        return None

    def _open(self, shapes: list[Flow], times: Polynomial) -> NeedsValue:
        names = sorted(s.name for s in times.symbols())
        listed = " and ".join(f"'{n}'" for n in names)
        return NeedsValue(
            f"a repeat of {times} has no closed form here: the shape goes "
            + ", then ".join(map(str, shapes)),
            names,
            self.span,
            f"give {listed} a value",
        )


class SeriesNet(Net):
    """``[net(k) for k in first..last]`` with a symbolic end: a chain whose parts vary with k.

    ``general`` is the net at the symbol ``index``, ``start`` the net at ``first``.
    """

    general: Net
    start: Net
    index: Symbol
    first: Size
    times: Size

    def apply(self, flow: Flow, run: Run) -> Node:
        run.require(
            Condition("nonnegative", self.times, says=f"cannot repeat {self.times} times"),
            self.span,
        )
        with run.inside_loop():
            return self._passes(flow, run)

    def _passes(self, flow: Flow, run: Run) -> Node:
        node = self.general.apply(flow, run)
        if node.output == flow:
            return Series(flow, self.span, self.index, self.first, self.times, node)
        # Every pass may leave a shape of its own, E(k), if it leaves it whatever came in.
        head = self.start.apply(flow, run)
        own = of_atom(self.index)
        settled = self.general.apply(head.output, run).output
        if isinstance(settled, Signal) and isinstance(head.output, Signal):
            before = _at(settled, self.index, own - 1)
            node = self.general.apply(before, run)
            if node.output == settled and _at(settled, self.index, self.first) == head.output:
                run.require(Condition("positive", self.times), self.span)
                rest = Series(settled, self.span, self.index, self.first + 1, self.times - 1, node)
                output = _at(settled, self.index, self.first + self.times - 1)
                return Chain(output, self.span, (head, rest))
        names = sorted(s.name for s in symbols_of(self.times))
        listed = " and ".join(f"'{n}'" for n in names)
        raise NeedsValue(
            f"a chain of {self.times} has no closed form here: the shape goes {flow}, "
            f"then {head.output}",
            names,
            self.span,
            f"give {listed} a value",
        )


Law = Callable[[int], Signal]


def _axes(shapes: list[Flow]) -> list[tuple[Size, ...]] | None:
    """The axes of three shapes, where all are single tensors of one rank."""
    signals = [s for s in shapes if isinstance(s, Signal) and not s.tokens]
    if len(signals) != 3 or len({len(s.axes) for s in signals}) != 1:
        return None
    return [s.axes for s in signals]


def _by_constant(shapes: list[Flow], index: Polynomial) -> Law | None:
    """Every axis grows by the same amount in both passes."""
    found = _axes(shapes)
    if found is None:
        return None
    first, second, third = found
    steps = [b - a for a, b in zip(first, second, strict=True)]
    if [c - b for b, c in zip(second, third, strict=True)] != steps:
        return None
    return lambda ahead: Signal(
        tuple(a + d * (index + ahead) for a, d in zip(first, steps, strict=True))
    )


def _by_factor(shapes: list[Flow], index: Polynomial) -> Law | None:
    """Every axis is multiplied by the same number in both passes."""
    found = _axes(shapes)
    if found is None:
        return None
    first, second, third = found
    try:
        ratios = [divide(b, a) for a, b in zip(first, second, strict=True)]
    except NeedsValue:
        return None
    if any(isinstance(r, Polynomial) for r in ratios):
        return None
    if [b * r for b, r in zip(second, ratios, strict=True)] != list(third):
        return None
    return lambda ahead: Signal(
        tuple(a * power(r, index + ahead) for a, r in zip(first, ratios, strict=True))
    )


def _at(signal: Signal, index: Symbol, value: Size) -> Signal:
    return Signal(tuple(substitute(a, {index.name: value}) for a in signal.axes))

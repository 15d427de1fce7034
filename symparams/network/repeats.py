"""``net * n``: a closed form, never an unrolled sum.

* the shape is the same after the first pass: first + (n - 1)·steady;
* an axis grows by a constant, or by a factor: a series over a fresh index,
  proved by applying the body to the shape of a general pass;
* a number of passes whose shape follows no law is written out, up to a bound.

What a body requires is required of every pass.
"""

from __future__ import annotations

from collections.abc import Callable

from symparams.algebra import (
    Condition,
    Polynomial,
    Size,
    Symbol,
    divide,
    of_atom,
    power,
    substitute,
    symbols_of,
    text,
)
from symparams.errors import NeedsValue, SymparamsError
from symparams.network.building import Decide, Run, Trial
from symparams.network.nets import Net
from symparams.network.nodes import ChainNode, Node, RepeatNode, SeriesNode
from symparams.network.shapes import Flow, Signal, signals_of

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
            return ChainNode(flow, self.span, ())
        if times == 1:
            return self.net.apply(flow, run)
        once = _at_least(times, 1)
        with run.inside_loop(), run.present(once), run.branch(once):
            return self._passes(flow, run)

    def _passes(self, flow: Flow, run: Run) -> Node:
        try:
            first = run.tried(lambda: self.net.apply(flow, run))
        except SymparamsError as error:
            raise run.in_some_pass(error, self.times) from None
        if first.node.output == flow:
            return RepeatNode(flow, self.span, self.times, ((self.times, run.keep(first)),))
        try:
            second = self._second(first, run)
        except SymparamsError as error:
            raise run.in_some_pass(self._in_pass(1, error), self.times - 1) from None
        if second.node.output != first.node.output:
            return self._moving(flow, first, second, run)
        parts = ((1, run.keep(first)), (self.times - 1, run.keep(second)))
        if isinstance(self.times, Polynomial):
            run.presume(_at_least(self.times, 1), self.span)
        return RepeatNode(second.node.output, self.span, self.times, parts)

    def _second(self, first: Trial, run: Run) -> Trial:
        """Return the second pass, which takes place where there are two."""
        again = _at_least(self.times, 2)

        def pass_() -> Node:
            with run.branch(again):
                return self.net.apply(first.node.output, run)

        with run.present(again), run.trying():
            run.keep(first)
            return run.tried(pass_)

    def _moving(self, flow: Flow, first: Trial, second: Trial, run: Run) -> Node:
        """Return a repeat whose shape changes in every pass: a series, or pass by pass."""
        shapes = [flow, first.node.output, second.node.output]
        if isinstance(self.times, Polynomial) or not run.unrolled:
            if _grads(flow) != _grads(first.node.output) == _grads(second.node.output):
                return self._behind(first, run)
            series = self._series(shapes, run)
            if series is not None:
                return series
        if isinstance(self.times, Polynomial):
            raise self._open(shapes, self.times, run)
        return self._written_out(flow, int(self.times), run)

    def _behind(self, first: Trial, run: Run) -> Node:
        """Return a repeat whose first pass alone gets what requires no gradient."""
        run.presume(_at_least(self.times, 1), self.span)
        head, again = run.keep(first), _at_least(self.times, 2)
        with run.present(again), run.branch(again):
            rest = RepeatNet(self.span, self.net, self.times - 1)._passes(head.output, run)
        return ChainNode(rest.output, self.span, (head, rest))

    def _written_out(self, flow: Flow, times: int, run: Run) -> Node:
        """Return a number of passes, one by one until the shape settles."""
        parts: list[tuple[Size, Node]] = []
        for done in range(times):
            if done >= MOST_PASSES:
                raise SymparamsError(
                    f"the shape still changes after {MOST_PASSES:,} repeats", self.span
                )
            try:
                node = self.net.apply(flow, run)
            except SymparamsError as error:
                raise self._in_pass(done, error) from None
            settled = node.output == flow
            parts.append((times - done if settled else 1, node))
            flow = node.output
            if settled:
                break
        return RepeatNode(flow, self.span, times, tuple(parts))

    def _in_pass(self, done: int, error: SymparamsError) -> SymparamsError:
        """Return an error of a later pass, which says so."""
        if done:
            error.message = f"in pass {done + 1} of {text(self.times)}: {error.message}"
        return error

    def _series(self, shapes: list[Flow], run: Run) -> Node | None:
        """Return a series, where a law that the first passes suggest is proved for all."""
        for law in (_by_constant, _by_factor):
            index = run.fresh_index()
            general = law(shapes, of_atom(index))
            if general is None:
                continue

            def body(general: Law = general, index: Symbol = index) -> Node:
                with run.each_pass(index, 0, self.times - 1):
                    return self.net.apply(general(0), run)

            try:
                found = run.tried(body)
            except (SymparamsError, Decide):
                continue
            if found.node.output == general(1):
                last = _at(general(0), index, self.times)
                return SeriesNode(last, self.span, index, 0, self.times, run.keep(found))
        return None

    def _open(self, shapes: list[Flow], times: Polynomial, run: Run) -> Exception:
        return run.needs(
            {s.name for s in times.symbols()},
            f"a repeat of {times} has no closed form here: the shape goes "
            + ", then ".join(map(str, shapes)),
            self.span,
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
        # A range that ends before it begins has no pass, but the closed forms have.
        run.presume(Condition("nonnegative", self.times), self.span)
        once = _at_least(self.times, 1)
        with run.inside_loop(), run.present(once), run.branch(once):
            try:
                return self._passes(flow, run)
            except SymparamsError as error:
                raise run.in_some_pass(error, self.times) from None

    def _general(self, flow: Flow, run: Run, first: Size) -> Trial:
        """Return a general pass from ``first`` on."""

        def body() -> Node:
            with run.each_pass(self.index, first, self.first + self.times - 1):
                return self.general.apply(flow, run)

        return run.tried(body)

    def _passes(self, flow: Flow, run: Run) -> Node:
        every = self._general(flow, run, self.first)
        if every.node.output == flow:
            body = run.keep(every)
            return SeriesNode(
                flow, self.span, self.index, self.first, self.times, body, listed=True
            )
        # Every pass may leave a shape of its own, E(k), if it leaves it whatever came in.
        head = run.tried(lambda: self.start.apply(flow, run))
        try:
            with run.trying(), run.present(_at_least(self.times, 2)):
                run.keep(head)  # what the first pass shares, the others share with it
                rest = self._rest(head.node.output, run)
        except SymparamsError as error:
            raise run.in_some_pass(error, self.times - 1) from None
        if rest is None:
            raise run.needs(
                {s.name for s in symbols_of(self.times)},
                f"a chain of {self.times} has no closed form here: the shape goes {flow}, "
                f"then {head.node.output}",
                self.span,
            )
        run.presume(_at_least(self.times, 1), self.span)
        last = _at(rest.node.output, self.index, self.first + self.times - 1)
        series = SeriesNode(
            rest.node.output,
            self.span,
            self.index,
            self.first + 1,
            self.times - 1,
            rest.node,
            listed=True,
        )
        kept = run.keep(head)
        run.keep(rest)
        return ChainNode(last, self.span, (kept, series))

    def _rest(self, entered: Flow, run: Run) -> Trial | None:
        """Return a general pass behind the first, where each leaves the shape E(k); else None."""
        begin = self.first + 1
        settled = self._general(entered, run, begin).node.output
        if not isinstance(settled, Signal) or not isinstance(entered, Signal):
            return None
        before = _at(settled, self.index, of_atom(self.index) - 1)
        try:
            rest = self._general(before, run, begin)
        except SymparamsError:
            return None  # the shapes follow another law
        fits = rest.node.output == settled and _at(settled, self.index, self.first) == entered
        return rest if fits else None


def _at_least(times: Size, passes: int) -> Condition:
    return Condition("nonnegative", times - passes)


def _grads(flow: Flow) -> tuple[bool | None, ...]:
    """Return which tensors of a flow require a gradient."""
    return tuple(signal.grad for signal in signals_of(flow))


Law = Callable[[int], Signal]


def _axes(shapes: list[Flow]) -> list[tuple[Size, ...]] | None:
    """Return the axes of three shapes, where all are single tensors of one rank."""
    signals = [s for s in shapes if isinstance(s, Signal) and not s.tokens]
    if len(signals) != 3 or len({len(s.axes) for s in signals}) != 1:
        return None
    return [s.axes for s in signals]


def _by_constant(shapes: list[Flow], index: Polynomial) -> Law | None:
    """Return the law by which every axis grows by one amount, if both passes keep to it."""
    found = _axes(shapes)
    if found is None:
        return None
    first, second, third = found
    steps = [b - a for a, b in zip(first, second, strict=True)]
    if [c - b for b, c in zip(second, third, strict=True)] != steps:
        return None
    return lambda ahead: Signal(
        tuple(a + d * (index + ahead) for a, d in zip(first, steps, strict=True)),
        grad=_grads(shapes[0])[0],
    )


def _by_factor(shapes: list[Flow], index: Polynomial) -> Law | None:
    """Return the law by which every axis is multiplied by one number, if both passes keep to it."""
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
        tuple(a * power(r, index + ahead) for a, r in zip(first, ratios, strict=True)),
        grad=_grads(shapes[0])[0],
    )


def _at(signal: Flow, index: Symbol, value: Size) -> Signal:
    assert isinstance(signal, Signal), "a law is about single tensors"
    return signal.but(axes=tuple(substitute(a, {index.name: value}) for a in signal.axes))

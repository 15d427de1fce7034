"""``net * n``: a closed form, never an unrolled sum.

* the shape is the same after the first pass: first + (n - 1)·steady;
* an axis grows by a constant, or by a factor: a series over a fresh index,
  proved by applying the body to the shape of a general pass;
* a number of passes whose shape follows no law is written out, up to a bound.

What a body requires is required of every pass.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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
from symparams.network.storages import untouched

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
        entered = Entered(flow, run)
        try:
            first = run.tried(lambda: self.net.apply(flow, run))
        except SymparamsError as error:
            raise run.in_some_pass(error, self.times) from None
        if entered.left_by(first):
            # What leaves it is like what enters it, and another tensor.
            output = first.node.output
            return RepeatNode(output, self.span, self.times, ((self.times, run.keep(first)),))
        behind = Entered(first.node.output, run, first)
        try:
            second = self._second(first, run)
        except SymparamsError as error:
            raise run.in_some_pass(self._in_pass(1, error), self.times - 1) from None
        if not behind.left_by(second):
            return self._moving(entered, first, behind, second, run)
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

    def _moving(
        self, entered: Entered, first: Trial, behind: Entered, second: Trial, run: Run
    ) -> Node:
        """Return a repeat whose shape changes in every pass: a series, or pass by pass."""
        shapes = [entered.flow, behind.flow, second.node.output]
        if isinstance(self.times, Polynomial) or not run.unrolled:
            if behind.left_alike(second) and not entered.left_alike(first):
                return self._behind(first, run)
            if behind.left_alike(second):
                series = self._series(shapes, run)
                if series is not None:
                    return series
        if isinstance(self.times, Polynomial):
            raise self._open(shapes, self.times, run)
        return self._written_out(entered.flow, int(self.times), run)

    def _behind(self, first: Trial, run: Run) -> Node:
        """Return a repeat whose first pass alone gets what requires no gradient, or is not kept."""
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
            entered = Entered(flow, run)
            try:
                trial = run.tried(partial(self.net.apply, flow, run))
            except SymparamsError as error:
                raise self._in_pass(done, error) from None
            settled, node = entered.left_by(trial), run.keep(trial)
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

            begin = general(0)
            assert isinstance(begin, Signal), "a law is about single tensors"
            before = Entered(begin.but(storage=run.storages.alike(shapes[0], begin.axes)), run)

            def body(before: Entered = before, index: Symbol = index) -> Node:
                with run.each_pass(index, 0, self.times - 1, self.span):
                    return self.net.apply(before.flow, run)

            try:
                found = run.tried(body)
            except (SymparamsError, Decide):
                continue
            if found.node.output == general(1) and before.left_alike(found):
                each = run.keep(found)
                last = _at(each.output, index, self.times - 1, run)
                return SeriesNode(last, self.span, index, 0, self.times, each)
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
            with run.each_pass(self.index, first, self.first + self.times - 1, self.span):
                return self.general.apply(flow, run)

        return run.tried(body)

    def _passes(self, flow: Flow, run: Run) -> Node:
        entered = Entered(flow, run)
        every = self._general(flow, run, self.first)
        if entered.left_by(every):
            body = run.keep(every)
            return SeriesNode(
                body.output, self.span, self.index, self.first, self.times, body, listed=True
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
        last = _at(rest.node.output, self.index, self.first + self.times - 1, run)
        return ChainNode(last, self.span, (kept, series))

    def _rest(self, entered: Flow, run: Run) -> Trial | None:
        """Return a general pass behind the first, where each leaves the shape E(k); else None."""
        begin = self.first + 1
        settled = self._general(entered, run, begin).node.output
        if not isinstance(settled, Signal) or not isinstance(entered, Signal):
            return None
        law = _at(settled, self.index, of_atom(self.index) - 1)
        law = law.but(storage=run.storages.alike(entered, law.axes))
        before = Entered(law, run)
        try:
            rest = self._general(law, run, begin)
        except SymparamsError:
            return None  # the shapes follow another law
        fits = rest.node.output == settled and _at(settled, self.index, self.first) == entered
        return rest if fits and before.left_alike(rest) else None


def _at_least(times: Size, passes: int) -> Condition:
    return Condition("nonnegative", times - passes)


class Entered:
    """What enters a pass, and what matters of it to the parts behind: ``after`` a pass, that too.

    It is taken down before the pass is tried, as a pass may keep what comes in.
    """

    def __init__(self, flow: Flow, run: Run, after: Trial | None = None) -> None:
        self.flow = flow
        self.since = run.storages.made
        self.situation = run.storages.situation(flow) if after is None else after.situation

    def left_by(self, trial: Trial) -> bool:
        """Tell whether the next pass is like this one."""
        return trial.node.output == self.flow and self.left_alike(trial)

    def left_alike(self, trial: Trial) -> bool:
        """Tell whether it is but for the shape: as to gradients, and to what is kept."""
        if not untouched(self.flow, trial.kept, self.since):
            return False
        same = trial.situation == self.situation
        return same and _grads(trial.node.output) == _grads(self.flow)


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


def _at(signal: Flow, index: Symbol, value: Size, run: Run | None = None) -> Signal:
    """Return a tensor at a value of an index; of a ``run``, in a storage of its own."""
    assert isinstance(signal, Signal), "a law is about single tensors"
    axes = tuple(substitute(a, {index.name: value}) for a in signal.axes)
    if run is None:
        return signal.but(axes=axes)
    return signal.but(axes=axes, storage=run.storages.alike(signal, axes))

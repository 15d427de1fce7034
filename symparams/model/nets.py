"""Nets: what takes a tensor to a tensor, before it meets one.

A net is made from the text once and applied to as many inputs as the text
says; :meth:`Net.apply` gives the applied :class:`~symparams.model.network.Node`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from symparams.algebra import Polynomial, Size
from symparams.algebra.conditions import Condition
from symparams.errors import NeedsValue, Span, SymparamsError
from symparams.layers.base import Layer, Wrapper
from symparams.model.network import (
    MEASURES,
    Applied,
    Chain,
    Group,
    Join,
    Leaf,
    Node,
    Repeat,
    fold,
)
from symparams.model.run import DEEPEST, Run
from symparams.model.signals import Signal

#: The most passes of a repeat whose shape changes in every pass.
MOST_PASSES = 10_000


@dataclass(frozen=True)
class Net:
    """Base of nets; ``span`` is where it is written."""

    span: Span | None = field(compare=False, repr=False)

    def apply(self, signal: Signal, run: Run) -> Node:
        """The net on an input.

        Raises:
            SymparamsError: the input does not fit.
        """
        raise TypeError(type(self).__name__)  # pragma: no cover - every net has its own


@dataclass(frozen=True)
class LayerNet(Net):
    """A built-in layer with its options."""

    layer: Layer
    applied: tuple[Applied, ...] = ()

    def apply(self, signal: Signal, run: Run) -> Node:
        layer = self.layer
        if layer.computes or layer.kind != "id":
            self._admit(signal)
        if isinstance(layer, Wrapper):
            return self._wrapped(layer, signal, run)
        for requirement in layer.requires(signal.axes):
            run.require(
                Condition(requirement.test, requirement.size, says=requirement.says), self.span
            )
        output = Signal(
            tuple(run.facts.reduce(axis) for axis in layer.output(signal.axes)),
            signal.tokens and not layer.takes_tokens,
        )
        weights = tuple(layer.weights(signal.axes))
        return Leaf(
            output, self.span, layer, signal, weights, layer.macs(signal.axes), self.applied
        )

    def _admit(self, signal: Signal) -> None:
        layer = self.layer
        if signal.tokens != layer.takes_tokens:
            if signal.tokens:
                raise SymparamsError(
                    f"'{layer.kind}' cannot take {signal}: those are integers",
                    self.span,
                    "put embed(V, d) in front of it",
                )
            raise SymparamsError(
                f"'{layer.kind}' takes {layer.needs}, but gets {signal.described()}", self.span
            )
        spatial = len(signal.axes) - 1
        if len(signal.axes) < layer.least_rank:
            raise SymparamsError(
                f"'{layer.kind}' needs {layer.needs}, but gets {signal.described()}", self.span
            )
        for name, option in layer.options.items():
            value = getattr(layer, name)
            if option.type == "sizes" and isinstance(value, tuple) and len(value) != spatial:
                raise SymparamsError(
                    f"'{layer.kind}' has {len(value)} sizes in '{name}' for {spatial} spatial "
                    f"ax{'is' if spatial == 1 else 'es'} of {signal}",
                    self.span,
                )

    def _wrapped(self, layer: Wrapper, signal: Signal, run: Run) -> Node:
        parts = tuple(layer.net.apply(signal, run) for _ in range(layer.copies))
        op = {"concat": "|", "sum": "+", "mul": "*", "ave": "+"}.get(layer.join)
        if op is None:
            raise SymparamsError(
                f"'{layer.kind}' with outputs kept apart is a bundle, which is not in this version",
                self.span,
            )
        output = joined(op, parts, run, self.span)
        body = Join(output, self.span, op, parts)
        return Group(output, self.span, layer.kind, body, layer)


@dataclass(frozen=True)
class ChainNet(Net):
    """First a, then b."""

    nets: tuple[Net, ...]

    def apply(self, signal: Signal, run: Run) -> Node:
        parts: list[Node] = []
        for net in self.nets:
            node = net.apply(signal, run)
            signal = node.output
            parts.append(node)
        return Chain(signal, self.span, tuple(parts))


@dataclass(frozen=True)
class JoinNet(Net):
    """Nets on the same input, outputs added, subtracted, multiplied or concatenated."""

    op: str
    nets: tuple[Net, ...]
    spans: tuple[Span | None, ...] = field(compare=False, repr=False)

    def apply(self, signal: Signal, run: Run) -> Node:
        parts = tuple(net.apply(signal, run) for net in self.nets)
        return Join(joined(self.op, parts, run, self.span, self.spans), self.span, self.op, parts)


@dataclass(frozen=True)
class RepeatNet(Net):
    """A net several times in a row, each time with weights of its own."""

    net: Net
    times: Size

    def apply(self, signal: Signal, run: Run) -> Node:
        times, first_input = self.times, signal
        run.require(
            Condition("integer", times, says=f"{times} must be an integer to repeat"), self.span
        )
        run.require(Condition("nonnegative", times, says=f"cannot repeat {times} times"), self.span)
        if times == 0:
            return Chain(signal, self.span, ())
        parts: list[tuple[Size, Node]] = []
        done = 0
        while True:
            node = self.net.apply(signal, run)
            left = times - done
            if node.output == signal:
                parts.append((left, node))
                break
            parts.append((1, node))
            done += 1
            signal = node.output
            if times == done:
                break
            if isinstance(times, Polynomial) and done == 2:
                raise self._open(first_input, parts, times)
            if done > MOST_PASSES:
                raise SymparamsError(
                    f"the shape still changes after {MOST_PASSES:,} repeats", self.span
                )
        if done and isinstance(times, Polynomial):
            run.require(
                Condition("nonnegative", times - done, says=f"{times} >= {done}"), self.span
            )
        return Repeat(signal, self.span, times, tuple(parts))

    def _open(self, start: Signal, parts: list[tuple[Size, Node]], times: Polynomial) -> NeedsValue:
        shapes = [start, *(node.output for _, node in parts)]
        names = sorted(s.name for s in times.symbols())
        listed = " and ".join(f"'{n}'" for n in names)
        return NeedsValue(
            f"a repeat of {times} has no closed form here: the shape goes "
            + ", then ".join(map(str, shapes)),
            names,
            self.span,
            f"give {listed} a value",
        )


@dataclass(frozen=True)
class BlockNet(Net):
    """A use of a block: ``body`` gives the block's net once the input's axes are known."""

    kind: str
    body: Callable[[Signal, Run], Net]

    def apply(self, signal: Signal, run: Run) -> Node:
        if self.kind in run.active:
            raise SymparamsError(f"block '{self.kind}' uses itself", self.span)
        if len(run.active) >= DEEPEST:
            raise SymparamsError(f"blocks nest deeper than {DEEPEST}", self.span)
        run.active.append(self.kind)
        try:
            node = self.body(signal, run).apply(signal, run)
        finally:
            run.active.pop()
        return Group(node.output, self.span, self.kind, node)


@dataclass(frozen=True)
class ChoiceNet(Net):
    """``if`` on sizes that are not known: decided only where the branches differ."""

    condition: Condition
    then: Callable[[], Net]
    otherwise: Callable[[], Net]

    def apply(self, signal: Signal, run: Run) -> Node:
        answer = self.condition.judge(run.facts)
        if answer is None:
            same = self._same(signal, run)
            if same is not None:
                return same
            answer = run.decide(self.condition, self.span)
        return (self.then if answer else self.otherwise)().apply(signal, run)

    def _same(self, signal: Signal, run: Run) -> Node | None:
        """The node of either branch where both give the same shape and counts."""
        before = dict(run.conditions)
        try:
            yes = self.then().apply(signal, run)
            no = self.otherwise().apply(signal, run)
        except SymparamsError:
            run.conditions = before
            return None  # one branch does not fit here; the condition has to decide
        if yes.output == no.output and all(
            fold(yes, m.rule) == fold(no, m.rule) for m in MEASURES.values()
        ):
            return yes
        run.conditions = before
        return None


# --- joining shapes --------------------------------------------------------

_VERB = {"+": "add", "-": "subtract", "*": "multiply", "|": "concatenate"}


def joined(
    op: str,
    parts: tuple[Node, ...],
    run: Run,
    span: Span | None,
    spans: tuple[Span | None, ...] = (),
) -> Signal:
    """The shape of parts joined: ``+ - *`` broadcast from the last axis, ``|`` adds it up.

    Raises:
        SymparamsError: shapes that do not fit, or are not known to.
    """
    result = parts[0].output
    for k, part in enumerate(parts[1:], 1):
        other = part.output
        where = spans[k] if len(spans) > k else span
        if result.tokens or other.tokens:
            raise SymparamsError(f"cannot {_VERB[op]} integers", where, "embed them first")
        if op == "|":
            result = _concatenated(result, other, run, where)
        else:
            result = _broadcast(op, result, other, run, where)
    return result


def _broadcast(op: str, left: Signal, right: Signal, run: Run, span: Span | None) -> Signal:
    longer, shorter = (
        (left.axes, right.axes) if len(left.axes) >= len(right.axes) else (right.axes, left.axes)
    )
    axes = list(longer)
    for back in range(1, len(shorter) + 1):
        a, b = longer[-back], shorter[-back]
        if a == 1:
            axes[-back] = b
        elif b != 1:
            _same_axis(op, a, b, (left, right), run, span)
    return Signal(tuple(axes))


def _concatenated(left: Signal, right: Signal, run: Run, span: Span | None) -> Signal:
    if len(left.axes) != len(right.axes) or not left.axes:
        raise SymparamsError(f"cannot concatenate {left.described()} and {right.described()}", span)
    for a, b in zip(left.axes[:-1], right.axes[:-1], strict=True):
        _same_axis("|", a, b, (left, right), run, span)
    return Signal((*left.axes[:-1], left.axes[-1] + right.axes[-1]))


def _same_axis(
    op: str, a: Size, b: Size, shapes: tuple[Signal, Signal], run: Run, span: Span | None
) -> None:
    if a == b:
        return
    answer = run.facts.zero(a - b)
    if answer is True:
        return
    left, right = shapes
    message = f"cannot {_VERB[op]} {left.described()} and {right.described()}"
    if answer is None:
        raise SymparamsError(
            f"{message}: {a} and {b} are not known to be equal", span, f"say 'where {a} == {b}'"
        )
    raise SymparamsError(f"{message}: {a} and {b} differ", span)

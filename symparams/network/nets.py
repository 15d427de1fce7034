"""Nets: what takes a tensor to a tensor, before it meets one.

A net is made from the text once and applied to as many inputs as the text
says; :meth:`Net.apply` gives the applied :class:`~symparams.network.nodes.Node`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from symparams.algebra import Condition, Polynomial, Size
from symparams.errors import NeedsValue, Span, SymparamsError, UnknownName
from symparams.layers import (
    Core,
    Layer,
    Requirement,
    Rewriter,
    Shape,
    Weight,
    Wrapper,
    is_kernel,
)
from symparams.network.building import DEEPEST, Run
from symparams.network.channel_order import stand_last
from symparams.network.joining import join, say_where
from symparams.network.measures import learns
from symparams.network.nodes import (
    INCOMING,
    Applied,
    ChainNode,
    GroupNode,
    KeptNode,
    LeafNode,
    Node,
    Place,
    ReferenceNode,
    ScaledNode,
    WeightNode,
    children,
    own_weights,
    rewritten,
)
from symparams.network.precision import stored, weights_below
from symparams.network.shapes import Bundled, Flow, Signal, signals_of
from symparams.network.storages import NO_SAVING, Saving
from symparams.records import Record

#: The most places that an error names beside its own.
MOST_CALLS = 3
#: So many parts of a tensor cost as much as a layer.
PARTS_OF_A_STEP = 64


class Net(Record):
    """Base of nets; ``span`` is where it is written."""

    span: Span | None

    def apply(self, flow: Flow, run: Run) -> Node:
        """Return the net on an input.

        Raises:
            SymparamsError: the input does not fit.
        """
        raise TypeError(type(self).__name__)  # pragma: no cover - every net has its own


def one(flow: Flow, what: str, span: Span | None) -> Signal:
    """Return a flow that must be a single tensor."""
    if isinstance(flow, Bundled):
        raise SymparamsError(
            f"{what} takes one tensor, but gets {flow.described()}", span, "take one of them: […]"
        )
    return flow


def used(error: SymparamsError, kind: str, call: Span | None) -> SymparamsError:
    """Return an error inside a block or layer, with the place of the user who called it.

    Inside a shipped block it is told there, inside one of the user's own beside.
    """
    place = error.span
    if place is None or call is None:
        return error.at(call)
    if call.source.shipped:
        return error
    if place.source.shipped:
        note = (f"inside the library's '{kind}'", place)
        error.span, error.notes = call, (*error.notes, note)
        return error
    in_call = place.source == call.source and call.start <= place.start and place.end <= call.end
    # An unknown name is wrong whoever uses it.
    if not in_call and not isinstance(error, UnknownName) and len(error.notes) < MOST_CALLS:
        error.notes = (*error.notes, (f"'{kind}' is used here", call))
    return error


class LayerNet(Net):
    """A built-in or written layer with its options; ``feeds`` are the tensors among them."""

    apart = ("feeds",)

    layer: Layer
    applied: tuple[Applied, ...] = ()
    feeds: tuple[tuple[str, ReferenceNode], ...] = ()

    def apply(self, flow: Flow, run: Run) -> Node:
        layer = self.layer
        run.spend(1, self.span)
        if isinstance(layer, Core):
            return self._core(layer, flow, run)
        if layer.kind == "id":
            return LeafNode(flow, self.span, layer, flow, (), 0, saving=NO_SAVING)
        if isinstance(layer, Rewriter):
            return self._rewritten(layer, flow, run)
        signal = one(flow, f"'{layer.kind}'", self.span)
        self._admit(signal)
        if isinstance(layer, Wrapper):
            return self._wrapped(layer, signal, run)
        self._require(layer.requires(signal.axes), run, signal.axes)
        weights = stored([*layer.weights(signal.axes)], layer, run.precisions)
        axes = self._whole(layer.kind, layer.output(signal.axes), run)
        grad = self._grad((signal,), weights, run)
        storage = signal.storage if layer.views else run.storages.of(axes, (signal,))
        order = layer.order(signal.order, len(axes)) if run.storages.on else ()
        output = Signal(axes, signal.tokens and not layer.takes_tokens, grad, storage, order)
        extra, frozen = layer.macs(signal.axes), run.frozen is True
        saving = self._saving((signal,), output, weights, run)
        return LeafNode(
            output, self.span, layer, signal, weights, extra, self.applied, frozen, saving=saving
        )

    def _require(
        self, requirements: Iterable[Requirement], run: Run, axes: tuple[Size, ...] = ()
    ) -> None:
        for requirement in requirements:
            condition = Condition(requirement.test, requirement.size, says=requirement.says)
            if requirement.test == "zero" and condition.judge(run.facts) is None:
                # Shapes are proved, not hoped for; a value says whether they fit.
                raise NeedsValue(
                    f"{requirement.says}: not known to be equal",
                    sorted(run.known({s.name for s in condition.symbols()})),
                    self.span,
                    say_where(condition.formula(), condition),
                )
            run.require(condition, self.span, stand_last(self.layer.kind, axes))

    def _whole(self, kind: str, shape: Shape, run: Run) -> tuple[Size, ...]:
        """Return the axes of an output, in their shortest form.

        Raises:
            SymparamsError: one is no positive integer.
        """
        axes = tuple(run.facts.reduce(axis) for axis in shape)
        run.weigh(axes, self.span)
        # Where sizes are open, what a layer requires of its input sees to it.
        for axis in axes:
            if not isinstance(axis, Polynomial) and (axis <= 0 or axis.denominator != 1):
                raise SymparamsError(f"the output of '{kind}' would be {Signal(axes)}", self.span)
        return axes

    def _grad(
        self, entering: tuple[Signal, ...], weights: tuple[Weight, ...], run: Run
    ) -> bool | None:
        """Return whether the output requires a gradient: an input does, or a weight is trained."""
        if not run.gradients:
            return None
        if any(map(is_kernel, weights)):
            for rewriter in reversed(run.adapters):
                weights = rewriter.kept(weights, self.layer, entering[0].axes)
        tensors = (*entering, *(s for _, t in self.feeds for s in signals_of(t.output)))
        return any(s.grad for s in tensors) or any(learns(w, run.frozen is True) for w in weights)

    def _saving(
        self, entering: tuple[Signal, ...], output: Flow, weights: tuple[Weight, ...], run: Run
    ) -> Saving | None:
        """Return what the layer keeps first; None where it does not say."""
        if not run.storages.on or not signals_of(output)[0].grad:
            return NO_SAVING
        tensors = (*entering, *(s for _, t in self.feeds for s in signals_of(t.output)))
        trained = any(learns(w, run.frozen is True) for w in weights)
        needs = tuple(bool(s.grad) for s in tensors)
        around = run.adapters if any(map(is_kernel, weights)) else []
        if not around:
            saved = self.layer.saves(needs, trained, *(s.axes for s in entering))
        else:
            first, *others = around
            axes = entering[0].axes
            saved = None if others else first.saved(self.layer, needs, trained, axes)
        if saved is None:
            return None
        return run.storages.keep(saved, tensors, output, self.layer.packs)

    def _core(self, core: Core, flow: Flow, run: Run) -> Node:
        items = flow.items if isinstance(flow, Bundled) else (flow,)
        entering: list[Signal] = []
        for item in items:
            signal = one(item, f"'{core.kind}'", self.span)
            if signal.tokens:
                raise SymparamsError(
                    f"'{core.kind}' cannot take {signal}: those are integers",
                    self.span,
                    "put embed(V, d) in front of it",
                )
            entering.append(signal)
        shapes = [signal.axes for signal in entering]
        if core.inputs and len(shapes) != len(core.inputs):
            named = ", ".join(core.inputs)
            raise SymparamsError(
                f"'{core.kind}' takes {len(core.inputs)} tensors ({named}), not {len(shapes)}",
                self.span,
            )
        for shape in shapes:
            if len(shape) < core.least_rank:
                raise SymparamsError(
                    f"'{core.kind}' needs {core.needs}, but gets {Signal(shape).described()}",
                    self.span,
                )
        core.admit(*shapes)
        self._require(core.demands(*shapes), run)
        weights = stored([*core.owns(*shapes)], core, run.precisions)
        grad = self._grad(tuple(entering), weights, run)
        outputs: list[Signal] = []
        made: dict[Shape, Signal] = {}
        parts = core.outputs(*shapes)
        run.spend(len(parts) // PARTS_OF_A_STEP, self.span)
        for shape in parts:
            if shape in made and not run.storages.on:
                outputs.append(made[shape])
                continue
            axes = self._whole(core.kind, shape, run)
            view = core.views and not (core.packs and entering[0].order)
            storage = entering[0].storage if view else run.storages.of(axes, entering)
            order = core.order(entering[0].order, len(axes)) if run.storages.on else ()
            made[shape] = Signal(axes, grad=grad, storage=storage, order=order)
            outputs.append(made[shape])
        output = Bundled(tuple(outputs)) if core.several else outputs[0]
        saving = self._saving(tuple(entering), output, weights, run)
        frozen = bool(weights) and run.frozen is True
        costs = core.costs(*shapes)
        return LeafNode(
            output,
            self.span,
            core,
            flow,
            weights,
            costs,
            self.applied,
            frozen,
            feeds=self.feeds,
            saving=saving,
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
        spatial = len(signal.axes) - 1 - layer.leading
        if len(signal.axes) < layer.least_rank:
            raise SymparamsError(
                f"'{layer.kind}' needs {layer.needs}, but gets {signal.described()}", self.span
            )
        for name, option in layer.options.items():
            value = getattr(layer, name)
            if option.spatial and isinstance(value, tuple) and len(value) != spatial:
                raise SymparamsError(
                    f"'{layer.kind}' has {len(value)} sizes in '{name}' for {spatial} spatial "
                    f"ax{'is' if spatial == 1 else 'es'} of {signal}",
                    self.span,
                )

    def _wrapped(self, layer: Wrapper, signal: Signal, run: Run) -> Node:
        with run.inside_loop():
            made = (layer.net.apply(signal, run) for _ in range(layer.copies))
            # The way back begins at the end, so generation finds nothing to go on with.
            parts = tuple(rewritten(part, _without_state) for part in made)
        op = {"concat": "|", "sum": "+", "mul": "*", "ave": "+"}.get(layer.join, "bundle")
        body = join(op, parts, run, self.span)
        return GroupNode(body.output, self.span, layer.kind, body, layer)

    def _rewritten(self, layer: Rewriter, flow: Flow, run: Run) -> Node:
        changed: list[LeafNode] = []

        def change(node: Node) -> Node:
            if isinstance(node, ScaledNode) and node.role == "shared" and weights_of(node.part):
                raise SymparamsError(
                    f"'{layer.kind}' around a net that is shared",
                    self.span,
                    f"write it where the net is bound: shared … = {layer.kind}(…)",
                )
            if not isinstance(node, LeafNode) or not any(map(is_kernel, node.weights)):
                return node
            if any(w.name == "recurrent_kernel" for w in node.weights):
                raise SymparamsError(
                    f"'{layer.kind}' around '{node.layer.kind}', which has two kernels", self.span
                )
            shape = node.source.axes if isinstance(node.source, Signal) else ()
            changed.append(node)
            weights = layer.kept(node.weights, node.layer, shape)
            return node.but(
                weights=stored(weights, node.layer, run.precisions),
                around=(*node.around, (layer, self.applied)),
            )

        with run.adapting(layer):
            body = rewritten(layer.net.apply(flow, run), change)
        if not changed:
            raise SymparamsError(
                f"'{layer.kind}' finds no kernel in its net",
                self.span,
                "put a dense layer, a convolution or an embedding in it",
            )
        return GroupNode(body.output, self.span, layer.kind, body, layer)


class ChainNet(Net):
    """First a, then b."""

    nets: tuple[Net, ...]

    def apply(self, flow: Flow, run: Run) -> Node:
        parts: list[Node] = []
        for net in self.nets:
            node = net.apply(flow, run)
            flow = node.output
            parts.append(node)
        return ChainNode(flow, self.span, tuple(parts))


class JoinNet(Net):
    """Nets on the same input: added, subtracted, multiplied, concatenated, or kept apart."""

    apart = ("spans",)

    op: str
    nets: tuple[Net, ...]
    spans: tuple[Span | None, ...] = ()

    def apply(self, flow: Flow, run: Run) -> Node:
        parts = tuple(net.apply(flow, run) for net in self.nets)
        return join(self.op, parts, run, self.span, self.spans)


class ConstantNet(Net):
    """A tensor among nets: it ignores its input."""

    node: Node

    def apply(self, flow: Flow, run: Run) -> Node:
        """Return the tensor.

        Raises:
            SymparamsError: ``freeze`` or ``train`` around it would not reach its weights, which
                were made before.
        """
        if run.frozen is not None and _learns_otherwise(self.node, run.frozen):
            word = "freeze" if run.frozen else "train"
            raise SymparamsError(
                f"'{word}' around a tensor whose weights are made outside of it",
                self.span,
                "put it around the layers that own the weights",
            )
        return self.node


class PickNet(Net):
    """One of a bundle."""

    place: int

    def apply(self, flow: Flow, run: Run) -> Node:
        if not isinstance(flow, Bundled) or not -len(flow.items) <= self.place < len(flow.items):
            hint = "" if isinstance(flow, Bundled) else f"take({self.place}) is one of an axis"
            raise SymparamsError(f"no part {self.place} in {flow.described()}", self.span, hint)
        place = self.place % len(flow.items)
        return ReferenceNode(flow.items[place], self.span, INCOMING, (place,))


class BlockNet(Net):
    """A use of a block: ``body`` builds it once the input's axes are known.

    Whatever in it refers to the input does so by the place that it is given.
    """

    apart = ("use",)

    kind: str
    body: Callable[[Flow, Run, Place], Node]
    #: For each default that was taken, the body without it.
    without: tuple[tuple[Applied, Callable[[Flow, Run, Place], Node]], ...] = ()
    #: The definition and what it was given; it equals itself alone.
    use: object = None

    def apply(self, flow: Flow, run: Run) -> Node:
        if self.use in run.active:
            raise SymparamsError(f"block '{self.kind}' uses itself", self.span)
        run.spend(1, self.span)
        if len(run.active) >= DEEPEST:
            raise SymparamsError(f"blocks nest deeper than {DEEPEST}", self.span)
        run.active.append(self.use)
        try:
            entry = Place(f"the input of {self.kind}")
            node = self.body(flow, run, entry)
            others = tuple(
                (applied, other)
                for applied, body in (() if run.comparing else self.without)
                if (other := self._tried(body, flow, run, entry)) is not None
            )
        except SymparamsError as error:
            raise used(error, self.kind, self.span) from None
        finally:
            run.active.pop()
        return GroupNode(node.output, self.span, self.kind, node, entry=entry, without=others)

    def _tried(
        self, body: Callable[[Flow, Run, Place], Node], flow: Flow, run: Run, entry: Place
    ) -> Node | None:
        """Return what a body would be; None where it would not fit."""
        before, run.comparing = run.comparing, True
        try:
            with run.trying():
                return body(flow, run, entry)
        except SymparamsError:
            return None
        finally:
            run.comparing = before


def _learns_otherwise(node: Node, frozen: bool) -> bool:
    """Tell whether a network has weights that training does not treat as ``frozen`` says."""
    otherwise = isinstance(node, LeafNode | WeightNode) and node.frozen is not frozen
    own = own_weights(node) if otherwise else ()
    return any(not w.buffer and w.trained is None for w in own) or any(
        _learns_otherwise(part, frozen) for part in children(node)
    )


def _without_state(node: Node) -> Node:
    if isinstance(node, LeafNode):
        return node.but(steps=False)
    return node.but(size=0) if isinstance(node, KeptNode) else node


#: Name, shape and bytes of weights, in order.
Weights: TypeAlias = "tuple[tuple[str, tuple[Size, ...], Size | None], ...]"


def weights_of(node: Node) -> Weights:
    """Return name, shape and bytes of every weight of a network, in order; repeats counted once."""
    return tuple((w.name, w.shape, w.bytes) for w, _ in weights_below(node))

"""Combinators: the words of the language that make a net of nets.

Each is one class here: its options, as a layer kind declares them, and the net
that it is on an input. The catalogue, errors and nearest names read the class.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from symparams.algebra import (
    Condition,
    Size,
    add_up,
    minimum,
    of_atom,
)
from symparams.elaboration.braces import as_tensor
from symparams.elaboration.callables import LONGEST_HINT, KindTarget, bind
from symparams.elaboration.closed_sums import closed_sum
from symparams.elaboration.option_types import option_value
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.values import Layout, Template, Tensor, Value, is_size
from symparams.errors import Span, SymparamsError
from symparams.language import tree
from symparams.layers import (
    REQUIRED,
    Option,
    a_flag,
    a_net,
    a_precision,
    a_size,
    a_state,
    an_axis,
    kinds,
)
from symparams.network import (
    Bodies,
    Bundled,
    ChainNet,
    ChainNode,
    Decide,
    Flow,
    GroupNode,
    JoinNet,
    KeptNode,
    LayerNet,
    Net,
    Node,
    Place,
    Precision,
    Run,
    SavedNode,
    ScaledNode,
    Signal,
    fused,
    one,
    requiring,
    signals_of,
    values_in,
    weights_below,
)

#: All combinators by name, filled as their classes are defined.
COMBINATORS: dict[str, type[Combinator]] = {}


class Combinator(Net):
    """Base of the nets that a combinator makes; their fields are its options.

    ``noun`` is what errors call it, ``example`` a network of it for the catalogue,
    ``form`` how it is called, where the options do not say it all.
    """

    kind: ClassVar[str]
    options: ClassVar[Mapping[str, Option]] = {}
    noun: ClassVar[str] = "function"
    example: ClassVar[str]
    form: ClassVar[str] = ""

    def __init_subclass__(cls, kind: str = "") -> None:
        super().__init_subclass__()
        own = {n: o for n, o in vars(cls).items() if isinstance(o, Option)}
        cls.options = {**cls.options, **own}
        if kind:
            cls.kind = kind
            COMBINATORS[kind] = cls

    @classmethod
    def call(cls, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        """Return the value of a call.

        Raises:
            SymparamsError: an argument is missing, unknown, or not what is declared.
        """
        options = cls.options
        placed = sum(o.place is not None for o in options.values())
        given = bind(node, list(options), placed, f"'{cls.kind}'")
        values: dict[str, Any] = {}
        for name, option in options.items():
            if name not in given and option.default is REQUIRED:
                needed = option.says if len(options) == 1 else f"'{name}'"
                raise SymparamsError(f"'{cls.kind}' needs {needed}", node.span)
            values[name] = option.default
        for name, written in given.items():
            values[name] = option_value(evaluator, written, scope, options[name], name, cls.kind)
        net = cls(node.span, **values)
        net.admit(evaluator.run, {name: written.span for name, written in given.items()})
        return net

    def admit(self, run: Run, places: Mapping[str, Span]) -> None:
        """Require what must hold of the options; ``places`` are where they stand."""


class ResidualNet(Combinator, kind="residual"):
    """id + f: a net and the way around it (He et al. 2015, arXiv:1512.03385)."""

    noun = "block"
    example = "input(d) -> residual(dense(f) -> relu -> dense(d))"

    f: Net = a_net("the net it goes around", place=0)

    def apply(self, flow: Flow, run: Run) -> Node:
        both = (LayerNet(self.span, kinds()["id"]()), self.f)
        return JoinNet(self.span, "+", both, (self.span, self.f.span)).apply(flow, run)


class TrainedNet(Combinator):
    """Nets that say for every weight they use whether training changes it: the innermost holds."""

    frozen: ClassVar[bool]
    net: Net = a_net("a net", place=0)

    def apply(self, flow: Flow, run: Run) -> Node:
        with run.training(self.frozen):
            node = self.net.apply(flow, run)
        return GroupNode(node.output, self.span, "", node, shown=False, trains=not self.frozen)


class FreezeNet(TrainedNet, kind="freeze"):
    """A net whose weights stay as they are, shared ones included, but for those inside ``train``.

    Keras ``trainable = False``, torch ``requires_grad_(False)``.
    """

    example = "input(i) -> freeze(dense(h)) -> dense(o)"
    frozen = True


class TrainNet(TrainedNet, kind="train"):
    """A net whose weights are trained, whatever ``freeze`` around it says.

    Keras ``trainable = True``, torch ``requires_grad_(True)``.
    """

    example = "input(i) -> freeze(dense(h) -> train(dense(o)))"
    frozen = False


class PrecisionNet(Combinator, kind="precision"):
    """A net whose weights are kept in so many bits each: the innermost holds.

    In place of bits a layout of the library, or a ``measure NAME on [i, o]`` of
    the text, says the bytes of a matrix of i inputs and o outputs. It is of the
    kernels of dense layers, with ``tables = yes`` of the tables of embeddings
    too; all other weights, biases and norms among them, stay as they are.
    """

    example = "input(i) -> precision(dense(o), 8)"

    net: Net = a_net("a net", place=0)
    bits: Size | Layout = a_precision("bits of a value, or a layout", place=1)
    tables: bool = a_flag("a layout is of the tables of embeddings too", False)

    def apply(self, flow: Flow, run: Run) -> Node:
        if isinstance(self.bits, Layout):
            precision = Precision(self.span, 0, self.bits.bytes_of, self.tables)
        else:
            precision = Precision(self.span, self.bits)
        with run.storing(precision):
            node = self.net.apply(flow, run)
        self._check(node, precision)
        return GroupNode(node.output, self.span, "", node, shown=False)

    def _check(self, node: Node, precision: Precision) -> None:
        """Check that what could have this precision, or one inside it, does.

        Raises:
            SymparamsError: a layout finds no matrix, or weights are not the net's own.
        """
        weights = weights_below(node)
        if any(w.bytes is None and precision.covers(w, layer) for w, layer in weights):
            raise SymparamsError(
                "'precision' around a tensor whose weights are made outside of it",
                self.span,
                "put it around the layers that own the weights",
            )
        if isinstance(self.bits, Layout) and all(w.precision is not precision for w, _ in weights):
            raise SymparamsError(
                f"the layout '{self.bits.name}' finds no matrix in its net",
                self.span,
                "it is of dense layers, with 'tables = yes' of embeddings too",
            )


class FuseNet(Combinator, kind="fuse"):
    """A net as inference runs it, its batch norms folded into the layers in front of them.

    A norm goes that stands directly behind a convolution or a dense layer whose
    output nothing else reads; a layer without a bias gets one. Any other norm,
    and one behind a kernel that is kept in another way, stays. torch
    ``torch.fx.experimental.optimization.fuse``, ``fuse_conv_bn_eval``.
    """

    example = "input(x, y, i) -> fuse(conv(o, f, bias = no) -> bn -> relu)"

    net: Net = a_net("a net", place=0)

    def apply(self, flow: Flow, run: Run) -> Node:
        with run.inside_fuse():
            node = fused(self.net.apply(flow, run), run)
        return GroupNode(node.output, self.span, "", node, shown=False)


class KeepNet(Combinator, kind="keep"):
    """A net whose output generation holds from step to step (measure ``kept``).

    With ``last = n`` no more than the last n of its positions, which the axis before
    the last counts; with ``values = n`` a state of n values in the output's place.
    """

    example = "input(t, i) -> keep(linear(h), last = w)"

    net: Net = a_net("a net", place=0)
    last: Size | None = a_size("", "positions that are kept; none: all", None)
    values: Size | None = a_size("", "values that are kept; none: the output's", None)

    def apply(self, flow: Flow, run: Run) -> Node:
        node = self.net.apply(flow, run)
        kept = values_in(self._held(node.output)) if self.values is None else self.values
        return ChainNode(node.output, self.span, (node, KeptNode(node.output, self.span, kept)))

    def _held(self, flow: Flow) -> Flow:
        """Return what is kept of a tensor, or of each in a bundle."""
        if self.last is None:
            return flow
        if isinstance(flow, Bundled):
            return Bundled(tuple(map(self._held, flow.items)))
        if len(flow.axes) < 2:
            raise SymparamsError(
                f"'last' of 'keep' is of positions, and {flow.described()} has none", self.span
            )
        *front, positions, width = flow.axes
        return Signal((*front, minimum(positions, self.last), width))


class TrainOnlyNet(Combinator, kind="train_only"):
    """A net that inference leaves out, an auxiliary head: its weights count, its MACs do not."""

    example = "input(i) -> (linear(o), train_only(linear(h)))"

    net: Net = a_net("a net", place=0)

    def apply(self, flow: Flow, run: Run) -> Node:
        node = self.net.apply(flow, run)
        return ScaledNode(
            node.output, self.span, node, 1, 1, 0, "in training only", role="training"
        )


class MixtureNet(Combinator, kind="moe"):
    """A router without bias and n experts, top of them at work on one input.

    Shazeer et al. 2017 (arXiv:1701.06538). Every expert has weights of its own.
    """

    noun = "core"
    example = "input(s, d) -> moe(linear(f) -> linear(d), n, top)"

    expert: Net = a_net("the net of an expert", place=0)
    n: Size = a_size("", "how many experts there are", place=1)
    top: Size = a_size("", "how many of them are at work", place=2)

    def admit(self, run: Run, places: Mapping[str, Span]) -> None:
        says = f"top = {self.top} of {self.n} experts"
        run.require(Condition("nonnegative", self.n - self.top, says=says), places["top"])

    def apply(self, flow: Flow, run: Run) -> Node:
        signal = one(flow, "'moe'", self.span)
        router = LayerNet(self.span, kinds()["linear"](units=self.n)).apply(signal, run)
        scores = Place("the router's scores")
        scored = GroupNode(router.output, self.span, "", router, shown=False, place=scores)
        with run.inside_loop():
            expert = self.expert.apply(signal, run)
        told, times = f"{self.top} of {self.n} at work", (self.n, self.top, self.top)
        part = ScaledNode(
            expert.output, self.span, expert, *times, told, role="experts", place=scores
        )
        output = expert.output
        if run.gradients and any(s.grad for s in signals_of(router.output)):
            output = requiring(output)  # the scores weigh the experts
        body = Bodies(output, self.span, (scored,), part)
        return GroupNode(output, self.span, "moe", unsaid(body, "moe", run))


class RecurNet(Combinator, kind="recur"):
    """A cell ``on (x[d], s[h])`` over the steps of a sequence: weights once, work at every step.

    The cell gives the next state, or a bundle of an output and the next state.
    The first state is h zeros, or h is itself a tensor. Keras ``RNN(cell)`` of a
    cell of your own; in torch a loop.
    """

    noun = "core"
    example = "input(t, i) -> recur(cat -> dense(h) -> tanh, h)"

    cell: Net = a_net("the net of a step", place=0)
    h: Size | Tensor = a_state("the size of the state, or the first state", place=1)

    def admit(self, run: Run, places: Mapping[str, Span]) -> None:
        if isinstance(self.h, Tensor):
            one(self.h.signal, "'recur'", places["h"])

    def apply(self, flow: Flow, run: Run) -> Node:
        signal = one(flow, "'recur'", self.span)
        if len(signal.axes) < 2:
            raise SymparamsError(
                f"'recur' needs a sequence (time, features), but gets {signal.described()}",
                self.span,
            )
        steps, *rest = signal.axes
        each = Signal(tuple(rest), signal.tokens, signal.grad, signal.storage)
        start: Node | None = None
        if isinstance(self.h, Tensor):
            start, state = self.h.node, one(self.h.signal, "'recur'", self.span)
        else:
            state = Signal((self.h,), grad=run.grad(False), storage=run.storages.new(self.h))
        begin = self._beginning(each, state, run)
        if begin is not None:
            state = state.but(grad=True)
        step = self.cell.apply(Bundled((each, state)), run)
        given = step.output.items if isinstance(step.output, Bundled) else (step.output,)
        if given[-1] != state:
            raise SymparamsError(
                f"the cell of 'recur' gives a state of {given[-1]}, not of {state}", self.span
            )
        first = one(given[0], "'recur'", self.span)
        storage = run.storages.of((steps, *first.axes), (signal, first))
        output = Signal((steps, *first.axes), first.tokens, first.grad, storage)
        before = None if start is None else Place("the first state")
        label, times = f"at each of {steps} steps", steps
        parts: list[Node] = []
        if begin is not None:
            label, times = f"at each of {steps} steps but the first", steps - 1
            told = "the first step"
            parts.append(ScaledNode(output, self.span, begin, 0, 0, 1, told, role="first step"))
        parts += [
            ScaledNode(
                *(output, self.span, step, 1, 1, times, label),
                role="steps",
                place=before,
                enters=each,
            ),
            KeptNode(output, self.span, values_in(state)),
        ]
        body = unsaid(ChainNode(output, self.span, tuple(parts)), "recur", run)
        group = GroupNode(output, self.span, "recur", body)
        if start is None:
            return group
        first_state = GroupNode(start.output, self.span, "", start, shown=False, place=before)
        return Bodies(output, self.span, (first_state,), group)

    def _beginning(self, each: Signal, state: Signal, run: Run) -> Node | None:
        """Return the first step, where only the states that the cell makes require a gradient."""
        if not run.gradients or state.grad:
            return None
        begin = run.tried(lambda: self.cell.apply(Bundled((each, state)), run)).node
        return begin if signals_of(begin.output)[-1].grad else None


def unsaid(node: Node, name: str, run: Run) -> Node:
    """Return a part that does not say what it keeps for the backward pass."""
    if not run.storages.on:
        return node
    return ChainNode(node.output, node.span, (node, SavedNode(node.output, node.span, name, None)))


class SideBySideNet(Combinator):
    """Nets on one input, one for each value of a list."""

    op: ClassVar[str]

    @classmethod
    def call(cls, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        name, args = cls.kind, node.args
        if cls.op == "|" and not any(isinstance(a, tree.Comprehension) for a in args):
            meant = _side_by_side(evaluator, node, scope, "|")
            if meant:
                says = "'cat' joins tensors, or goes over a list with 'for'"
                raise SymparamsError(says, node.span, meant)
            return KindTarget(kinds()["cat"]).call(evaluator, node, scope)
        more = args[1:] if cls.options else ()
        given = bind(node.but(args=more), list(cls.options), len(cls.options), f"'{name}'")
        if len(args) - len(more) != 1 or not isinstance(args[0], tree.Comprehension | tree.Range):
            hint = _side_by_side(evaluator, node, scope, "+") if cls.op == "+" else ""
            as_in = f"as in {name}(conv(c, 3) for c in [8, 16])"
            raise SymparamsError(f"'{name}' goes over a list", node.span, hint or as_in)
        body: tree.Expression = args[0]
        if isinstance(args[0], tree.Comprehension):
            closed = closed_sum(evaluator, args[0], scope) if cls.op == "+" else None
            if closed is not None:
                return closed
            body, values = args[0].body, evaluator.passes(args[0], scope)
        else:
            values = evaluator.items(body, scope)
        if not values and (cls.op == "|" or _is_of_nets(evaluator, args[0], scope)):
            raise SymparamsError(f"'{name}' over nothing", node.span)
        if all(is_size(v) for v in values) and cls.op == "+":
            return add_up(values)  # type: ignore[arg-type]  # all are sizes
        nets = tuple(evaluator.as_net(v, body, scope) for v in values)
        axis = evaluator.integer(given["axis"], scope, "an axis") if "axis" in given else -1
        op = cls.op if axis == -1 else "bundle"
        joined = JoinNet(node.span, op, nets, (node.span,) * len(nets))
        if axis == -1:
            return joined
        return ChainNet(node.span, (joined, LayerNet(node.span, kinds()["cat"](axis=axis))))


class SumNet(SideBySideNet, kind="sum"):
    """Nets on the same input, outputs added; or sizes, added.

    A sum of sizes over a range has a closed form, where there is one.
    """

    example = "input(x, y, i) -> sum(conv(o, k, pad = same) for k in [1, 3])"
    form = "sum(net for c in list)"
    op = "+"


class CatNet(SideBySideNet, kind="cat"):
    """Nets on the same input, outputs joined on the last axis, or on another with ``axis``.

    Called on tensors, or behind a bundle of them, it is the core of that name.
    """

    example = "input(x, y, i) -> cat(conv(o, k, pad = same) for k in [1, 3])"
    form = "cat(net for c in list, axis = -1)"
    op = "|"

    axis: int = an_axis("which axis", -1)


def _side_by_side(evaluator: Reader, node: tree.Call, scope: Scope, op: str) -> str:
    """Return ``write '(a | b)'`` of ``cat([a, b])`` and ``cat(a, b)`` of nets; "" of what is no
    slip.
    """
    args = node.args
    listed = len(args) == 1 and isinstance(args[0], tree.List)
    items = args[0].items if len(args) == 1 and isinstance(args[0], tree.List) else args
    if not items or any(isinstance(i, tree.Comprehension | tree.Range) for i in items):
        return ""
    with evaluator.body():
        values = [evaluator.value(item, scope) for item in items]
    texts = [item.span.text for item in items]
    axis = "".join(f", {o.span.text}" for o in node.options)
    if op == "|" and len(values) > 2 and is_size(values[-1]) and not axis:
        axis = f", axis = {texts[-1]}"
        values, texts, items = values[:-1], texts[:-1], items[:-1]
    if all(is_size(v) for v in values):
        hint = f"write '{' + '.join(texts)}'" if op == "+" else ""
    elif all(as_tensor(v, i.span) for v, i in zip(values, items, strict=True)):
        hint = f"write 'cat({', '.join(texts)}{axis})'" if listed and op == "|" else ""
        hint = hint or (f"write '({' + '.join(texts)})'" if op == "+" else "")
    elif all(isinstance(v, Net | Template) for v in values):
        hint = f"write '({f' {op} '.join(texts)})'"
        if axis:
            hint = f"write '({', '.join(texts)}) -> cat({axis[2:]})'"
    else:
        return ""
    return hint if "\n" not in hint and len(hint) <= LONGEST_HINT else ""


def _is_of_nets(evaluator: Reader, node: tree.Expression, scope: Scope) -> bool:
    """Tell whether nets would be added, had a comprehension any pass, as far as its body says."""
    if not isinstance(node, tree.Comprehension):
        return False
    run = evaluator.run
    names = {n: of_atom(run.fresh_index(name=n)) for n in node.targets if n != "_"}
    try:
        with evaluator.body(), run.trying():
            value = evaluator.value(node.body, scope.inner(names))
    except (SymparamsError, Decide):
        return False  # an element that is no number: a sum of sizes over nothing is 0
    return not is_size(value)

"""What else can be called: inputs, size functions, nets made of nets."""

from __future__ import annotations

from typing import ClassVar

from symparams.algebra import (
    Condition,
    Polynomial,
    Size,
    SizeFunction,
    add_up,
    minimum,
    of_atom,
    product,
    sum_over,
    text,
)
from symparams.elaboration.braces import as_tensor
from symparams.elaboration.callables import LONGEST_HINT, KindTarget, bind
from symparams.elaboration.option_types import checked
from symparams.elaboration.reader import Reader
from symparams.elaboration.scope import Scope
from symparams.elaboration.suggestions import bare, foreign_value
from symparams.elaboration.values import Listed, Several, Template, Tensor, Value, describe, is_size
from symparams.errors import Span, SymparamsError
from symparams.language import tree
from symparams.layers import kinds
from symparams.network import (
    ZEROS,
    Bodies,
    Bundled,
    ChainNet,
    Flow,
    GroupNode,
    InputNode,
    JoinNet,
    LayerNet,
    Net,
    Node,
    Place,
    ReferenceNode,
    Run,
    ScaledNode,
    Signal,
    TrainedNet,
    one,
)
from symparams.records import Record

# --- inputs and size functions ---------------------------------------------


#: Said of an input axis that is left open.
ANY_SIZE = "write a name, as t, for any size"


class InputTarget(Record):
    """``input(h, w, c)`` and ``tokens(s)``."""

    tokens: bool
    noun: ClassVar[str] = "input"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        name = "tokens" if self.tokens else "input"
        if node.options:
            first = node.options[0]
            sizes = bare(first.value)
            hint = f"write {name}({sizes})" if sizes else ""
            raise SymparamsError(f"'{name}' has no option '{first.name}'", first.name_span, hint)
        if not node.args:
            raise SymparamsError(
                f"'{name}' needs its sizes",
                node.span,
                "as in tokens(128)" if self.tokens else "as in input(224, 224, 3)",
            )
        axes = tuple(
            checked(evaluator, self._size(evaluator, a, scope), a.span, f"an axis of '{name}'")
            for a in node.args
        )
        axes = tuple(evaluator.run.facts.reduce(a) for a in axes)
        signal = Signal(axes, self.tokens)
        if evaluator.feed is None:
            return Tensor(InputNode(signal, node.span, name))
        return Tensor(_fed(evaluator, signal, node))

    def _size(self, evaluator: Reader, node: tree.Expression, scope: Scope) -> Size:
        """One axis; what the frameworks write for an open one, or for all, is refused."""
        if isinstance(node, tree.Name) and not scope.binds(node.id):
            foreign = foreign_value(node)
            if foreign is not None:
                foreign.hint = ANY_SIZE
                raise foreign
        value = evaluator.value(node, scope)
        if value is None:
            raise SymparamsError("a size is needed here, not none", node.span, ANY_SIZE)
        if isinstance(value, Several | Listed):
            hint = f"write {bare(node)}" if bare(node) else ""
            raise SymparamsError(f"a size is needed here, not {describe(value)}", node.span, hint)
        return evaluator.as_size(value, node.span)


def _fed(evaluator: Reader, signal: Signal, node: tree.Call) -> Node:
    """What a model in a chain takes for one of its inputs, checked against its shape."""
    assert evaluator.feed is not None
    if not evaluator.feed:
        raise SymparamsError("a model inside a chain gets fewer tensors than it takes", node.span)
    reference = evaluator.feed.pop(0)
    given = reference.output
    fits = (
        isinstance(given, Signal)
        and given.tokens == signal.tokens
        and len(given.axes) == len(signal.axes)
        and all(
            evaluator.run.facts.zero(a - b) is True
            for a, b in zip(given.axes, signal.axes, strict=True)
        )
    )
    if not fits:
        raise SymparamsError(
            f"a model inside a chain takes {signal.described()}, but gets {given.described()}",
            node.span,
        )
    return reference.but(span=node.span)


class ZerosTarget(Record):
    """``zeros(…)``: a tensor of zeros; it costs nothing."""

    noun: ClassVar[str] = "core"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        bind(
            tree.Call(function=node.function, args=(), options=node.options, span=node.span),
            (),
            0,
            "'zeros'",
        )
        axes = tuple(evaluator.axis(a, scope) for a in node.args)
        return Tensor(ReferenceNode(Signal(axes), node.span, ZEROS))


class SizeTarget(Record):
    """``ceil``, ``min``, ``round_up``, … on sizes."""

    function: SizeFunction
    noun: ClassVar[str] = "size function"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        name = self.function.name
        if node.options:
            raise SymparamsError(
                f"'{name}' has no option '{node.options[0].name}'", node.options[0].name_span
            )
        sizes: list[Size] = []
        for value, span in spread(evaluator, node, scope):
            if isinstance(value, Listed) and span.text.startswith("["):
                what = f"a size for '{name}' is needed here, not a list"
                raise SymparamsError(what, span, f"write {name}({span.text[1:-1].strip()})")
            sizes.append(evaluator.as_size(value, span, f"a size for '{name}'"))
        wanted = self.function.takes
        if (wanted is not None and len(sizes) != wanted) or not sizes:
            number = "at least one size" if wanted is None else f"{wanted} sizes"
            number = "one size" if wanted == 1 else number
            raise SymparamsError(f"'{name}' takes {number}, not {len(sizes)}", node.span)
        return self.function(*sizes)


def spread(evaluator: Reader, node: tree.Call, scope: Scope) -> list[tuple[Value, Span]]:
    """Positional arguments as values, comprehensions taken apart."""
    found: list[tuple[Value, Span]] = []
    for arg in node.args:
        if isinstance(arg, tree.Comprehension):
            found += [(v, arg.span) for v in evaluator.passes(arg, scope)]
        else:
            found.append((evaluator.value(arg, scope), arg.span))
    return found


# --- nets of nets ----------------------------------------------------------


class ResidualTarget(Record):
    """``residual(f)`` is ``id + f`` (He et al. 2015, arXiv:1512.03385)."""

    noun: ClassVar[str] = "block"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        given = bind(node, ("f",), 1, "'residual'")
        if "f" not in given:
            raise SymparamsError("'residual' needs the net it goes around", node.span)
        inner = evaluator.net(given["f"], scope)
        identity = LayerNet(node.span, kinds()["id"]())
        return JoinNet(node.span, "+", (identity, inner), (node.span, inner.span))


class ParallelTarget(Record):
    """``sum(net for c in list)`` and ``cat(…)``: nets side by side on one input."""

    op: str
    noun: ClassVar[str] = "function"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        name = "sum" if self.op == "+" else "cat"
        args = node.args
        if self.op == "|" and not any(isinstance(a, tree.Comprehension) for a in args):
            meant = _side_by_side(evaluator, node, scope, "|")
            if meant:
                says = "'cat' joins tensors, or goes over a list with 'for'"
                raise SymparamsError(says, node.span, meant)
            return KindTarget(kinds()["cat"]).call(evaluator, node, scope)
        options = {o.name: o.value for o in node.options}
        if self.op == "|" and len(args) > 1:
            options["axis"], args = args[-1], args[:-1]
        if set(options) - ({"axis"} if self.op == "|" else set()):
            option = node.options[0]
            raise SymparamsError(f"'{name}' has no option '{option.name}'", option.name_span)
        if len(args) != 1 or not isinstance(args[0], tree.Comprehension | tree.Range):
            raise SymparamsError(
                f"'{name}' goes over a list",
                node.span,
                (_side_by_side(evaluator, node, scope, "+") if self.op == "+" else "")
                or f"as in {name}(conv(c, 3) for c in [8, 16])",
            )
        if self.op == "+" and isinstance(args[0], tree.Comprehension):
            closed = _closed_sum(evaluator, args[0], scope)
            if closed is not None:
                return closed
        body = args[0].body if isinstance(args[0], tree.Comprehension) else args[0]
        values = (
            evaluator.passes(args[0], scope)
            if isinstance(args[0], tree.Comprehension)
            else evaluator.items(args[0], scope)
        )
        if all(is_size(v) for v in values) and self.op == "+":
            return add_up(values)  # type: ignore[arg-type]  # all are sizes
        if not values:
            raise SymparamsError(f"'{name}' over nothing", node.span)
        nets = tuple(evaluator.as_net(v, body, scope) for v in values)
        spans = (node.span,) * len(nets)
        axis = evaluator.integer(options["axis"], scope, "an axis") if "axis" in options else -1
        if axis == -1:
            return JoinNet(node.span, self.op, nets, spans)
        bundle = JoinNet(node.span, "bundle", nets, spans)
        return ChainNet(node.span, (bundle, LayerNet(node.span, kinds()["cat"](axis=axis))))


def _side_by_side(evaluator: Reader, node: tree.Call, scope: Scope, op: str) -> str:
    """``write '(a | b)'`` of ``cat([a, b])`` and ``cat(a, b)`` of nets; "" of what is no slip."""
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


def _closed_sum(evaluator: Reader, node: tree.Comprehension, scope: Scope) -> Size | None:
    """``sum(j*k for j in 0..n-1)`` of sizes over a range with symbolic ends, where it closes."""
    if not isinstance(node.iterable, tree.Range) or len(node.targets) != 1:
        return None
    low = evaluator.size(node.iterable.start, scope, "where a range starts")
    high = evaluator.size(node.iterable.stop, scope, "where a range ends")
    if not (isinstance(low, Polynomial) or isinstance(high, Polynomial)):
        return None
    run = evaluator.run
    index, before = run.fresh_index(low, node.targets[0]), dict(run.conditions)
    says = f"{text(low)}..{text(high)} must be a range"
    try:
        with run.each_pass(index, low, high):
            term = evaluator.value(node.body, scope.inner({node.targets[0]: of_atom(index)}))
    except SymparamsError:
        term = None  # nets, say, whose sizes cannot be 0
    total = sum_over(term, index, low, high, run.facts) if is_size(term) else None  # type: ignore[arg-type]
    if total is None:
        run.conditions = before
        return None
    run.require(Condition("integer", high - low, says=says), node.iterable.span)
    # A range that ends before it begins is empty, but the closed form is not 0.
    run.presume(Condition("nonnegative", high - low + 1), node.iterable.span)
    return total


class TrainingTarget(Record):
    """``freeze(net)`` and ``train(net)``: for every weight the net uses."""

    frozen: bool
    noun: ClassVar[str] = "function"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        name = "freeze" if self.frozen else "train"
        given = bind(node, ("net",), 1, f"'{name}'")
        if "net" not in given:
            raise SymparamsError(f"'{name}' needs a net", node.span)
        return TrainedNet(node.span, evaluator.net(given["net"], scope), self.frozen)


class TrainOnlyTarget(Record):
    """``train_only(net)``: its weights count, what it computes at inference does not."""

    noun: ClassVar[str] = "function"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        given = bind(node, ("net",), 1, "'train_only'")
        if "net" not in given:
            raise SymparamsError("'train_only' needs a net", node.span)
        return TrainOnlyNet(node.span, evaluator.net(given["net"], scope))


class TrainOnlyNet(Net):
    """A net that inference leaves out, such as an auxiliary head."""

    net: Net

    def apply(self, flow: Flow, run: Run) -> Node:
        node = self.net.apply(flow, run)
        return ScaledNode(node.output, self.span, node, 1, 1, 0, "in training only")


class KeepTarget(Record):
    """``keep(net)``, old style; moved to the combinators."""

    noun: ClassVar[str] = "function"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        given = bind(node, ("net", "last", "values"), 1, "'keep'")
        if "net" not in given:
            raise SymparamsError("'keep' needs a net", node.span)

        def size(name):
            if name not in given: return None
            v = evaluator.value(given[name], scope)
            if v is None: return None
            return checked(evaluator, v, given[name].span, f"'{name}' of 'keep'", 0)
        return KeepNet(node.span, evaluator.net(given["net"], scope), size("last"), size("values"))


class KeepNet(Net):
    """A net whose output generation keeps from step to step (measure ``kept``).

    With ``last = n`` no more than the last n of its positions, which stand on the
    axis before the last; with ``values = n`` n values, a state that is not its output.
    """

    net: Net
    last: Size | None = None
    values: Size | None = None

    def apply(self, flow: Flow, run: Run) -> Node:
        node = self.net.apply(flow, run)
        kept = self._of(node.output) if self.values is None else self.values
        return GroupNode(node.output, self.span, "", node, shown=False, kept=kept)

    def _of(self, flow: Flow) -> Size:
        if isinstance(flow, Bundled):
            return add_up(self._of(item) for item in flow.items)
        axes = list(flow.axes)
        if self.last is not None:
            if len(axes) < 2:
                says = f"'last' of 'keep' is of positions, but {flow.described()} has none"
                raise SymparamsError(says, self.span)
            axes[-2] = minimum(axes[-2], self.last)
        return product(axes)


class MixtureTarget(Record):
    """``moe(expert, n, top)``: a router without bias and n experts, top of them at work.

    Shazeer et al. 2017 (arXiv:1701.06538). Every expert has weights of its own.
    """

    noun: ClassVar[str] = "core"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        given = bind(node, ("expert", "n", "top"), 3, "'moe'")
        for name in ("expert", "n", "top"):
            if name not in given:
                raise SymparamsError(f"'moe' needs '{name}'", node.span)
        n, top = (
            checked(evaluator, evaluator.value(e, scope), e.span, f"'{name}' of 'moe'")
            for name, e in (("n", given["n"]), ("top", given["top"]))
        )
        evaluator.run.require(
            Condition("nonnegative", n - top, says=f"top = {top} of {n} experts"),
            given["top"].span,
        )
        return MixtureNet(node.span, evaluator.net(given["expert"], scope), n, top)


class MixtureNet(Net):
    """A mixture of experts on one input."""

    expert: Net
    n: Size
    top: Size

    def apply(self, flow: Flow, run: Run) -> Node:
        signal = one(flow, "'moe'", self.span)
        router = LayerNet(self.span, kinds()["linear"](units=self.n)).apply(signal, run)
        scores = Place("the router's scores")
        scored = GroupNode(router.output, self.span, "", router, shown=False, place=scores)
        with run.inside_loop():
            expert = self.expert.apply(signal, run)
        part = ScaledNode(
            expert.output,
            self.span,
            expert,
            self.n,
            self.top,
            self.top,
            f"{self.top} of {self.n} at work",
            role="experts",
            place=scores,
        )
        body = Bodies(expert.output, self.span, (scored,), part)
        return GroupNode(expert.output, self.span, "moe", body)


class RecurTarget(Record):
    """``recur(cell, h)``: a cell ``on (x[d], s[h])`` run over the first axis.

    A tensor in the place of ``h`` is the first state; otherwise that is zeros.
    """

    noun: ClassVar[str] = "core"

    def call(self, evaluator: Reader, node: tree.Call, scope: Scope) -> Value:
        given = bind(node, ("cell", "h"), 2, "'recur'")
        for name in ("cell", "h"):
            if name not in given:
                raise SymparamsError(f"'recur' needs '{name}'", node.span)
        cell = evaluator.net(given["cell"], scope)
        value, span = evaluator.value(given["h"], scope), given["h"].span
        if isinstance(value, Tensor):
            return RecurNet(node.span, cell, one(value.node.output, "'recur'", span), value.node)
        state = checked(evaluator, value, span, "'h' of 'recur'")
        return RecurNet(node.span, cell, Signal((state,)))


class RecurNet(Net):
    """A cell over the steps of a sequence: weights once, work at every step.

    The cell gives the next state, or a bundle of an output and the next state.
    """

    cell: Net
    state: Signal
    first: Node | None = None

    def apply(self, flow: Flow, run: Run) -> Node:
        signal = one(flow, "'recur'", self.span)
        if len(signal.axes) < 2:
            raise SymparamsError(
                f"'recur' needs a sequence (time, features), but gets {signal.described()}",
                self.span,
            )
        steps, *rest = signal.axes
        each = Signal(tuple(rest), signal.tokens)
        step = self.cell.apply(Bundled((each, self.state)), run)
        given = step.output.items if isinstance(step.output, Bundled) else (step.output,)
        if given[-1] != self.state:
            raise SymparamsError(
                f"the cell of 'recur' gives a state of {given[-1]}, not of {self.state}", self.span
            )
        first = one(given[0], "'recur'", self.span)
        output = Signal((steps, *first.axes), first.tokens)
        before = None if self.first is None else Place("the first state")
        label = f"at each of {steps} steps"
        part = ScaledNode(output, self.span, step, 1, 1, steps, label, role="steps", place=before)
        group = GroupNode(output, self.span, "recur", part, kept=product(self.state.axes))
        if self.first is None:
            return group
        first_state = GroupNode(
            self.first.output, self.span, "", self.first, shown=False, place=before
        )
        return Bodies(output, self.span, (first_state,), group)

"""What the frameworks have in common: which kinds they build, and how a plan is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeAlias

from symparams.elaboration import WrittenLayer
from symparams.errors import Span, SymparamsError
from symparams.frameworks.steps import (
    Backwards,
    Blank,
    CallStep,
    Loop,
    Merge,
    Mixture,
    Own,
    Plan,
    PlanStep,
    Slots,
    numbers,
)
from symparams.frameworks.written_calls import writes
from symparams.layers import Layer, along
from symparams.network import InputNode, LeafNode, Signal, WeightNode
from symparams.records import Record

Axes: TypeAlias = tuple[int, ...]
#: A framework's shape of a tensor → the names and shapes it has in the language.
Renamed: TypeAlias = Callable[[Axes], list[tuple[str, Axes]]]


class NotBuilt(SymparamsError):
    """A layer, or an option of one, that a framework does not have."""


class CallFailed(Exception):
    """A framework refused a call of a plan; the cause says why."""

    def __init__(self, call: CallStep) -> None:
        super().__init__(call.name)
        self.call = call


#: How a terminal is told of bold letters.
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
#: What Keras says first of any error in a layer; the cause stands below.
_PREFACE = "Exception encountered when calling"


def cause_of(error: BaseException | None) -> str:
    """Return what a framework's error says, in one line: no stack of frames, no arguments."""
    lines = [line.strip() for line in _STYLE.sub("", str(error)).splitlines()]
    said = [line for line in lines if line and not line.startswith(_PREFACE)]
    return said[0] if said else type(error).__name__


class FoundTensor(Record):
    """A tensor of a framework's layer, by the language's name and order of axes.

    ``role`` is ``trainable``, ``frozen`` or ``buffer``; ``own`` what the
    framework calls it.
    """

    name: str
    axes: Axes
    role: str
    own: str


def entering(takes: Any) -> Any:
    """Return the shape of what comes in, without its batch; a tuple of them for several tensors."""
    if isinstance(takes, tuple):
        return tuple(map(entering, takes))
    return tuple(takes.shape[1:])


def role(buffer: bool, frozen: bool) -> str:
    """Return what a weight is."""
    return "buffer" if buffer else "frozen" if frozen else "trainable"


def named(name: str, *order: int) -> Renamed:
    """Return a tensor by another name, its axes in another order (as they are if none is said)."""

    def renamed(axes: Axes) -> list[tuple[str, Axes]]:
        return [(name, tuple(axes[k] for k in order) if len(order) == len(axes) else axes)]

    return renamed


def kernel(axes: Axes) -> list[tuple[str, Axes]]:
    """Return torch's kernel (o, i, f…) as (f…, i, o)."""
    first, second, *window = axes
    return [("kernel", (*window, second, first))]


def turned_kernel(groups: int) -> Renamed:
    """Return torch's kernel of a transposed convolution, (i, o/g, f…), as (f…, i/g, o)."""

    def renamed(axes: Axes) -> list[tuple[str, Axes]]:
        first, second, *window = axes
        return [("kernel", (*window, first // groups, second * groups))]

    return renamed


def spread(value: Any, count: int) -> Any:
    """Return a number for each of ``count`` spatial axes, from one number or a list; a size
    where a text is written.
    """
    found = along(value, count)
    return found if writes() else numbers(Signal(found))


def batched(equation: str, kernels: bool = False) -> str:
    """Return an equation of Einstein's with the batch in front of every term; not of its
    ``kernels``.
    """
    letter = next(one for one in "ZYXWVUTSRQPONMLKJIHGFEDCBA" if one not in equation)
    before, _, after = "".join(equation.split()).partition("->")
    first, *others = before.split(",")
    given = [letter + first, *(other if kernels else letter + other for other in others)]
    return f"{','.join(given)}->{letter}{after}"


def attributes(plan: Plan, reserved: Container[str] = ()) -> list[str]:
    """Return a name of its own for each owner, as frameworks take it: ``dense3_11`` for
    ``dense3[11]``.
    """
    found: dict[str, None] = {}
    for owner in plan.owners:
        name = plan.label(owner).replace("[", "_").replace("]", "").replace(".", "_")
        while name in found or name in reserved:
            name += "_"
        found[name] = None
    return list(found)


def shapes(made: Any) -> Any:
    """Return the shapes of one or several tensors, without their batch."""
    if isinstance(made, tuple | list):
        return tuple(map(shapes, made))
    return tuple(int(axis) for axis in made.shape[1:])


# --- which kinds a framework builds ------------------------------------------

Maker: TypeAlias = Callable[..., Any]


class Rule(Record):
    """How a kind is built, and the options that this heeds.

    ``pointwise``: it takes every value by itself.
    """

    make: Maker
    options: frozenset[str]
    pointwise: bool = False


class Kinds:
    """The kinds that a framework builds.

    ``layers`` own weights and are made from the layer and the shape that comes
    in; ``functions`` are called with the layer and the tensors; ``around`` keep
    the kernels of what was made in another way.
    """

    def __init__(self, title: str, missing: Mapping[str, str]) -> None:
        self.title = title
        self.layers: dict[str, Rule] = {}
        self.functions: dict[str, Rule] = {}
        self.around: dict[str, Rule] = {}
        #: Kinds that the framework does not have, and why.
        self.missing = missing

    def layer(self, *kinds: str, options: str = "") -> Callable[[Maker], Maker]:
        """Register a maker of layers with weights."""
        return self._registered(self.layers, kinds, options)

    def function(
        self, *kinds: str, options: str = "", pointwise: bool = False
    ) -> Callable[[Maker], Maker]:
        """Register a function of tensors."""
        return self._registered(self.functions, kinds, options, pointwise)

    def rewriter(self, *kinds: str, options: str = "") -> Callable[[Maker], Maker]:
        """Register what keeps kernels in another way."""
        return self._registered(self.around, kinds, "net " + options)

    def _registered(
        self,
        table: dict[str, Rule],
        kinds: tuple[str, ...],
        options: str,
        pointwise: bool = False,
    ) -> Callable[[Maker], Maker]:
        def registered(make: Maker) -> Maker:
            table.update(dict.fromkeys(kinds, Rule(make, frozenset(options.split()), pointwise)))
            return make

        return registered

    def rule(self, leaf: LeafNode) -> Rule:
        """Return the rule of a leaf's kind.

        Raises:
            NotBuilt: there is none, or an option is set that it does not heed.
        """
        layer = leaf.layer
        table = self.layers if leaf.weights else self.functions
        # A kind whose options leave it no weight is built as it is with some.
        rule = table.get(layer.kind) or self.layers.get(layer.kind)
        return self._heeded(rule, layer, leaf.span)

    def outer(self, layer: Layer, span: Span | None) -> Rule:
        """Return the rule of a kind that keeps kernels in another way.

        Raises:
            NotBuilt: there is none, or an option is set that it does not heed.
        """
        return self._heeded(self.around.get(layer.kind), layer, span)

    def _heeded(self, rule: Rule | None, layer: Layer, span: Span | None) -> Rule:
        if rule is None:
            raise NotBuilt(self.why_not(layer), span)
        for name, option in layer.options.items():
            if name not in rule.options and getattr(layer, name) != option.default:
                raise NotBuilt(
                    f"not built: {self.title} has no '{layer.kind}' with "
                    f"{name} = {_shown(getattr(layer, name))}",
                    span,
                )
        return rule

    def why_not(self, layer: Layer) -> str:
        """Say in words why a kind is not built."""
        why = self.missing.get(layer.kind, "")
        return f"not built: {self.title} has no '{layer.kind}'{why and f': {why}'}"

    def check(self, plan: Plan) -> None:
        """Refuse a plan with kinds that the framework does not have.

        Raises:
            NotBuilt: with all of them, at the place of the first.
        """
        refused: dict[str, NotBuilt] = {}
        for call in plan.calls():
            if isinstance(call.leaf.layer, WrittenLayer):
                continue
            try:
                self.rule(call.leaf)
                for layer in plan.owners[call.owner].around if call.owner is not None else ():
                    self.outer(layer, call.leaf.span)
            except NotBuilt as error:
                refused.setdefault(error.message, error)
        if refused:
            first, *others = refused.values()
            first.notes = (*first.notes, *((other.message, other.span) for other in others))
            raise first


def _shown(value: object) -> str:
    """Return a value as the language has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return "none" if value is None else str(value)


# --- running a plan ----------------------------------------------------------


class Machine(Protocol):
    """What a framework does with its tensors, which have a batch in front."""

    def call(self, call: CallStep, takes: Any, feeds: Mapping[str, Any]) -> Any:
        """Return a layer on its input, or a core on its inputs."""

    def own(self, owner: int, like: Any) -> Any:
        """Return a weight as a tensor, for every example of the batch that ``like`` has."""

    def blank(self, axes: Axes, like: Any) -> Any:
        """Return Zeros."""

    def merge(self, op: str, tensors: Sequence[Any]) -> Any:
        """Return tensors joined by ``+ - * |`` or ``ave``."""

    def backwards(self, tensor: Any, axis: int) -> Any:
        """Return a sequence from its end; the time is an ``axis`` of one example."""

    def mixture(self, scores: Any, outputs: Sequence[Any], top: int) -> Any:
        """Return experts' outputs, those with the best scores weighed by them."""

    def at(self, tensor: Any, step: int) -> Any:
        """Return one step of a sequence."""

    def steps(self, tensor: Any) -> int:
        """Return how many steps of a sequence to go through."""

    def stacked(self, tensors: Sequence[Any], like: Any) -> Any:
        """Return steps to a sequence as long as ``like``, all of whose steps need not be there."""


class Measured(Record):
    """What a framework made of a plan.

    ``found`` has the tensors of every owner that is a layer of the framework,
    by its number; ``output`` the shapes without batch that left the network.
    """

    found: Mapping[int, tuple[FoundTensor, ...]]
    output: Any


class Framework(Protocol):
    """A framework that builds networks."""

    name: str
    kinds: Kinds

    @property
    def version(self) -> str:
        """What is installed."""

    def measured(self, plan: Plan, watch: Watch, through: Through) -> Measured:
        """Build and run a plan without taking memory for its values.

        ``watch`` is called with every call and the shapes without batch that it
        gave; ``through`` has the steps pass. Raises NotBuilt, or CallFailed where
        a call is refused.
        """

    def network(self, plan: Plan) -> Any:
        """Return a plan as a network of the framework, its weights initialised."""


#: Called with every call and the shapes without batch of what it gave.
Watch: TypeAlias = Callable[[CallStep, Any], None]

#: The items as they are, of so many; something may be told of how far they are.
Through: TypeAlias = Callable[[Sequence[PlanStep], int], Iterable[PlanStep]]


def untold(steps: Sequence[PlanStep], total: int) -> Iterable[PlanStep]:
    """Return the steps, with nothing told."""
    return steps


#: What a framework raises where a call does not fit.
REFUSALS = (RuntimeError, ValueError, TypeError, IndexError, OverflowError, MemoryError)


@contextmanager
def telling_refusals(framework: str, node: LeafNode) -> Iterator[None]:
    """Tell what a framework refuses of a layer as an error at its place in the text.

    Raises:
        NotBuilt: it refuses these options.
    """
    try:
        yield
    except NotBuilt as error:
        raise error.at(node.span) from None
    except REFUSALS as error:
        raise NotBuilt(
            f"not built: {framework} refuses this '{node.layer.kind}': {cause_of(error)}",
            node.span,
        ) from error


def entrances(name: str, plan: Plan, made: Callable[[InputNode], Any]) -> list[Any]:
    """Return the inputs of a plan, each ``made`` by the framework ``name``.

    Raises:
        NotBuilt: one is of a size that the framework does not have.
    """
    found = []
    for _, node in plan.inputs:
        try:
            found.append(made(node))
        except REFUSALS as error:
            raise NotBuilt(
                f"not built: {name} refuses this input: {cause_of(error)}", node.span
            ) from error
    return found


def run(
    plan: Plan,
    machine: Machine,
    inputs: Sequence[Any],
    watch: Watch | None = None,
    through: Through = untold,
) -> Any:
    """Return the outputs of a plan on its inputs.

    Raises:
        CallFailed: the framework refuses a call.
        NotBuilt: it does not have what a call needs.
    """
    values = {slot: tensor for (slot, _), tensor in zip(plan.inputs, inputs, strict=True)}
    _steps(through(plan.steps, len(plan.steps)), machine, values, inputs[0], watch)
    return _gathered(plan.output, values)


def _steps(
    steps: Iterable[PlanStep],
    machine: Machine,
    values: dict[int, Any],
    like: Any,
    watch: Watch | None,
) -> None:
    for step in steps:
        _put(step.makes, _made(step, machine, values, like, watch), values)


def _made(
    step: PlanStep, machine: Machine, values: dict[int, Any], like: Any, watch: Watch | None
) -> Any:
    match step:
        case CallStep():
            feeds = {name: values[slot] for name, slot in step.feeds}
            try:
                made = machine.call(step, _gathered(step.takes, values), feeds)
            except NotBuilt as error:
                raise error.at(step.leaf.span) from None
            except REFUSALS as error:
                raise CallFailed(step) from error
            if watch is not None:
                watch(step, made)
            return made
        case Own():
            return machine.own(step.owner, like)
        case Blank():
            return machine.blank(step.axes, like)
        case Merge():
            return machine.merge(step.op, [values[slot] for slot in step.takes])
        case Backwards():
            return machine.backwards(values[step.takes], step.axis)
        case Mixture():
            outputs = [values[slot] for slot in step.takes]
            return machine.mixture(values[step.scores], outputs, step.top)
        case Loop():
            return _looped(step, machine, values, like, watch)
    raise TypeError(type(step).__name__)  # pragma: no cover - all steps are above


def _looped(
    loop: Loop, machine: Machine, values: dict[int, Any], like: Any, watch: Watch | None
) -> Any:
    state, given = values[loop.first], []
    for number in range(machine.steps(values[loop.takes])):
        values[loop.now] = machine.at(values[loop.takes], number)
        values[loop.state] = state
        _steps(loop.body, machine, values, like, watch if number == 0 else None)
        state = values[loop.after]
        given.append(values[loop.given])
    return machine.stacked(given, values[loop.takes])


def _gathered(slots: Slots, values: Mapping[int, Any]) -> Any:
    if isinstance(slots, tuple):
        return tuple(_gathered(slot, values) for slot in slots)
    return values[slots]


def _put(slots: Slots, made: Any, values: dict[int, Any]) -> None:
    if isinstance(slots, tuple):
        for slot, item in zip(slots, made, strict=True):
            _put(slot, item, values)
    else:
        values[slots] = made


def as_declared(node: LeafNode | WeightNode) -> bool:
    """Tell whether a framework has nothing to compare: a bare weight, a layer of the user's own."""
    return isinstance(node, WeightNode) or isinstance(node.layer, WrittenLayer)

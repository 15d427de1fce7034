"""What a network says of itself against what a framework builds of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from math import prod
from typing import Any

from symparams.algebra import with_commas
from symparams.answers import PublicAnswer
from symparams.elaboration import Network, Value, WrittenModel, build
from symparams.errors import SymparamsError
from symparams.frameworks import framework as loaded
from symparams.frameworks.base import (
    REFUSALS,
    CallFailed,
    FoundTensor,
    Framework,
    NotBuilt,
    Through,
    as_declared,
    cause_of,
    role,
    untold,
)
from symparams.frameworks.plan import plan
from symparams.frameworks.steps import CallStep, Owner, Plan, numbers
from symparams.layers import Weight
from symparams.network import (
    Bundled,
    Flow,
    LeafNode,
    Signal,
    WeightNode,
    measure_named,
    stays,
    told_below,
)
from symparams.records import Record


class Mismatch(Record):
    """Something on which a network and a framework do not agree.

    Attributes:
        layer: its name, as ``symparams show`` has it; "" of the whole network.
        copies: how many of its copies differ alike.
        what: ``kernel``, ``output``, ``params``.
        declared: what the network says; "" where it says nothing.
        found: what the framework has; "" where it has nothing.
    """

    layer: str
    what: str
    declared: str
    found: str
    copies: int = 1


class Verification(Record, PublicAnswer):
    """A network against a framework.

    Attributes:
        framework, version: against what.
        tensors, values: weights and buffers that were compared, and their values.
        outputs: outputs that were compared.
        declared, declared_values: weights that no layer of the framework owns:
            made as the text declares them, so that there is nothing to compare.
        differences: what does not agree, in the order of the network.
    """

    model: str
    framework: str
    version: str
    tensors: int
    values: int
    outputs: int
    declared: int
    declared_values: int
    differences: tuple[Mismatch, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def verify(
    definition: WrittenModel,
    against: str,
    values: Mapping[str, Value] | None = None,
    through: Through = untold,
) -> Verification:
    """Build a model in a framework and compare every weight and every output.

    ``through`` has the steps pass as they are, and may tell how far they are.

    Raises:
        SymparamsError: no such framework, or one that is not installed; a model
            without values for its sizes, or with a layer that the framework
            does not have.
    """
    # What is wrong with the text is said first, on a machine without the framework too.
    found = build(definition, values, defaults=True)
    backend = loaded(against)
    written = _written(definition, backend, values)
    return _Comparing(written, backend, through).against(found)


def network(definition: WrittenModel, name: str, values: Mapping[str, Value] | None = None) -> Any:
    """Return a model as a network of the framework ``name``.

    Raises:
        SymparamsError: as :func:`verify` does.
    """
    backend = loaded(name)
    written = _written(definition, backend, values)
    try:
        return backend.network(written)
    except CallFailed as failed:
        raise refused(written, backend, failed) from failed


def refused(written: Plan, backend: Framework, failed: CallFailed) -> NotBuilt:
    """Say that a framework refuses a call, and why."""
    call = failed.call
    return NotBuilt(
        f"not built: {backend.name} refuses '{written.label(call)}': {cause_of(failed.__cause__)}",
        call.leaf.span,
    )


def _written(
    definition: WrittenModel, backend: Framework, values: Mapping[str, Value] | None
) -> Plan:
    """Return a model written out, all of whose layers the framework has."""
    written = plan(definition, values)
    if not written.inputs:
        raise SymparamsError(f"'{definition.name}' takes no input", definition.span)
    backend.kinds.check(written)
    return written


class _Comparing:
    """One comparison."""

    def __init__(self, written: Plan, backend: Framework, through: Through) -> None:
        self.plan = written
        self.backend = backend
        self.through = through
        #: (name, what, declared, found) → the copies that differ so.
        self.different: dict[tuple[str, str, str, str], list[str]] = {}
        self.outputs = 0
        self.found: Mapping[int, tuple[FoundTensor, ...]] = {}

    def against(self, network: Network) -> Verification:
        whole = self._measured()
        own = [owner for owner in self.plan.owners if as_declared(owner.node)]
        if whole:
            self._weights()
            self._totals(network, own)
        compared = [f for found in self.found.values() for f in found]
        bare = [weight for owner in own for weight in _weights(owner)]
        return Verification(
            self.plan.network.definition.name,
            self.backend.name,
            self.backend.version,
            len(compared),
            sum(prod(f.axes) for f in compared),
            self.outputs,
            len(bare),
            sum(prod(_axes(weight)) for weight in bare),
            tuple(
                Mismatch(labels[0] if len(labels) == 1 else name, what, said, has, len(labels))
                for (name, what, said, has), labels in self.different.items()
            ),
        )

    def _measured(self) -> bool:
        """Run the network; whether that came to its end, which no difference may keep it from.

        Raises:
            NotBuilt: the framework refuses a call although nothing differs so far.
        """
        try:
            measured = self.backend.measured(self.plan, self._output, self.through)
        except CallFailed as failed:
            if not self.different:
                raise refused(self.plan, self.backend, failed) from failed
            why = f"refused: {cause_of(failed.__cause__)}"
            self._differs(failed.call, "call", str(failed.call.leaf.output), why)
            return False
        except REFUSALS:
            if not self.different:
                raise
            return False  # tensors of other shapes than the network's do not meet either
        self.found = measured.found
        self.outputs += 1
        declared = _shown(_declared(self.plan.network.root.output))
        self._differs(None, "output", declared, _shown(measured.output))
        return True

    def _differs(self, part: CallStep | Owner | None, what: str, declared: str, found: str) -> None:
        if declared != found:
            name = "" if part is None else part.name
            label = "" if part is None else self.plan.label(part)
            self.different.setdefault((name, what, declared, found), []).append(label)

    def _output(self, call: CallStep, shapes: Any) -> None:
        if call.owner is not None and as_declared(self.plan.owners[call.owner].node):
            return
        self.outputs += 1
        self._differs(call, "output", _shown(_declared(call.leaf.output)), _shown(shapes))

    def _weights(self) -> None:
        for number, owner in enumerate(self.plan.owners):
            if as_declared(owner.node):
                continue
            declared = _by_name(
                (w.name, f"{_shown(_axes(w))} {role(w.buffer, stays(w, owner.node.frozen))}")
                for w in _weights(owner)
            )
            found = _by_name(
                (f.name, f"{_shown(f.axes)} {f.role}") for f in self.found.get(number, ())
            )
            for name in dict.fromkeys((*declared, *found)):
                pairs = zip_longest(declared.get(name, ()), found.get(name, ()), fillvalue="")
                several = list(enumerate(pairs))
                for place, (said, has) in several:
                    what = f"{name}[{place}]" if len(several) > 1 else name
                    self._differs(owner, what, said, has)

    def _totals(self, network: Network, own: list[Owner]) -> None:
        """Compare the formulas at these sizes with the sums over what was built."""
        there = [_as_node(tensor) for found in self.found.values() for tensor in found]
        there += [WeightNode(Signal(()), None, w.name, w, o.told) for o in own for w in _weights(o)]
        parts, beside = told_below("params")
        for measure in (measure_named("params"), *parts, *beside):
            counted, total = network.measure(measure.name), sum(map(measure.rule, there))
            self._differs(None, measure.name, with_commas(counted), with_commas(total))


def _by_name(weights: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return what there is of each name, in order: a net with several kernels has several u, v and
    g.
    """
    found: dict[str, list[str]] = {}
    for name, told in weights:
        found.setdefault(name, []).append(told)
    return found


def _weights(owner: Owner) -> tuple[Weight, ...]:
    return owner.node.weights if isinstance(owner.node, LeafNode) else (owner.node.weight,)


def _as_node(tensor: FoundTensor) -> WeightNode:
    """Return a framework's tensor as what is counted."""
    weight = Weight(tensor.name, tensor.axes, buffer=tensor.role == "buffer")
    return WeightNode(Signal(()), None, tensor.name, weight, tensor.role == "frozen")


def _axes(weight: Weight) -> tuple[int, ...]:
    return numbers(Signal(weight.shape))


def _declared(flow: Flow) -> Any:
    if isinstance(flow, Bundled):
        return tuple(map(_declared, flow.items))
    return numbers(flow)


def _shown(axes: Any) -> str:
    """Return ``224x224x64``; ``(64, 64)`` of a bundle of vectors."""
    if axes and isinstance(axes[0], tuple):
        return f"({', '.join(map(_shown, axes))})"
    return "x".join(map(str, axes)) or "scalar"

"""Two frameworks of a few lines: one has shapes for tensors, one has words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symparams.elaboration.document import understand
from symparams.errors import Source
from symparams.frameworks.base import run
from symparams.frameworks.plan import plan
from symparams.frameworks.steps import CallStep, Plan, numbers
from symparams.network.nodes import InputNode
from symparams.network.shapes import Bundled, Flow


def planned(text: str, **values: Any) -> Plan:
    """A text written out."""
    return plan(understand(Source("<text>", text)).definition(), values)


def axes_of(flow: Flow) -> Any:
    """The shape of a flow; a tuple of them of a bundle."""
    if isinstance(flow, Bundled):
        return tuple(map(axes_of, flow.items))
    return numbers(flow)


class Shapes:
    """Tensors are their shapes; what enters a call must be what the network says enters it."""

    def __init__(self, made: Plan) -> None:
        self.plan = made

    def call(self, call: CallStep, takes: Any, feeds: Mapping[str, Any]) -> Any:
        assert takes == axes_of(call.leaf.source), self.plan.label(call)
        for name, shape in feeds.items():
            assert shape == axes_of(getattr(call.leaf.layer, name)), (self.plan.label(call), name)
        return axes_of(call.leaf.output)

    def own(self, owner: int, like: Any) -> Any:
        return self.plan.owners[owner].node.weight.shape

    def blank(self, axes: Any, like: Any) -> Any:
        return axes

    def merge(self, op: str, tensors: Sequence[Any]) -> Any:
        made, *others = tensors
        for other in others:
            if op == "|":
                assert made[:-1] == other[:-1]
                made = (*made[:-1], made[-1] + other[-1])
            else:
                rank = max(len(made), len(other))
                pairs = zip(*((1,) * (rank - len(t)) + t for t in (made, other)), strict=True)
                made = tuple(max(pair) for pair in pairs if pair[0] == pair[1] or 1 in pair)
                assert len(made) == rank
        return made

    def backwards(self, tensor: Any, axis: int) -> Any:
        assert -len(tensor) <= axis < len(tensor)
        return tensor

    def mixture(self, scores: Any, outputs: Sequence[Any], top: int) -> Any:
        assert top <= len(outputs) == scores[-1]
        assert len(set(outputs)) == 1
        return outputs[0]

    def at(self, tensor: Any, step: int) -> Any:
        assert step < tensor[0]
        return tensor[1:]

    def steps(self, tensor: Any) -> int:
        return int(tensor[0])

    def stacked(self, tensors: Sequence[Any], like: Any) -> Any:
        assert len(set(tensors)) == 1
        assert len(tensors) == like[0]
        return (len(tensors), *tensors[0])


def shapes(made: Plan) -> Any:
    """The shapes that leave a network, found from those that enter it."""
    return run(made, Shapes(made), [axes_of(node.output) for _, node in made.inputs])


class Words(Shapes):
    """Tensors are what computes them, in words."""

    def call(self, call: CallStep, takes: Any, feeds: Mapping[str, Any]) -> Any:
        given = [*(takes if isinstance(takes, tuple) else [takes])]
        given += [f"{name}: {value}" for name, value in feeds.items()]
        label = self.plan.label(call)
        if call.owner is not None:
            owner = self.plan.label(self.plan.owners[call.owner])
            label = owner if owner == label else f"{owner}'"
        if call.matrix is not None:
            label = f"{self.plan.label(self.plan.owners[call.matrix])}.T"
        told = f"{label}({', '.join(given)})"
        output = call.leaf.output
        if isinstance(output, Bundled):
            return tuple(f"{told}.{k}" for k in range(len(output.items)))
        return told

    def own(self, owner: int, like: Any) -> Any:
        return self.plan.label(self.plan.owners[owner])

    def blank(self, axes: Any, like: Any) -> Any:
        return "0"

    def merge(self, op: str, tensors: Sequence[Any]) -> Any:
        return f"({f' {op} '.join(tensors)})"

    def backwards(self, tensor: Any, axis: int) -> Any:
        return f"~{tensor}" if axis == -2 else f"~{axis}~{tensor}"

    def mixture(self, scores: Any, outputs: Sequence[Any], top: int) -> Any:
        return f"best {top} by {scores} of [{', '.join(outputs)}]"

    def at(self, tensor: Any, step: int) -> Any:
        return f"{tensor}@{step}"

    def steps(self, tensor: Any) -> int:
        return 2

    def stacked(self, tensors: Sequence[Any], like: Any) -> Any:
        return f"[{', '.join(tensors)}]"


def words(made: Plan) -> Any:
    """What leaves a network, in words; its inputs are x, y, z in their order."""
    names = "xyz"
    assert all(isinstance(node, InputNode) for _, node in made.inputs)
    return run(made, Words(made), names[: len(made.inputs)])

"""Networks as modules of torch."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

from symparams.frameworks import torch_around, torch_functions, torch_norms
from symparams.frameworks.base import (
    REFUSALS,
    Axes,
    CallFailed,
    FoundTensor,
    Kinds,
    Measured,
    NotBuilt,
    Through,
    Watch,
    as_declared,
    attributes,
    cause_of,
    entering,
    entrances,
    run,
    shapes,
    untold,
)
from symparams.frameworks.steps import CallStep, Owner, Plan, numbers
from symparams.frameworks.tensors import behind_batch, lengthened, merged, short, weighed
from symparams.frameworks.torch_layers import (
    KINDS,
    AdaptedModule,
    DeclaredModule,
)
from symparams.network import InputNode, Signal, WeightNode

#: What registers kinds beside the module that makes their table.
REGISTERED = (torch_around, torch_functions, torch_norms)

#: Examples in the batch that a network is measured on.
BATCH = 2


class _TorchMachine:
    """torch's tensors; makes the module of an owner when its first input comes."""

    def __init__(self, plan: Plan, made: dict[int, Any], training: bool = False) -> None:
        self.plan = plan
        self.made = made
        self.training = training
        #: The shapes without batch that entered the owners.
        self.entered: dict[int, Axes] = {}

    def call(self, call: CallStep, takes: Any, feeds: Mapping[str, Any]) -> Any:
        layer = call.leaf.layer
        if call.owner is not None:
            given = takes if isinstance(takes, tuple) else (takes,)
            return self.owner(call.owner, takes)(*given)
        rule = KINDS.rule(call.leaf)
        if layer.kind in KINDS.layers:  # a kind whose options leave it no weight
            made = rule.make(layer, entering(takes)).to(takes.device)
            return made.train(self.training)(takes)
        given = takes if isinstance(takes, tuple) else (takes,)
        others = dict(feeds)
        if call.matrix is not None:
            others["matrix"] = self.matrix(call.matrix)
        if layer.kind == "dropout":
            others["training"] = self.training
        return rule.make(layer, *given, **others)

    def owner(self, number: int, takes: Any | None = None) -> Any:
        """Return the module of an owner."""
        if number not in self.made:
            node = self.plan.owners[number].node
            if takes is not None:
                axes = entering(takes)
            else:
                source = getattr(node, "source", node.output)
                assert isinstance(source, Signal)
                axes = numbers(source)
            self.entered[number] = axes
            self.made[number] = module(self.plan.owners[number], axes).train(self.training)
        return self.made[number]

    def matrix(self, number: int) -> Any:
        """Return the matrix of a shared embedding or dense layer, as (rows, columns)."""
        inner = self.owner(number).inner
        return inner.weight.T if isinstance(inner, nn.Linear) else inner.weight

    def own(self, owner: int, like: Any) -> Any:
        return self.owner(owner).tensor(like)

    def blank(self, axes: Axes, like: Any) -> Any:
        return torch.zeros((like.shape[0], *axes), device=like.device)

    def merge(self, op: str, tensors: Sequence[Any]) -> Any:
        if op == "|":
            return torch.cat(list(tensors), -1)
        return merged(op, tensors, level)

    def backwards(self, tensor: Any, axis: int) -> Any:
        return tensor.flip(behind_batch(axis))

    def mixture(self, scores: Any, outputs: Sequence[Any], top: int) -> Any:
        best, chosen = torch.topk(scores, top, -1)
        shares = torch.zeros_like(scores).scatter(-1, chosen, torch.softmax(best, -1))
        return weighed(shares, outputs)

    def at(self, tensor: Any, step: int) -> Any:
        return tensor[:, step]

    def steps(self, tensor: Any) -> int:
        return int(short(tensor).shape[1])

    def stacked(self, tensors: Sequence[Any], like: Any) -> Any:
        return lengthened(torch.stack(list(tensors), 1), int(like.shape[1]))


def level(left: Any, right: Any) -> tuple[Any, Any]:
    """Return two tensors with as many axes: what is missing is put in behind the batch."""
    rank = max(left.ndim, right.ndim)
    left, right = (
        t.reshape(t.shape[0], *(1,) * (rank - t.ndim), *t.shape[1:]) for t in (left, right)
    )
    return left, right


def module(owner: Owner, axes: Axes) -> Any:
    """Return the module of an owner, on what comes in; its tensors are those of torch.

    Raises:
        NotBuilt: torch refuses these options.
    """
    node = owner.node
    if isinstance(node, WeightNode):
        made: Any = DeclaredModule((node.weight,), None)
    elif as_declared(node):
        assert isinstance(node.output, Signal)
        made = DeclaredModule(node.weights, numbers(node.output))
    else:
        rule = KINDS.rule(node)
        try:
            made = rule.make(node.layer, axes)
            if owner.told:
                made.requires_grad_(False)
            for layer in owner.around:
                KINDS.outer(layer, node.span).make(layer, made)
        except NotBuilt as error:
            raise error.at(node.span) from None
        except REFUSALS as error:
            raise NotBuilt(
                f"not built: torch refuses this '{node.layer.kind}': {cause_of(error)}", node.span
            ) from error
    if owner.told and as_declared(node):
        made.requires_grad_(False)
    return made


class NetworkModule(nn.Module):
    """A network of the language as a module.

    Its inputs have a batch in front and their channels at the end, in the order
    of the text; integers are of ``torch.long``. Several outputs are a tuple.
    """

    def __init__(self, plan: Plan, made: Mapping[int, Any]) -> None:
        super().__init__()
        self.plan = plan
        self.names = attributes(plan, dir(nn.ModuleDict))
        self.layers = nn.ModuleDict({self.names[k]: made[k] for k in sorted(made)})

    def forward(self, *inputs: Any) -> Any:
        """Return the outputs on a batch of inputs."""
        if len(inputs) != len(self.plan.inputs):
            raise TypeError(f"{len(self.plan.inputs)} inputs are needed, not {len(inputs)}")
        made = {k: self.layers[name] for k, name in enumerate(self.names) if name in self.layers}
        try:
            return run(self.plan, _TorchMachine(self.plan, made, self.training), inputs)
        except CallFailed as failed:  # who runs a module expects torch's own errors
            raise (failed.__cause__ or failed) from None


def entrance(node: InputNode) -> Any:
    """Return a batch of zeros for an input, on the device in force."""
    assert isinstance(node.output, Signal)
    dtype = torch.long if node.output.tokens else torch.float32
    return torch.zeros((BATCH, *numbers(node.output)), dtype=dtype)


class Torch:
    """PyTorch; networks are measured on its meta device, which holds no values."""

    name = "torch"
    kinds: Kinds = KINDS

    @property
    def version(self) -> str:
        return str(torch.__version__).partition("+")[0]

    def measured(self, plan: Plan, watch: Watch, through: Through) -> Measured:
        machine, output = self._ran(plan, watch, through)
        found: dict[int, tuple[FoundTensor, ...]] = {}
        for number, made in sorted(machine.made.items()):
            if not as_declared(plan.owners[number].node):
                assert isinstance(made, AdaptedModule)
                found[number] = made.found()
        return Measured(found, output)

    def _ran(
        self, plan: Plan, watch: Watch | None = None, through: Through = untold
    ) -> tuple[_TorchMachine, Any]:
        machine = _TorchMachine(plan, {})

        def told(call: CallStep, made: Any) -> None:
            if watch is not None:
                watch(call, shapes(made))

        with warnings.catch_warnings(), torch.device("meta"), torch.no_grad():
            warnings.simplefilter("ignore")  # of memory formats and of values that nothing has
            inputs = entrances(self.name, plan, entrance)
            output = run(plan, machine, inputs, told, through)
        return machine, shapes(output)

    def network(self, plan: Plan) -> NetworkModule:
        self.kinds.check(plan)
        machine, _ = self._ran(plan)
        made = {
            number: module(plan.owners[number], axes) for number, axes in machine.entered.items()
        }
        return NetworkModule(plan, made)


FRAMEWORK = Torch()

"""Networks as modules of torch."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

from symparams.frameworks import torch_around, torch_functions, torch_norms
from symparams.frameworks.base import (
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
    entering,
    entrances,
    run,
    shapes,
    untold,
)
from symparams.frameworks.exporting.paths import paths
from symparams.frameworks.steps import CallStep, Owner, Plan, numbers
from symparams.frameworks.tensors import lengthened, short
from symparams.frameworks.torch_layers import KINDS, AdaptedModule, adapted
from symparams.network import InputNode, LeafNode, Signal, WeightNode

#: What registers kinds beside the module that makes their table.
REGISTERED = (torch_around, torch_functions, torch_norms)

#: Examples in the batch that a network is measured on.
BATCH = 2


class _TorchMachine(torch_functions.TorchTensors):
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
            made = rule.make(layer, entering(takes))
            made.inner.to(takes.device).train(self.training)
            return made(takes)
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
            made = self.made[number] = module(self.plan.owners[number], axes)
            held(made).train(self.training)
        return self.made[number]

    def matrix(self, number: int) -> Any:
        """Return the matrix of a shared embedding or dense layer, as (rows, columns)."""
        return torch_functions.matrix(self.owner(number))

    def own(self, owner: int, like: Any) -> Any:
        return self.owner(owner).tensor(like)

    def at(self, tensor: Any, step: int) -> Any:
        return tensor[:, step]

    def steps(self, tensor: Any) -> int:
        return int(short(tensor).shape[1])

    def stacked(self, tensors: Sequence[Any], like: Any) -> Any:
        return lengthened(torch.stack(list(tensors), 1), int(like.shape[1]))


def module(owner: Owner, axes: Axes) -> Any:
    """Return the module of an owner, on what comes in; its tensors are those of torch.

    Raises:
        NotBuilt: torch refuses these options.
    """
    node = owner.node
    if isinstance(node, LeafNode) and not as_declared(node):
        return adapted(owner, axes)
    if isinstance(node, WeightNode):
        made = DeclaredModule((node.weight,), None)
    else:
        assert isinstance(node.output, Signal)
        made = DeclaredModule(node.weights, numbers(node.output))
    return made.requires_grad_(False) if owner.told else made


def held(made: Any) -> nn.Module:
    """Return what of an owner's module has its tensors."""
    inner: nn.Module = made.inner if isinstance(made, AdaptedModule) else made
    return inner


class DeclaredModule(nn.Module):
    """Tensors that the text declares, for which torch has no layer."""

    def __init__(self, weights: tuple[Any, ...], output: Axes | None) -> None:
        super().__init__()
        self.output = output
        #: The module that has the tensors, and the name of the first.
        self.place: list[Any] = [self, weights[0].name]
        for weight in weights:
            tensor = torch.zeros(weight.shape)
            if weight.buffer:
                self.register_buffer(weight.name, tensor)
            else:
                nn.init.normal_(tensor, std=0.02)
                self.register_parameter(weight.name, nn.Parameter(tensor))

    def tensor(self, like: Any) -> Any:
        """Return the one tensor, for every example of a batch."""
        holder, name = self.place
        tensor = getattr(holder, name)
        return tensor.unsqueeze(0).expand(like.shape[0], *tensor.shape)

    def move(self, holder: nn.Module, name: str) -> None:
        """Have another module keep the one tensor, under a name of its own."""
        old = self.place[1]
        if old in self._parameters:
            holder.register_parameter(name, self._parameters.pop(old))
        else:
            holder.register_buffer(name, self._buffers.pop(old))
        self.place = [holder, name]

    def forward(self, tensor: Any) -> Any:
        """Return the declared shape; a written layer says nothing of its values."""
        if not tensor.is_meta:
            raise NotBuilt("a layer of the text's own says its shapes, not what it computes")
        return tensor.new_empty((tensor.shape[0], *(self.output or ())))


class NetworkModule(nn.Module):
    """A network of the language as a module.

    Its inputs have a batch in front and their channels at the end, in the order
    of the text; integers are of ``torch.long``. Several outputs are a tuple. Its
    weights are called as in the exported module, where one can be written.
    """

    def __init__(self, plan: Plan, made: Mapping[int, Any]) -> None:
        super().__init__()
        self.plan = plan
        self._made = dict(made)
        ways = paths(plan.network.definition, "torch", plan.network.values)
        whole = ways is not None and len(ways) == len(plan.owners)
        if not whole or any(hasattr(self, first) for first, *_ in ways or ()):
            ways = [("layers", name) for name in attributes(plan, dir(nn.ModuleDict))]
        assert ways is not None
        for number in sorted(made):
            self._place(ways[number], made[number])

    def _place(self, way: tuple[str, ...], made: Any) -> None:
        """Take in what an owner was made as, where an exported module has it."""
        holder: nn.Module = self
        *outer, name = way
        for part in outer:
            if part not in holder._modules:
                holder.add_module(part, nn.Module())
            holder = holder.get_submodule(part)
        if isinstance(made, DeclaredModule) and made.output is None:
            made.move(holder, name)
        else:
            holder.add_module(name, held(made))

    def forward(self, *inputs: Any) -> Any:
        """Return the outputs on a batch of inputs."""
        if len(inputs) != len(self.plan.inputs):
            raise TypeError(f"{len(self.plan.inputs)} inputs are needed, not {len(inputs)}")
        try:
            return run(self.plan, _TorchMachine(self.plan, self._made, self.training), inputs)
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

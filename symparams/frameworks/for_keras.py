"""Networks as models of Keras 3; on its torch backend where no other was chosen."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
from keras import layers, ops

from symparams.errors import SymparamsError
from symparams.frameworks import keras_functions, keras_norms
from symparams.frameworks.base import (
    Axes,
    FoundTensor,
    Kinds,
    Measured,
    Through,
    Watch,
    as_declared,
    attributes,
    entering,
    entrances,
    run,
    shapes,
)
from symparams.frameworks.keras_layers import KINDS, AdaptedLayer, adapted, own
from symparams.frameworks.steps import CallStep, Plan, numbers
from symparams.frameworks.tensors import lengthened, short
from symparams.network import InputNode, LeafNode, Signal, WeightNode

#: What registers kinds beside the module that makes their table.
REGISTERED = (keras_functions, keras_norms)

#: Examples in the batch that a network is measured on.
BATCH = 2


class _KerasMachine(keras_functions.KerasTensors):
    """Keras' tensors; makes the layer of an owner when its first input comes."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.made: dict[int, Any] = {}
        self.names = attributes(plan)

    def call(self, call: CallStep, takes: Any, feeds: Mapping[str, Any]) -> Any:
        layer = call.leaf.layer
        if call.owner is not None:
            given = takes if isinstance(takes, tuple) else (takes,)
            return self.owner(call.owner, takes)(*given)
        rule = KINDS.rule(call.leaf)
        if layer.kind in KINDS.layers:  # a kind whose options leave it no weight
            return rule.make(layer, entering(takes), None)(takes)
        given = takes if isinstance(takes, tuple) else (takes,)
        others = dict(feeds)
        if call.matrix is not None:
            others["matrix"] = self.matrix(call.matrix)
        return rule.make(layer, *given, **others)

    def owner(self, number: int, takes: Any) -> Any:
        """Return the layer of an owner, whose first input this may be."""
        return self.made_for(number, entering(takes))

    def made_for(self, number: int, axes: Axes) -> Any:
        """Return the layer of an owner on an input of ``axes``."""
        if number not in self.made:
            owner = self.plan.owners[number]
            node, name = owner.node, self.names[number]
            if isinstance(node, WeightNode):
                self.made[number] = DeclaredLayer((node.weight,), None, name)
            elif as_declared(node):
                assert isinstance(node.output, Signal)
                self.made[number] = DeclaredLayer(node.weights, numbers(node.output), name)
            else:
                self.made[number] = adapted(owner, axes, name)
        return self.made[number]

    def matrix(self, number: int) -> Any:
        """Return the matrix of a shared embedding or dense layer."""
        node = self.plan.owners[number].node
        assert isinstance(node, LeafNode)
        assert isinstance(node.source, Signal)
        axes = numbers(node.source)
        inner = self.made_for(number, axes).inner
        if not inner.built:
            inner.build((BATCH, *axes))
        return inner.weights[0]

    def own(self, owner: int, like: Any) -> Any:
        return self.owner(owner, like)(like)

    def at(self, tensor: Any, step: int) -> Any:
        return tensor[:, step]

    def steps(self, tensor: Any) -> int:
        return int(short(tensor).shape[1])

    def stacked(self, tensors: Sequence[Any], like: Any) -> Any:
        return lengthened(ops.stack(list(tensors), 1), int(like.shape[1]))


class DeclaredLayer(layers.Layer):
    """Tensors that the text declares, for which Keras has no layer."""

    def __init__(self, weights: tuple[Any, ...], output: Axes | None, name: str) -> None:
        super().__init__(name=name)
        self.declared = weights
        self.axes = output

    def build(self, shape: Any) -> None:
        """Make the tensors."""
        for weight in self.declared:
            self.add_weight(
                name=weight.name,
                shape=weight.shape,
                initializer=keras.initializers.RandomNormal(stddev=0.02),
                trainable=not weight.buffer,
            )
        self.built = True

    def call(self, like: Any) -> Any:
        """Return the one tensor, or zeros of the declared output, for every example of a batch."""
        axes = tuple(self.weights[0].shape) if self.axes is None else self.axes
        made = own.zeros(axes, like)
        return made + ops.cast(self.weights[0], made.dtype) if self.axes is None else made

    def compute_output_shape(self, shape: Any) -> Any:
        """Return the declared shape behind the batch."""
        axes = self.declared[0].shape if self.axes is None else self.axes
        return (shape[0], *axes)


class Keras:
    """Keras 3; networks are measured on the meta device of its torch backend."""

    name = "keras"
    kinds: Kinds = KINDS

    @property
    def version(self) -> str:
        return str(keras.__version__)

    def measured(self, plan: Plan, watch: Watch, through: Through) -> Measured:
        backend = keras.backend.backend()
        if backend != "torch":
            raise SymparamsError(
                f"keras runs on {backend} here, which takes memory for every weight",
                None,
                "set KERAS_BACKEND=torch",
            )
        machine = _KerasMachine(plan)
        with warnings.catch_warnings(), keras.device("meta"):
            warnings.simplefilter("ignore")  # of values that nothing has
            inputs = entrances(self.name, plan, zeros_for)
            told: Watch = lambda call, made: watch(call, shapes(made))  # noqa: E731
            output = run(plan, machine, inputs, told, through)
        found: dict[int, tuple[FoundTensor, ...]] = {}
        for number, made in sorted(machine.made.items()):
            owner = plan.owners[number]
            if not as_declared(owner.node):
                assert isinstance(made, AdaptedLayer)
                found[number] = made.found(owner.told)
        return Measured(found, shapes(output))

    def network(self, plan: Plan) -> Any:
        self.kinds.check(plan)
        machine = _KerasMachine(plan)
        inputs = entrances(self.name, plan, symbolic)
        made = keras.Model(
            inputs if len(inputs) > 1 else inputs[0],
            run(plan, machine, inputs),
            name=plan.network.definition.name.replace(".", "_"),  # of a variant
        )
        for number, layer in machine.made.items():
            told = plan.owners[number].told
            if isinstance(layer, AdaptedLayer):
                layer.settle(told)
            elif told:
                layer.trainable = False
        return made


def entrance(node: InputNode) -> tuple[Axes, str]:
    """Return shape without batch and type of an input."""
    assert isinstance(node.output, Signal)
    return numbers(node.output), "int32" if node.output.tokens else "float32"


def zeros_for(node: InputNode) -> Any:
    """Return a batch of zeros for an input, on the device in force."""
    axes, dtype = entrance(node)
    return ops.zeros((BATCH, *axes), dtype=dtype)


def symbolic(node: InputNode) -> Any:
    """Return an input of a model."""
    axes, dtype = entrance(node)
    return keras.Input(axes, dtype=dtype)


FRAMEWORK = Keras()

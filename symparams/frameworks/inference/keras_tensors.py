"""The weights of a Keras model, by their paths."""

from __future__ import annotations

import sys
from typing import Any

from symparams.errors import SymparamsError
from symparams.frameworks.inference.tensors import (
    FROZEN,
    TRAINABLE,
    BuiltModule,
    BuiltTensor,
)

NAME = "keras"


def is_module(made: Any) -> bool:
    """Tell whether something is a layer or model of Keras."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(made, keras.layers.Layer)


def built_module(made: Any) -> BuiltModule:
    """Return the weights of a model; running statistics are frozen, as Keras counts them.

    Raises:
        SymparamsError: it is not built: no input shape was given.
    """
    if not made.built:
        raise SymparamsError(
            "the model is not built: its weights have no shapes", None, "give it an Input"
        )
    owners: dict[int, str] = {}
    for layer in made._flatten_layers():
        for weight in layer._trainable_variables + layer._non_trainable_variables:
            owners.setdefault(id(weight), type(layer).__name__)
    tensors = tuple(
        BuiltTensor(
            weight.path.replace("/", "."),
            tuple(map(int, weight.shape)),
            TRAINABLE if weight.trainable else FROZEN,
            owners.get(id(weight), ""),
        )
        for weight in made.weights
    )
    return BuiltModule(_told_apart(tensors))


def _told_apart(tensors: tuple[BuiltTensor, ...]) -> tuple[BuiltTensor, ...]:
    """Add a number to the name of a weight where several have one path."""
    seen: dict[str, int] = {}
    found = []
    for tensor in tensors:
        seen[tensor.name] = number = seen.get(tensor.name, -1) + 1
        found.append(tensor.but(name=f"{tensor.name}.{number}") if number else tensor)
    return tuple(found)


__all__ = ["NAME", "built_module", "is_module"]

"""The weights of a Keras model, by their paths."""

from __future__ import annotations

import sys
from collections.abc import Iterable
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
    names = weight_names(made.weights)
    tensors = tuple(
        BuiltTensor(
            names[id(weight)],
            tuple(map(int, weight.shape)),
            TRAINABLE if weight.trainable else FROZEN,
            owners.get(id(weight), ""),
        )
        for weight in made.weights
    )
    return BuiltModule(tensors)


def weight_names(weights: Iterable[Any]) -> dict[int, str]:
    """Return a name of its own for each weight, by its identity: its path.

    A number stands behind it where several have one path.
    """
    seen: dict[str, int] = {}
    found: dict[int, str] = {}
    for weight in {id(w): w for w in weights}.values():
        path = weight.path.replace("/", ".")
        seen[path] = number = seen.get(path, -1) + 1
        found[id(weight)] = f"{path}.{number}" if number else path
    return found


__all__ = ["NAME", "built_module", "is_module", "weight_names"]

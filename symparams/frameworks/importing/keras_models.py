"""A built model of Keras as a source: its inputs, its graph, its variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import tree

from symparams.errors import SymparamsError, listed
from symparams.frameworks.importing import (
    keras_functions_read,
    keras_layers_read,
    keras_moves_read,
)
from symparams.frameworks.importing.graph import SourceGraph, SourceModule, SourceWeight
from symparams.frameworks.importing.keras_reader import (
    KerasReader,
    graph_of,
    observed,
    traced_graph,
)
from symparams.frameworks.inference.keras_tensors import weight_names

#: They say how layers and functions are read.
REGISTERED = (keras_functions_read, keras_layers_read, keras_moves_read)


def read_keras(
    model: Any, title: str, inputs: Sequence[Sequence[int]] | None = None
) -> SourceGraph:
    """Return what a built model of Keras does to one example.

    ``inputs`` has the shape of each input without the batch; where it is None, the model's own.

    Raises:
        SymparamsError: it is not built, or an axis of an input has no size.
    """
    if not model.built:
        raise SymparamsError(
            "the model is not built: its weights have no shapes", None, "give it an Input"
        )
    given = entering(model, inputs)
    graph = graph_of(model)
    if graph is None:  # it may make weights only now
        args = (given[0] if len(given) == 1 else given,)
        graph = traced_graph(model, args, {})
    reader = KerasReader(model)
    if graph is not None:
        root, _ = reader.container(type(model).__name__, "", graph, given, model.weights)
        root = root.but(title=_title(model))
    else:
        root = _unread_root(reader, model, given)
    return SourceGraph("keras", title, root, source_weights(model))


def _title(model: Any) -> str:
    name = type(model).__name__
    return str(model.name) if name in ("Functional", "Sequential") else name


def _unread_root(reader: KerasReader, model: Any, given: Sequence[Any]) -> SourceModule:
    made = observed(model, (given[0] if len(given) == 1 else list(given),), {})
    names = tuple(dict.fromkeys(reader.names.values()))
    takes, makes = reader.outside(given), reader.outside(tree.flatten(made))
    why = f"{type(model).__name__} is a class of its own"
    return SourceModule("", _title(model), takes, makes, (), names, {}, why)


def entering(model: Any, inputs: Sequence[Sequence[int]] | None) -> list[Any]:
    """Return one example of each input of a model.

    Raises:
        SymparamsError: a size is missing, or there are other inputs.
    """
    graph = graph_of(model)
    own = [] if graph is None else list(graph.inputs)
    if inputs is None and graph is None:
        raise SymparamsError(
            f"{type(model).__name__} has no graph that says what comes in",
            None,
            "give the shape of its input",
        )
    if inputs is None:
        inputs = [tuple(t.shape[1:]) for t in own]
    if graph is not None and len(inputs) != len(own):
        raise SymparamsError(
            f"'{model.name}' has {len(own)} inputs, {listed([t.name for t in own])}, "
            f"and shapes of {len(inputs)} are given"
        )
    made = []
    for number, shape in enumerate(inputs):
        name = own[number].name if own else f"input {number + 1}"
        if None in tuple(shape):
            raise SymparamsError(
                f"axis {tuple(shape).index(None) + 1} of '{name}' has no size",
                None,
                "give the shape of each input",
            )
        kind = own[number].dtype if own else keras.config.floatx()
        made.append(keras.KerasTensor((1, *map(int, shape)), kind))
    return made


def source_weights(model: Any) -> dict[str, SourceWeight]:
    """Return every variable of a model by its name; statistics are buffers, as elsewhere."""
    kept: set[int] = set()
    for layer in model._flatten_layers():
        kept |= {id(w) for w in layer._non_trainable_variables}
    found = {}
    names = weight_names(model.weights)
    for weight in model.weights:
        buffer = id(weight) in kept
        role = "buffer" if buffer else "trainable" if weight.trainable else "frozen"
        name = names[id(weight)]
        found[name] = SourceWeight(name, tuple(map(int, weight.shape)), role)
    return found


__all__ = ["read_keras"]

"""Models of Keras, read with the rules of all its layers and functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symparams.errors import SymparamsError
from symparams.frameworks.importing import keras_functions_read, keras_moves_read
from symparams.frameworks.importing.graph import SourceGraph
from symparams.frameworks.importing.keras_reader import (
    KerasReader,
    entering,
    graph_of,
    keras_title,
    source_weights,
    traced_graph,
    unread_root,
)

#: The files that register how layers and functions are read.
RULES = (keras_functions_read, keras_moves_read)


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
        root = root.but(title=keras_title(model))
    else:
        root = unread_root(reader, model, given)
    return SourceGraph("keras", title, root, source_weights(model))

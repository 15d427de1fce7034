"""The tensors of a source as those of a built module, which a text is compared with."""

from __future__ import annotations

from symparams.frameworks.importing.graph import SourceGraph, SourceLayer
from symparams.frameworks.inference.tensors import BuiltModule, BuiltTensor


def graph_tensors(graph: SourceGraph) -> BuiltModule:
    """Return the weights of a source by their names, each with the kind of its layer."""
    owners = {
        own: operation.kind
        for module in graph.modules()
        for operation in module.operations
        if isinstance(operation, SourceLayer)
        for own in operation.weights.values()
    }
    return BuiltModule(
        tuple(
            BuiltTensor(w.name, w.axes, w.role, owners.get(w.name, ""))
            for w in graph.weights.values()
        ),
        tuple((w.name, other) for w in graph.weights.values() for other in w.also),
    )


__all__ = ["graph_tensors"]

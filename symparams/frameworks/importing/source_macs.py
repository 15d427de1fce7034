"""MACs of a source by its own operations: what the text of it is held against.

Counted from the axes that were observed and the axes of the weights, by what each operation
multiplies; the language's layers are not asked. A framework with a counter of its own is asked
instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

from symparams.frameworks.importing.graph import (
    SourceCall,
    SourceFunction,
    SourceLayer,
    SourceModule,
    SourceWeight,
)


def source_macs(module: SourceModule, weights: Mapping[str, SourceWeight]) -> int:
    """Return the MACs of a container; those of parts that cannot be read are not known, and 0."""
    found = 0
    for operation in module.operations:
        if isinstance(operation, SourceCall):
            found += source_macs(operation.module, weights)
        elif isinstance(operation, SourceLayer):
            found += _of_layer(operation, weights)
        elif isinstance(operation, SourceFunction):
            found += _of_function(operation)
    return found


def _of_layer(layer: SourceLayer, weights: Mapping[str, SourceWeight]) -> int:
    """Return the MACs of a layer: each kernel at the places where it is used."""
    places = _PLACES.get(layer.kind)
    if places is None:
        return 0
    kernels = {n: weights[w].values for n, w in layer.weights.items() if n.endswith("kernel")}
    return sum(values * places(layer, name) for name, values in kernels.items())


def _windows(layer: SourceLayer, name: str) -> int:
    """Return the places of the windows: those of what goes out."""
    axes = layer.makes[0].axes
    return prod(axes) // axes[layer.channels]


def _points(layer: SourceLayer, name: str) -> int:
    """Return the places of what comes in."""
    axes = layer.takes[0].axes
    return prod(axes) // axes[layer.channels]


def _steps(layer: SourceLayer, name: str) -> int:
    """Return the steps of a sequence; of images, at every place of what goes out."""
    batch, time, *_ = layer.takes[0].axes
    if layer.kind != "conv_lstm":
        return batch * time
    return batch * time * prod(layer.makes[0].axes[-len(layer.takes[0].axes) + 2 : -1])


_PLACES: Mapping[str, Callable[[SourceLayer, str], int]] = {
    "dense": _points,
    "conv": _windows,
    "depthwise": _windows,
    "separable": _windows,
    "conv_transpose": _points,
    **dict.fromkeys(("rnn", "lstm", "gru", "conv_lstm"), _steps),
}


def _of_function(function: SourceFunction) -> int:
    """Return the MACs of a product of tensors."""
    takes = [t.axes for t in function.takes]
    made = function.makes[0].axes if function.makes else ()
    if function.name == "matmul":
        return prod(made) * takes[0][-1]
    if function.name == "linear":
        return prod(takes[0]) * takes[1][0]
    if function.name == "attend":
        q, k, v = takes[:3]
        return prod(q[:-1]) * k[-2] * (q[-1] + v[-1])
    if function.name == "einsum":
        return _of_equation(str(function.options["equation"]), takes)
    return 0


def _of_equation(equation: str, takes: list[tuple[int, ...]]) -> int:
    """Return the product of all axes of an equation; of one tensor there is nothing to multiply."""
    terms = equation.partition("->")[0].split(",")
    if len(terms) < 2:
        return 0
    sizes: dict[str, int] = {}
    for term, axes in zip(terms, takes, strict=True):
        before, dots, behind = term.partition("...")
        count = len(axes) - len(before) - len(behind) if dots else 0
        names = [*before, *(f".{k}" for k in range(-count, 0)), *behind]
        for name, size in zip(names, axes, strict=True):
            sizes[name] = max(size, sizes.get(name, 1))
    return prod(sizes.values())


__all__ = ["source_macs"]

"""What torch measured of a module, in the language's names and order of axes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .counting import Measured, Tensor
from .torch_places import TRANSFORMERS, inward, named

RENAMED = {
    "weight_ih": "kernel",
    "weight_hh": "recurrent_kernel",
    "bias_ih": "bias",
    "bias_hh": "recurrent_bias",
    "running_mean": "moving_mean",
    "running_var": "moving_variance",
    "num_batches_tracked": "batches",
    "weight_hr": "projection",
    "original": "kernel",
    "original0": "g",
    "original1": "kernel",
    "_u": "u",
    "_v": "v",
    "base": "base",
    "bias_k": "bias_k",
    "bias_v": "bias_v",
}


def tensor(
    model: str,
    path: str,
    shape: tuple[int, ...],
    buffer: bool,
    options: Mapping[str, Any] | None = None,
) -> Tensor:
    """A torch weight in the language's names and order of axes."""
    *before, field = re.sub(r"_l\d+(_reverse)?$", "", path).split(".")
    options = options or {}
    parametrized = model.startswith("parametrizations")
    if parametrized and field in ("weight", "bias"):
        model, parametrized = options["base"], False
    norm = not parametrized and "norm" in (before[-1] if before else model).lower()
    if field in RENAMED:
        field = RENAMED[field]
    elif norm:
        field = {"weight": "gamma", "bias": "beta"}[field]
    elif model.startswith("Embedding"):
        field = {"weight": "table"}[field]
    elif model == "PReLU":
        field = {"weight": "alpha"}[field]
    elif model == "AdaptiveLogSoftmaxWithLoss":
        cluster = path.split(".")
        if cluster[0] == "tail":
            field = f"tail{cluster[1]}_" + ("projection_kernel", "kernel")[int(cluster[2])]
        else:
            field = {"weight": "head_kernel", "bias": "head_bias"}[field]
    else:
        field = {"weight": "kernel", "bias": "bias"}[field]
    if model == "Bilinear" and field == "kernel":  # (o, i, j) is (i, j, o) here
        shape = (*shape[1:], shape[0])
    elif field == "g":  # one axis is not of 1, or none is
        shape = tuple(axis for k, axis in enumerate(shape) if k == options.get("dim", 0))
    elif field == "projection":
        shape = shape[::-1]
    elif field == "kernel" and "Embedding" in str(options.get("base")):
        field = "table"
    elif field == "base" and len(shape) > 3:  # (o, i, …) or, backwards, (i, o, …) in front
        *front, side, _ = shape
        sides = front[:2] if "Transpose" in options["base"] else front[1::-1]
        shape = (*front[2:], *sides, side, side)
    elif field.endswith("kernel"):  # (o, i, f…) is (f…, i, o) here
        shape = (*shape[2:], shape[1], shape[0])
        if "ConvTranspose" in options.get("base", model):  # (i, o/g, f…) is (f…, i/g, o)
            groups = options.get("groups", 1)
            shape = (*shape[:-2], shape[-1] // groups, shape[-2] * groups)
    elif field in ("bias_k", "bias_v"):
        shape = shape[1:]
    return Tensor(field, tuple(shape), buffer)


def unpacked(path: str, shape: tuple[int, ...]) -> list[tuple[str, tuple[int, ...]]]:
    """The weights of an attention as those of dense layers."""
    *before, field = path.split(".")
    if field in ("in_proj_weight", "in_proj_bias"):
        third = (shape[0] // 3, *shape[1:])
        return [(".".join([*before, field.removeprefix("in_proj_")]), third)] * 3
    if re.fullmatch("[qkv]_proj_weight", field):
        return [("weight", shape)]
    return [(path, shape)]


def measured(
    model: str,
    options: Mapping[str, Any],
    shape: Any,
    weights: list[tuple[str, tuple[int, ...]]] | None,
    buffers: list[tuple[str, tuple[int, ...]]],
    output: Any,
) -> Measured:
    """A torch module.

    ``output`` has the batch, and is None where it was not called; ``weights`` is
    None where they were not listed.
    """
    while output is not None and isinstance(output[0], list | tuple):
        output = output[0]  # of several outputs the first
    found: tuple[Tensor, ...] | None = None
    if weights is not None:
        frozen = bool(options.get("_freeze"))
        apart = [one for path, s in weights for one in unpacked(path, tuple(s))]
        found = (
            *(replace(tensor(model, path, s, False, options), frozen=frozen) for path, s in apart),
            *(tensor(model, path, tuple(s), True, options) for path, s in buffers),
        )
    axes = None if output is None else inward(model, named(model, options), output)
    if axes == ():  # an adaptive softmax gives the target's share, not all of them
        axes = None
    composed = model in ("MultiheadAttention", *TRANSFORMERS) or model.startswith("parametri")
    return Measured(model, options, shape, found, axes, ordered=not composed)


def measured_row(row: Mapping[str, str]) -> Measured:
    """A row of ``torch_layers.csv``; the weights of a large one are not listed."""
    shapes = json.loads(row["input_shape"])
    listed = row["params_detail"].startswith("[")
    return measured(
        row["model"],
        json.loads(row["kwargs"]),
        shapes[0] if shapes and len(shapes) == 1 else shapes,
        json.loads(row["params_detail"]) if listed else None,
        json.loads(row["buffers_detail"]),
        json.loads(row["output_shape"] or "null"),
    )

"""What Keras measured of a layer, in the language's names and order of axes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from .counting import Measured, Tensor
from .keras_places import behind, channels, inside, is_window, plain
from .written import product

RENAMED = {
    "embeddings": "table",
    "reverse_embeddings": "_",
    "lora_embeddings_a": "lora_a",
    "lora_embeddings_b": "lora_b",
    "lora_kernel_a": "lora_a",
    "lora_kernel_b": "lora_b",
    "vector_u": "u",
}

#: What training keeps beside the parameters.
BUFFERS = (
    "moving_mean", "moving_variance", "mean", "variance", "count", "vector_u", "moving_stddev",
    "renorm_mean", "renorm_stddev",
)  # fmt: skip

#: The projections of an attention.
PROJECTIONS = ("query", "key", "value", "gate", "attention_output")


def tensors(
    model: str,
    path: str,
    shape: tuple[int, ...],
    trainable: bool,
    options: Mapping[str, Any] = MappingProxyType({}),
) -> list[Tensor]:
    """A Keras weight in the language's names and order of axes."""
    if isinstance(options.get("layer"), Mapping) and "backward_layer" not in options:
        inner, config = inside(options["layer"])
        found = tensors(inner, path, shape, trainable, config)
        timed = model == "TimeDistributed" and is_window(inner)
        return [over_time(one) for one in found] if timed else found
    model = plain(model)
    *before, field = path.rsplit("/", 2)
    name = RENAMED.get(field, field)
    buffer = field in BUFFERS
    frozen = not trainable and not buffer
    if before and before[-1] in PROJECTIONS:  # heads stand in axes of their own there
        split = 2 if before[-1] == "attention_output" else 1
        if field == "bias":
            split = 0
        halves = (shape[:split], shape[split:])
        return [Tensor(name, tuple(product(h) for h in halves if h), buffer, frozen)]
    if field == "bias" and len(shape) == 2 and "GRU" in f"{model} {options}":
        # Of the input, and of the state.
        assert shape[0] == 2
        return [Tensor(n, shape[1:], buffer, frozen) for n in ("bias", "recurrent_bias")]
    if field == "depthwise_kernel" or (field == "kernel" and model.startswith("Depthwise")):
        # Keras keeps (f…, i, m), a convolution of i groups (f…, 1, i*m): the same values.
        shape = (*shape[:-2], 1, product(shape[-2:]))
    elif field == "kernel" and model.endswith("DTranspose"):
        shape = (*shape[:-2], shape[-1], shape[-2])
    elif model == "PReLU":  # an axis of 1 where a slope is shared
        shared = options.get("shared_axes") or ()
        shared = shared if isinstance(shared, list | tuple) else [shared]
        shape = tuple(size for k, size in enumerate(shape, 1) if k not in shared) or (1,)
    elif model == "RMSNormalization":
        name = "gamma"
    elif field == "vector_u":
        shape = shape[1:]
    return [Tensor(name, tuple(shape), buffer, frozen)]


def config_of(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments of the layer inside, if there is one."""
    inner = options.get("layer")
    return inside(inner)[1] if isinstance(inner, Mapping) else {}


def over_time(tensor: Tensor) -> Tensor:
    """A kernel of a window that sees one step of time."""
    kernel = tensor.name.endswith("kernel") or tensor.name == "lora_a"
    return replace(tensor, shape=(1, *tensor.shape)) if kernel else tensor


def measured(
    model: str,
    options: Mapping[str, Any],
    shape: Any,
    weights: list[tuple[str, tuple[int, ...], bool]],
    output: Any,
) -> Measured:
    """A Keras layer; ``weights`` as (path, shape, trainable), ``output`` with batch."""
    found = [
        tensor
        for path, axes, trainable in weights
        for tensor in tensors(model, path, tuple(axes), trainable, options)
    ]
    several = output if isinstance(output[0], list | tuple) else [output]
    in_front, lead = channels(model, options)
    rank = 0 if shape and isinstance(shape[0], list | tuple) else len(shape)
    first, *others = (
        # The last state has no axis of time.
        behind(tuple(axes[1:]), in_front, lead if len(axes) - 1 == rank else 0)
        for axes in several
    )
    return Measured(
        model,
        options,
        shape,
        tuple(sorted(found, key=lambda t: t.buffer)),
        first,
        tuple(others),
        ordered=not {"lora_rank", "score_mode", "use_gate"} & {*options, *config_of(options)},
    )


def measured_row(row: Mapping[str, str]) -> Measured:
    """A row of ``keras_layers.csv``."""
    return measured(
        row["model"],
        json.loads(row["kwargs"]),
        json.loads(row["input_shape"]),
        json.loads(row["weights"]),
        json.loads(row["output_shape"]),
    )

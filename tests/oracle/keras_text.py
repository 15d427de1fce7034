"""Keras layers in the language: a class with its arguments, its weights, its shapes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .counting import Measured, Tensor
from .written import Options, call, entrance, product

CONVENTION = "keras"

#: What changes no weight and no shape of what the language has.
SILENT = (
    "activation", "data_format", "dropout", "epsilon", "go_backwards", "logit_soft_cap",
    "mask_zero", "recurrent_dropout", "return_state", "unit_forget_bias",
)  # fmt: skip

PASSED_ON = {
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "Softmax": "softmax",
    "Identity": "id",
    "Flatten": "flatten",
}


def text(model: str, options: Mapping[str, Any], shape: tuple[Any, ...]) -> str:
    """A layer on an input of ``shape``, without batch, in the language."""
    name = "tokens" if model.endswith("Embedding") else "input"
    axes = channels_last(shape, options)
    return f"{entrance(name, axes)} -> {layer(model, options, axes)}"


def channels_last(shape: tuple[Any, ...], options: Mapping[str, Any]) -> tuple[Any, ...]:
    """A shape with the channels behind the positions."""
    if options.get("data_format") == "channels_first":
        return (*shape[1:], shape[0])
    return tuple(shape)


def layer(model: str, options: Mapping[str, Any], axes: tuple[Any, ...]) -> str:
    """A layer in the language."""
    take = Options(options, SILENT)
    written = _layer(model, take, axes)
    take.done(model)
    return written


def _layer(model: str, take: Options, axes: tuple[Any, ...]) -> str:
    bias = take("use_bias")
    if model in PASSED_ON:
        return PASSED_ON[model]
    if model == "Dense":
        units = take("units")
        return call("linear", units) if bias is False else call("dense", units, bias=bias)
    if model == "EinsumDense":  # only ab,bc->ac and abc,cd->abd come here
        last = take("equation")[-1]
        shape, bias_axes = take("output_shape"), take("bias_axes")
        units = shape[-1] if isinstance(shape, list) else shape
        return call("dense", units, bias=bias_axes == last)
    if model in ("Embedding", "ReversibleEmbedding"):
        take("tie_weights")
        return call("embed", take("input_dim"), take("output_dim"))
    if model in ("Conv1D", "Conv2D", "Conv3D"):
        filters, kernel, groups = take("filters"), take("kernel_size"), take("groups")
        return call("conv", filters, kernel, **window(take), groups=groups, bias=bias)
    if model in ("DepthwiseConv1D", "DepthwiseConv2D"):
        return depthwise(take, axes, bias)
    if model in ("SeparableConv1D", "SeparableConv2D"):
        filters = take("filters")
        return depthwise(take, axes, False) + " -> " + call("conv", filters, 1, bias=bias)
    if model.startswith("Global"):
        return "globalavgpool" if "Average" in model else "globalmaxpool"
    if "Pooling" in model:
        kind = "avgpool" if model.startswith("Average") else "maxpool"
        return call(kind, take("pool_size", 2), **window(take))
    if model in ("BatchNormalization", "LayerNormalization"):
        axis = take("axis", -1)
        assert axis in (-1, len(axes)), "only the last axis"
        kind = "bn" if model.startswith("Batch") else "layernorm"
        return call(kind, scale=take("scale"), shift=take("center"))
    if model == "RMSNormalization":
        assert take("axis", -1) == -1, "only the last axis"
        return "rmsnorm"
    if model == "Dropout":
        return call("dropout", take("rate"))
    if model in ("SimpleRNN", "LSTM", "GRU"):
        return recurrent(model, take, bias)
    if model == "RNN":
        cell = take("cell")
        last = not take("return_sequences", False)
        return cells(cell["class_name"], cell["config"], last)
    if model == "Bidirectional":
        inner = take("layer")
        net = layer(inner["class_name"], inner["config"], axes)
        return call("bidirectional", net, merge=take("merge_mode"))
    if model == "TimeDistributed":  # the language has the same at every position anyway
        inner = take("layer")
        return layer(inner["class_name"], inner["config"], axes[1:])
    raise KeyError(f"no translation of {model}")


def window(take: Options) -> dict[str, Any]:
    """The options that move a window."""
    return {
        "stride": take("strides"),
        "pad": take("padding"),
        "dilation": take("dilation_rate"),
    }


def depthwise(take: Options, axes: tuple[Any, ...], bias: bool | None) -> str:
    """A convolution with a group for each input channel."""
    channels = axes[-1]
    filters = channels * take("depth_multiplier", 1)
    kernel = take("kernel_size")
    return call("conv", filters, kernel, **window(take), groups=channels, bias=bias)


def recurrent(model: str, take: Options, bias: bool | None) -> str:
    """A recurrent layer; Keras gives the last state unless the sequence is asked for."""
    kind = {"SimpleRNN": "rnn", "LSTM": "lstm", "GRU": "gru"}[model]
    vectors = None if take("reset_after", True) else 1
    last = None if take("return_sequences", False) else True
    return call(kind, take("units"), bias=bias, bias_vectors=vectors, last=last)


def cells(model: str, config: Mapping[str, Any], last: bool) -> str:
    """The layer of a cell, or a chain of those of stacked cells."""
    if model == "StackedRNNCells":
        *before, end = config["cells"]
        inner = [cells(c["class_name"], c["config"], False) for c in before]
        return " -> ".join([*inner, cells(end["class_name"], end["config"], last)])
    given = {**config, "return_sequences": not last}
    return layer(model.removesuffix("Cell"), given, ())


# --- what Keras measured ----------------------------------------------------

RENAMED = {
    "embeddings": "table",
    "depthwise_kernel": "kernel",
    "pointwise_kernel": "kernel",
    "scale": "gamma",
}


def tensors(model: str, path: str, shape: tuple[int, ...], trainable: bool) -> list[Tensor]:
    """A Keras weight in the language's names and order of axes."""
    field = path.rsplit("/", 1)[-1]
    if field == "bias" and len(shape) == 2:  # a GRU's: of the input, and of the state
        assert shape[0] == 2
        halves = ("bias", "recurrent_bias")
        return [Tensor(half, shape[1:], not trainable) for half in halves]
    if field == "depthwise_kernel" or (field == "kernel" and model.startswith("Depthwise")):
        # Keras keeps (f…, i, m), a convolution of i groups (f…, 1, i*m): the same values.
        shape = (*shape[:-2], 1, product(shape[-2:]))
    return [Tensor(RENAMED.get(field, field), tuple(shape), not trainable)]


def measured(
    model: str,
    options: Mapping[str, Any],
    shape: Any,
    weights: list[tuple[str, tuple[int, ...], bool]],
    output: Any,
) -> Measured:
    """A Keras layer; ``weights`` as (path, shape, trainable), ``output`` with batch."""
    found = [t for path, s, trainable in weights for t in tensors(model, path, tuple(s), trainable)]
    if isinstance(output[0], list | tuple):  # of several outputs the first
        output = output[0]
    return Measured(
        model,
        options,
        shape,
        tuple(sorted(found, key=lambda t: t.buffer)),
        channels_last(tuple(output[1:]), options),
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

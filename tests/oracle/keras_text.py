"""Keras layers in the language: a class with its arguments, its weights, its shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from .attention_text import keras_attention
from .counting import Measured, Tensor
from .own import complete
from .written import Options, call, each, entrance, product

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
    """A layer on an input of ``shape``, or on several, without batch, in the language."""
    if isinstance(shape[0], list | tuple):
        take = Options(options, SILENT)
        written = keras_attention(model, take, shape)
        take.done(model)
        return complete(written)
    if options.get("tie_weights") is False:  # a second table that the call leaves alone
        untied = f"weight _[{options['output_dim']}, {options['input_dim']}]"
        table = text(model, {**options, "tie_weights": True}, shape)
        return f"{{ y = {table}; {untied}; y }}"
    name = "tokens" if model.endswith("Embedding") else "input"
    axes = channels_last(shape, options)
    return complete(f"{entrance(name, axes)} -> {layer(model, options, axes)}")


def channels_last(shape: tuple[Any, ...], options: Mapping[str, Any]) -> tuple[Any, ...]:
    """A shape with the channels behind the positions."""
    if options.get("data_format") == "channels_first":
        return (*shape[1:], shape[0])
    return tuple(shape)


def layer(model: str, options: Mapping[str, Any], axes: tuple[Any, ...]) -> str:
    """A layer in the language."""
    take = Options(options, SILENT)
    frozen = take("trainable") is False
    rank = take("lora_rank")
    if rank is not None:
        written = adapted(model, take, rank)
    else:
        written = _layer(model, take, axes)
    take.done(model)
    return f"freeze({written})" if frozen else written


def _layer(model: str, take: Options, axes: tuple[Any, ...]) -> str:
    bias = take("use_bias")
    if model in PASSED_ON:
        return PASSED_ON[model]
    if model == "Dense":
        units = take("units")
        return call("linear", units) if bias is False else call("dense", units, bias=bias)
    if model == "EinsumDense":
        return einsum(take)
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
    if re.fullmatch(r"Conv\dDTranspose", model):
        return transposed(take, len(axes) - 1, bias)
    if model.startswith("ConvLSTM"):
        return conv_lstm(take, axes, bias)
    if model.startswith("Global"):
        return "globalavgpool" if "Average" in model else "globalmaxpool"
    if "Pooling" in model:
        kind = "avgpool" if model.startswith("Average") else "maxpool"
        return call(kind, take("pool_size", 2), **window(take))
    if model in ("BatchNormalization", "LayerNormalization"):
        kind = "bn" if model.startswith("Batch") else "layernorm"
        norm = call(kind, scale=take("scale"), shift=take("center"))
        return over_axes(norm, take("axis", -1), axes)
    if model == "RMSNormalization":
        return over_axes("rmsnorm", take("axis", -1), axes)
    if model == "GroupNormalization":
        net = f"{call('in_groups', take('groups'), product(axes[:-1]))} -> {call('reshape', *axes)}"
        net += "" if take("scale") is False else " -> scaled"
        return net + ("" if take("center") is False else " -> shifted")
    if model == "PReLU":  # a slope for all values, but one along a shared axis
        shared = take("shared_axes", [])
        return call("prelu", product(a for k, a in enumerate(axes, 1) if k not in shared))
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
        merge = take("merge_mode", "")
        return call("bidirectional", net, merge={"": None, None: "none"}.get(merge, merge))
    if model == "TimeDistributed":  # the language has the same at every position anyway
        inner = take("layer")
        config = inner["config"]
        if inner["class_name"] == "Conv2D":  # time is one more axis, of which a window sees one
            kernel = [1, *each(config["kernel_size"], 2)]
            return layer("Conv3D", {**config, "kernel_size": kernel}, axes)
        return layer(inner["class_name"], config, axes[1:])
    raise KeyError(f"no translation of {model}")


def window(take: Options) -> dict[str, Any]:
    """The options that move a window."""
    return {
        "stride": take("strides"),
        "pad": take("padding"),
        "dilation": take("dilation_rate"),
    }


def adapted(model: str, take: Options, rank: int) -> str:
    """Low-rank adaptation (arXiv:2106.09685): what stays, beside what learns."""
    if model == "Embedding":
        rows, width = take("input_dim"), take("output_dim")
        table, thin = call("embed", rows, width), call("embed", rows, rank)
        return f"(freeze({table}) + ({thin} -> {call('linear', width)}))"
    assert model.startswith("Conv")
    filters, kernel = take("filters"), take("kernel_size")
    stays, thin = (call("conv", n, kernel, bias=False) for n in (filters, rank))
    wide = call("linear" if take("use_bias") is False else "dense", filters)
    return f"(freeze({stays}) + ({thin} -> {wide}))"


def einsum(take: Options) -> str:
    """The equations that the table has."""
    equation = take("equation")
    shape, bias_axes = take("output_shape"), take("bias_axes")
    if equation == "abc,cde->abde":
        assert bias_axes is None
        return call("to_heads", *shape[1:])
    if equation == "abc,bcd->abd":
        assert bias_axes == "bd"
        return call("apart", shape[-1])
    assert equation in ("ab,bc->ac", "abc,cd->abd")
    units = shape[-1] if isinstance(shape, list) else shape
    return call("dense", units, bias=bias_axes == equation[-1])


def over_axes(norm: str, axis: Any, axes: tuple[Any, ...]) -> str:
    """A norm over the last axis, over all, or over one before."""
    chosen = axis if isinstance(axis, list) else [axis]
    rank = len(axes)
    if chosen in ([-1], [rank]):
        return norm
    if chosen == list(range(1, rank + 1)):
        return f"flatten -> {norm} -> {call('reshape', *axes)}"
    (one,) = chosen
    order = [k for k in range(rank) if k != one - 1] + [one - 1]
    back = [order.index(k) for k in range(rank)]
    return f"{call('permute', *order)} -> {norm} -> {call('permute', *back)}"


def transposed(take: Options, axes: int, bias: bool | None) -> str:
    """A transposed convolution.

    Without ``output_padding``, the output of Keras has n*stride values at
    least; with it, 'same' takes half of a window from both sides.
    """
    filters, kernel = take("filters"), take("kernel_size")
    stride, dilation = take("strides"), take("dilation_rate")
    pad, extra = take("padding"), take("output_padding")
    reach = [
        d * (k - 1) + 1 for k, d in zip(each(kernel, axes), each(dilation or 1, axes), strict=True)
    ]
    if pad == "same" and extra is not None:
        pad = [r // 2 for r in reach]
    elif pad != "same" and extra is None:
        short = [max(s - r, 0) for s, r in zip(each(stride or 1, axes), reach, strict=True)]
        extra = short if any(short) else None
    options = {"stride": stride, "pad": pad, "dilation": dilation, "output_pad": extra}
    return call("conv_transpose", filters, kernel, **options, bias=bias)


def conv_lstm(take: Options, axes: tuple[Any, ...], bias: bool | None) -> str:
    """A recurrent layer over images, whose first state is zeros."""
    filters, kernel = take("filters"), take("kernel_size")
    stride, pad = take("strides"), take("padding")
    image = axes[1:-1]
    steps, reach = each(stride or 1, len(image)), each(kernel, len(image))
    if pad == "same":
        left = [-(-n // s) for n, s in zip(image, steps, strict=True)]
    else:
        left = [(n - k) // s + 1 for n, s, k in zip(image, steps, reach, strict=True)]
    cell = call("conv_lstm", filters, kernel, stride=stride, pad=pad, add=bias)
    net = call("recur", cell, call("zeros", *left, 2 * filters))
    return net if take("return_sequences", False) else f"{net} -> take(-1)"


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
    "reverse_embeddings": "_",
    "lora_embeddings_a": "table",
    "lora_embeddings_b": "kernel",
    "lora_kernel_a": "kernel",
    "lora_kernel_b": "kernel",
}

#: What training keeps beside the parameters.
BUFFERS = ("moving_mean", "moving_variance")

#: The projections of an attention.
PROJECTIONS = ("query", "key", "value", "gate", "attention_output")


def tensors(model: str, path: str, shape: tuple[int, ...], trainable: bool) -> list[Tensor]:
    """A Keras weight in the language's names and order of axes."""
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
    if field == "bias" and len(shape) == 2 and "gru" in path:  # of the input, and of the state
        assert shape[0] == 2
        return [Tensor(n, shape[1:], buffer, frozen) for n in ("bias", "recurrent_bias")]
    if field == "depthwise_kernel" or (field == "kernel" and model.startswith("Depthwise")):
        # Keras keeps (f…, i, m), a convolution of i groups (f…, 1, i*m): the same values.
        shape = (*shape[:-2], 1, product(shape[-2:]))
    elif field == "kernel" and model.endswith("DTranspose"):
        shape = (*shape[:-2], shape[-1], shape[-2])
    elif model.startswith("ConvLSTM"):
        name = name.removeprefix("recurrent_")
    elif model == "TimeDistributed" and field == "kernel" and len(shape) == 4:
        shape = (1, *shape)
    elif model == "PReLU" or model in ("LayerNormalization", "RMSNormalization"):
        shape = (product(shape),)
        name = "gamma" if field == "scale" else name
    elif model == "Attention" and shape == ():
        shape = (1,)
    return [Tensor(name, tuple(shape), buffer, frozen)]


def measured(
    model: str,
    options: Mapping[str, Any],
    shape: Any,
    weights: list[tuple[str, tuple[int, ...], bool]],
    output: Any,
) -> Measured:
    """A Keras layer; ``weights`` as (path, shape, trainable), ``output`` with batch."""
    found = [t for path, s, trainable in weights for t in tensors(model, path, tuple(s), trainable)]
    several = output if isinstance(output[0], list | tuple) else [output]
    first, *others = (channels_last(tuple(axes[1:]), options) for axes in several)
    return Measured(
        model,
        options,
        shape,
        tuple(sorted(found, key=lambda t: t.buffer)),
        first,
        tuple(others),
        ordered="lora_rank" not in options,
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

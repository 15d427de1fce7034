"""Keras layers in the language: a class with its arguments, its weights, its shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from .attention_text import keras_attention
from .counting import Measured, Tensor
from .own import complete
from .written import Options, call, each, entrance, product, quoted

CONVENTION = "keras"

NORMS = {
    "BatchNormalization": "bn",
    "LayerNormalization": "layernorm",
    "RMSNormalization": "rmsnorm",
    "GroupNormalization": "groupnorm",
}

#: What changes no weight and no shape of what the language has.
SILENT = (
    "activation", "data_format", "dropout", "epsilon", "go_backwards", "logit_soft_cap",
    "mask_zero", "momentum", "recurrent_dropout", "return_state", "unit_forget_bias",
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
    name = "tokens" if takes_tokens(model, options) else "input"
    axes = channels_last(shape, options)
    return complete(f"{entrance(name, axes)} -> {layer(model, options, axes)}")


def takes_tokens(model: str, options: Mapping[str, Any]) -> bool:
    """Whether a layer, or the one inside of it, looks integers up."""
    inner = options.get("layer")
    if isinstance(inner, Mapping):
        return takes_tokens(inner["class_name"], inner["config"])
    return model.endswith("Embedding")


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
    written = _layer(model, take, axes)
    take.done(model)
    if rank is not None:
        written = call("lora", written, rank)
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
        kernel, multiplier = take("kernel_size"), take("depth_multiplier")
        return call("depthwise", kernel, multiplier=multiplier, **window(take), bias=bias)
    if model in ("SeparableConv1D", "SeparableConv2D"):
        filters, kernel = take("filters"), take("kernel_size")
        multiplier = take("depth_multiplier")
        return call("separable", filters, kernel, multiplier=multiplier, **window(take), bias=bias)
    if re.fullmatch(r"Conv\dDTranspose", model):
        return transposed(take, len(axes) - 1, bias)
    if model.startswith("ConvLSTM"):
        filters, kernel = take("filters"), take("kernel_size")
        last = None if take("return_sequences", False) else True
        return call("conv_lstm", filters, kernel, **window(take), bias=bias, last=last)
    if model.startswith("Global"):
        return "globalavgpool" if "Average" in model else "globalmaxpool"
    if "Pooling" in model:
        kind = "avgpool" if model.startswith("Average") else "maxpool"
        return call(kind, take("pool_size", 2), **window(take))
    if model in NORMS:
        axis = inward(take("axis"))
        given = {"scale": take("scale"), "shift": take("center"), "axis": axis}
        if model == "GroupNormalization":
            groups = take("groups", 32)
            channels = axes[-1 if axis is None else axis]
            return call("groupnorm", channels if groups == -1 else groups, **given)
        return call(NORMS[model], **given)
    if model == "UnitNormalization":
        return call("unitnorm", axis=inward(take("axis")))
    if model == "Normalization":
        take("invert")
        known = True if take("mean") is not None and take("variance") is not None else None
        return call("standardize", axis=inward(take("axis")), known=known)
    if model == "SpectralNormalization":
        take("power_iterations")
        inner = take("layer")
        return call("spectralnorm", layer(inner["class_name"], inner["config"], axes))
    if model == "PReLU":  # a slope for all values, but one along a shared axis
        shared = take("shared_axes")
        return call("prelu", share=[a - 1 for a in shared] if shared else None)
    if model in ("Dropout", "AlphaDropout"):
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


def einsum(take: Options) -> str:
    """A dense layer over named axes; an axis that comes in needs no size."""
    equation = "".join(take("equation").split())
    sizes, bias = take("output_shape"), take("bias_axes")
    given, after = equation.split("->")
    known = given.split(",")[0].removeprefix("...")
    listed = sizes if isinstance(sizes, list) else [sizes]
    letters = after.removeprefix("...")
    pairs = zip(letters[::-1], listed[::-1], strict=False)  # the batch has no size
    out = [size for letter, size in pairs if letter not in known][::-1]
    summand = {} if bias is None else {"bias": quoted(bias)}
    return call("einsum_dense", quoted(equation), out, **summand)


def inward(axis: Any) -> Any:
    """An axis of Keras, which counts the batch, as one of an example; or several."""
    if isinstance(axis, list | tuple):
        return [inward(one) for one in axis] if len(axis) > 1 else inward(axis[0])
    return axis if axis is None or axis < 0 else axis - 1


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
    "reverse_embeddings": "_",
    "lora_embeddings_a": "lora_a",
    "lora_embeddings_b": "lora_b",
    "lora_kernel_a": "lora_a",
    "lora_kernel_b": "lora_b",
    "vector_u": "u",
}

#: What training keeps beside the parameters.
BUFFERS = ("moving_mean", "moving_variance", "mean", "variance", "count", "vector_u")

#: The projections of an attention.
PROJECTIONS = ("query", "key", "value", "gate", "attention_output")


def tensors(
    model: str, path: str, shape: tuple[int, ...], trainable: bool, options: Mapping[str, Any]
) -> list[Tensor]:
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
    elif model == "TimeDistributed" and field == "kernel" and len(shape) == 4:
        shape = (1, *shape)
    elif model == "PReLU":  # an axis of 1 where a slope is shared
        shared = options.get("shared_axes") or ()
        shape = tuple(size for k, size in enumerate(shape, 1) if k not in shared)
    elif model == "RMSNormalization":
        name = "gamma"
    elif field == "vector_u":
        shape = shape[1:]
    return [Tensor(name, tuple(shape), buffer, frozen)]


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
    first, *others = (channels_last(tuple(axes[1:]), options) for axes in several)
    return Measured(
        model,
        options,
        shape,
        tuple(sorted(found, key=lambda t: t.buffer)),
        first,
        tuple(others),
        ordered=not options.keys() & {"lora_rank", "use_gate"},
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

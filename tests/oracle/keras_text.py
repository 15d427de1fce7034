"""Keras layers in the language: a class with its arguments on an input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import ascii_lowercase
from typing import Any

from .attention_text import keras_attention
from .keras_free import ends, free, merge, window
from .keras_places import behind, channels, inside, inward, is_window, plain
from .keras_tensors import measured, measured_row, tensors
from .own import complete
from .written import Options, call, each, entrance, product, quoted

__all__ = ["CONVENTION", "measured", "measured_row", "tensors", "text"]

CONVENTION = "keras"

RECURRENT = {"SimpleRNN": "rnn", "LSTM": "lstm", "GRU": "gru"}

NORMS = {
    "BatchNormalization": "bn",
    "LayerNormalization": "layernorm",
    "RMSNormalization": "rmsnorm",
}

#: What changes no weight and no shape of what the language has.
SILENT = (
    "activation", "autocast", "data_format", "dropout", "dtype", "epsilon", "flash_attention",
    "go_backwards", "logit_soft_cap", "lora_alpha", "mask_zero", "momentum", "name",
    "recurrent_activation", "recurrent_dropout", "renorm_clipping", "renorm_momentum",
    "return_state", "reverse_dtype", "seed", "sliding_window", "stateful", "synchronized",
    "unit_forget_bias", "unroll", "use_cudnn", "weights", "zero_output_for_mask",
)  # fmt: skip

#: How what changes no weight may end.
SILENT_ENDS = ("_initializer", "_regularizer", "_constraint")


def text(model: str, options: Mapping[str, Any], shape: tuple[Any, ...]) -> str:
    """A layer on an input of ``shape``, or on several, without batch, in the language."""
    model = plain(model)
    if isinstance(shape[0], list | tuple):
        take = taken(model, options)
        merged = merge(model, take, shape)
        written = keras_attention(model, take, shape) if merged is None else merged
        take.done(model)
        return complete(written)
    if options.get("tie_weights") is False:  # a second table that the call leaves alone
        untied = f"weight _[{options['output_dim']}, {options['input_dim']}]"
        table = text(model, {**options, "tie_weights": True}, shape)
        return f"{{ y = {table}; {untied}; y }}"
    name = "tokens" if takes_tokens(model, options) else "input"
    axes = behind(tuple(shape), *channels(model, options))
    return complete(f"{entrance(name, axes)} -> {layer(model, options, axes)}")


def apart(model: str) -> bool:
    """Whether several inputs are arguments of their own, and no list."""
    return model in ("MultiHeadAttention", "GroupQueryAttention")


def taken(model: str, options: Mapping[str, Any]) -> Options:
    """The arguments that may change something."""
    silent = {*SILENT} - ({"activation"} if model == "Activation" else set())
    return Options({k: v for k, v in options.items() if not k.endswith(SILENT_ENDS)}, silent)


def takes_tokens(model: str, options: Mapping[str, Any]) -> bool:
    """Whether a layer, or the one inside of it, looks integers up."""
    inner = options.get("layer")
    if isinstance(inner, Mapping):
        return takes_tokens(*inside(inner))
    return model.endswith("Embedding")


def layer(model: str, options: Mapping[str, Any], axes: tuple[Any, ...]) -> str:
    """A layer in the language."""
    model = plain(model)
    take = taken(model, options)
    frozen = take("trainable") is False
    rank = take("lora_rank")
    written = free(model, take, axes)
    if written is None:
        written = _layer(model, take, axes)
    take.done(model)
    if rank is not None:
        if frozen:
            raise KeyError("no translation of an adapter that training leaves alone")
        written = call("lora", written, rank)
    return f"freeze({written})" if frozen else written


def _layer(model: str, take: Options, axes: tuple[Any, ...]) -> str:
    if model in WRAPPERS:
        return WRAPPERS[model](take, axes)
    if "Conv" in model:
        return convolution(model, take, len(axes) - 1)
    if model.endswith("Normalization"):
        return norm(model, take, axes)
    if model in RECURRENT:
        return recurrent(model, take)
    if model in ("StackedRNNCells", *(f"{one}Cell" for one in RECURRENT)):
        config, take.left = take.left, {}
        return cells(model, config, last=True)
    if model == "Dense":
        units, bias = take("units"), take("use_bias")
        return call("linear", units) if bias is False else call("dense", units, bias=bias)
    if model == "EinsumDense":
        return einsum(take, axes)
    if model in ("Embedding", "ReversibleEmbedding"):
        take("tie_weights")
        return call("embed", take("input_dim"), take("output_dim"))
    if model == "PReLU":  # a slope for all values, but one along a shared axis
        shared = take("shared_axes")
        listed = [shared] if isinstance(shared, int) else shared
        return call("prelu", share=[a - 1 for a in listed] if listed else None)
    raise KeyError(f"no translation of {model}")


def norm(model: str, take: Options, axes: tuple[Any, ...]) -> str:
    """A norm over some axes, or with statistics of some."""
    given = {"axis": inward(take("axis"))} if "axis" in take.left else {}
    if isinstance(given.get("axis"), list):  # Keras goes through them in order
        given["axis"].sort(key=lambda axis: axis % len(axes))
    if model == "SpectralNormalization":
        return spectral(take, axes)
    if model == "UnitNormalization":
        return call("unitnorm", **given)
    if model == "Normalization":
        take("invert")
        known = take("mean") is not None and take("variance") is not None
        if given.get("axis", -1) is None:  # one mean and variance for all
            given["axis"] = []
        return call("standardize", **given, known=known or None)
    given |= {"scale": take("scale"), "shift": take("center")}
    if model == "GroupNormalization":
        groups = take("groups", 32)
        channels_of = axes[given.get("axis", -1)]
        return call("groupnorm", channels_of if groups == -1 else groups, **given)
    return call(NORMS[model], **given, renorm=take("renorm"))


def spectral(take: Options, axes: tuple[Any, ...]) -> str:
    """A spectral norm; Keras takes the last axis of its own kernel as the rows."""
    take("power_iterations")
    model, config = inside(take("layer"))
    each = None
    if model.endswith("DTranspose"):
        each = "input"
    elif model.startswith("Depthwise"):
        each = "multiplier"
    return call("spectralnorm", layer(model, config, axes), each=each)


def convolution(model: str, take: Options, axes: int) -> str:
    """A convolution of any kind."""
    bias = take("use_bias")
    if model.endswith("DTranspose"):
        return transposed(take, axes, bias)
    kernel, multiplier = take("kernel_size"), take("depth_multiplier")
    if model.startswith("Depthwise"):
        return call("depthwise", kernel, multiplier=multiplier, **window(take), bias=bias)
    filters = take("filters")
    if model.startswith("Separable"):
        return call("separable", filters, kernel, multiplier=multiplier, **window(take), bias=bias)
    if model.startswith("ConvLSTM"):
        last = None if take("return_sequences", False) else True
        return call("conv_lstm", filters, kernel, **window(take), bias=bias, last=last)
    return call("conv", filters, kernel, **window(take), groups=take("groups"), bias=bias)


def einsum(take: Options, axes: tuple[Any, ...]) -> str:
    """A dense layer over named axes; an axis that comes in needs no size."""
    equation = "".join(take("equation").split())
    sizes, bias = take("output_shape"), take("bias_axes")
    given, after = equation.replace("->", ",").split(",")[::2]
    listed = sizes if isinstance(sizes, list | tuple) else [sizes]
    # The sizes are those of the last letters: the batch has none, and dots have none.
    pairs = list(zip(after.replace("...", "")[::-1], listed[::-1], strict=False))
    if given.endswith("..."):  # the language has dots in front only
        unused = [x for x in ascii_lowercase if x not in equation]
        letters = "".join(unused[: len(axes) + 1 - len(given.removesuffix("..."))])
        equation = equation.replace("...", letters)
        given, after = equation.replace("->", ",").split(",")[::2]
    known = given.removeprefix("...")
    out = [size for letter, size in pairs if letter not in known][::-1]
    if take("_timed"):  # any axis in front instead of the batch
        front = "" if given.startswith("...") else given[0]
        if front:
            left, right = equation.split("->")
            equation = f"...{left.removeprefix(front)}->...{right.removeprefix(front)}"
    summand = {} if bias is None else {"bias": quoted(bias)}
    return call("einsum_dense", quoted(equation), out, **summand)


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


def recurrent(model: str, take: Options) -> str:
    """A recurrent layer; Keras gives the last state unless the sequence is asked for."""
    vectors = None if take("reset_after", True) else 1
    last = None if take("return_sequences", False) else True
    options = {"bias": take("use_bias"), "bias_vectors": vectors, "last": last}
    return call(RECURRENT[model], take("units"), **options)


def cells(model: str, config: Mapping[str, Any], last: bool) -> str:
    """The layer of a cell, or a chain of those of stacked cells."""
    if model == "StackedRNNCells":
        *before, end = map(inside, config["cells"])
        return " -> ".join([*(cells(*one, False) for one in before), cells(*end, last)])
    return layer(model.removesuffix("Cell"), {**config, "return_sequences": not last}, ())


# --- layers around layers ----------------------------------------------------


def of_cells(take: Options, axes: tuple[Any, ...]) -> str:
    """A sequence through a cell, or through several."""
    cell = take("cell")
    if isinstance(cell, list):
        cell = {"class_name": "StackedRNNCells", "config": {"cells": cell}}
    return cells(*inside(cell), last=not take("return_sequences", False))


def both_ways(take: Options, axes: tuple[Any, ...]) -> str:
    """A net forwards and backwards, or two nets."""
    forward = layer(*inside(take("layer")), axes)
    merged = take("merge_mode", "concat")
    other = take("backward_layer")
    if other is None:
        word = {"concat": None, None: "none"}.get(merged, merged)
        return call("bidirectional", forward, merge=word)
    parts = f"({forward}", f"({layer(*inside(other), axes)}"
    sign = {"concat": " | ", "sum": " + ", "ave": " + ", "mul": " * ", None: ", "}[merged]
    return f"({sign.join(f'{part})' for part in parts)})"


def each_step(take: Options, axes: tuple[Any, ...]) -> str:
    """The same layer at every step: the language has that wherever there are axes in front."""
    model, config = inside(take("layer"))
    steps, inner = axes[0], axes[1:]
    axis = config.get("axis")
    if axis is not None and model.endswith("Normalization"):
        listed = axis if isinstance(axis, list | tuple) else [axis]
        config["axis"] = [a if a < 0 else a + 1 for a in listed]
    if is_window(model):  # time is one more axis, of which a window sees one
        for name in ("kernel_size", "pool_size", "strides", "dilation_rate"):
            if config.get(name) is not None:
                config[name] = [1, *each(config[name], len(inner) - 1)]
        if "Pooling" in model:
            config.setdefault("pool_size", [1, *[2] * (len(inner) - 1)])
        return layer(model, config, axes)
    if model == "EinsumDense":
        return layer(model, {**config, "_timed": True}, axes)
    if model == "Flatten":
        return call("reshape", steps, product(inner))
    if model.startswith("Global"):
        values = call("reshape", steps, product(inner[:-1]), inner[-1])
        return f"{values} -> mean(1)"
    if model == "PReLU":
        shared = config.pop("shared_axes", None) or []
        listed = shared if isinstance(shared, list | tuple) else [shared]
        return call("prelu", share=[0, *listed])
    if model.startswith("UpSampling"):
        config["size"] = [1, *each(config.get("size", 2), len(inner) - 1)]
        return layer(model, config, axes)
    for name in ("padding", "cropping"):
        if model.startswith(("ZeroPadding", "Cropping")) and name in config:
            config[name] = [(0, 0), *ends(config[name], len(inner) - 1)]
            return layer(model, config, axes)
    if model == "Reshape":
        return layer(model, {"target_shape": [steps, *config["target_shape"]]}, axes)
    if model == "Permute":
        return layer(model, {"dims": [1, *(a + 1 for a in config["dims"])]}, axes)
    if model.startswith(("Adaptive", "ConvLSTM", "ZeroPadding", "Cropping", "RepeatVector")):
        raise KeyError(f"no translation of TimeDistributed({model})")
    # Recurrent layers, dense ones, norms and look-ups take any axes in front.
    return layer(model, config, axes if model.endswith("Normalization") else inner)


WRAPPERS: dict[str, Callable[[Options, tuple[Any, ...]], str]] = {
    "RNN": of_cells,
    "Bidirectional": both_ways,
    "TimeDistributed": each_step,
}

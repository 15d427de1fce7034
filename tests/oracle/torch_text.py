"""torch modules in the language: a class with its arguments, its weights, its shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from .attention_text import torch_attention, transformer
from .counting import Measured, Tensor
from .own import complete
from .written import Options, call, each, entrance

CONVENTION = "pytorch"

#: What changes no weight and no shape of what the language has.
SILENT = (
    "alpha", "batch_first", "beta", "dropout", "eps", "include_last_offset", "max_norm", "momentum",
    "k", "nonlinearity", "padding_mode", "sparse",
)  # fmt: skip

#: The names of what ``args`` gives by place.
PLACES = {
    "Linear": ("in_features", "out_features"),
    "Embedding": ("num_embeddings", "embedding_dim"),
    "EmbeddingBag": ("num_embeddings", "embedding_dim"),
    "Bilinear": ("in1_features", "in2_features", "out_features"),
    "LocalResponseNorm": ("size", "alpha", "beta", "k"),
    "GroupNorm": ("num_groups", "num_channels"),
}

TRANSFORMERS = (
    "Transformer",
    "TransformerEncoder",
    "TransformerDecoder",
    "TransformerEncoderLayer",
    "TransformerDecoderLayer",
)

#: Classes that have the batch behind the positions, unless they are told otherwise.
SEQUENCES = ("RNN", "LSTM", "GRU", "MultiheadAttention", *TRANSFORMERS)

#: Classes with channels in front of positions.
IMAGES = "Conv|BatchNorm|InstanceNorm|GroupNorm|LocalResponse|PReLU|MaxPool|AvgPool|Adaptive(Avg|Max)|Fold"

PASSED_ON = {
    "ReLU": "relu",
    "SiLU": "silu",
    "Identity": "id",
    "Flatten": "flatten",
}


def named(model: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, those by place with their names."""
    if "args" not in options:
        return dict(options)
    placed = dict(zip(PLACES[model], options["args"], strict=True))
    return {**placed, **{k: v for k, v in options.items() if k != "args"}}


def plain(model: str) -> str:
    """The class that a lazy one becomes."""
    return model.removeprefix("Lazy")


def text(model: str, options: Mapping[str, Any], shape: Any) -> str:
    """A module on an input, or on several, in the language."""
    options = named(model, options)
    if model in TRANSFORMERS or (shape and isinstance(shape[0], list | tuple)):
        return complete(whole(model, options, shape))
    if shape is None:  # measured without a call
        axes: tuple[int, ...] = (options.get("num_features", options.get("in_features")),)
    else:
        axes = inward(model, options, shape)
    name = "tokens" if model.startswith("Embedding") else "input"
    return complete(f"{entrance(name, axes)} -> {layer(model, options, axes)}")


def whole(model: str, options: Mapping[str, Any], shape: Any) -> str:
    """A module with its inputs."""
    several = shape if isinstance(shape[0], list | tuple) else [shape]
    axes = [inward(model, options, s) for s in several]
    take = Options(options, SILENT)
    if model in TRANSFORMERS:
        written = transformer(model, take, axes)
    elif model == "MultiheadAttention":
        written = torch_attention(take, axes)
    else:
        assert model == "Bilinear"
        take("in1_features"), take("in2_features")
        first, second = (entrance("input", a) for a in axes)
        net = call("bilinear", "x", "y", take("out_features"), bias=take("bias"))
        written = f"{{ x = {first}; y = {second}; {net} }}"
    take.done(model)
    return written


def inward(model: str, options: Mapping[str, Any], shape: Any) -> tuple[int, ...]:
    """A shape of torch without batch, channels last."""
    batch_first = {**options, **options.get("_layer", {})}.get("batch_first")
    if plain(model) in SEQUENCES and not batch_first:
        return (shape[0], *shape[2:])
    _, *axes = shape
    if re.match(IMAGES, options.get("base", plain(model))):
        axes = [*axes[1:], axes[0]]
    return tuple(axes)


def layer(model: str, options: Mapping[str, Any], axes: tuple[int, ...]) -> str:
    """A module in the language."""
    if model.startswith("LazyInstanceNorm"):  # other defaults than those of what it becomes
        options = {"affine": True, "track_running_stats": True, **options}
    take = Options(options, SILENT)
    written = _layer(plain(model), take, axes)
    take.done(model)
    return written


def _layer(model: str, take: Options, axes: tuple[int, ...]) -> str:
    if model in PASSED_ON:
        return PASSED_ON[model]
    if model == "Linear":
        take("in_features")
        return call("dense", take("out_features"), bias=take("bias"))
    if model in ("Embedding", "EmbeddingBag"):
        take("mode")
        kind = "embed" if model == "Embedding" else "embedding_bag"
        return call(kind, take("num_embeddings"), take("embedding_dim"))
    if re.fullmatch(r"Conv(Transpose)?\dd", model):
        take("in_channels")
        kind = "conv_transpose" if "Transpose" in model else "conv"
        filters, kernel = take("out_channels"), take("kernel_size")
        options = {"output_pad": take("output_padding"), "groups": take("groups")}
        return call(kind, filters, kernel, **window(take), **options, bias=take("bias"))
    if re.fullmatch(r"(Max|Avg)Pool\dd", model):
        kind = "maxpool" if model.startswith("Max") else "avgpool"
        return call(kind, take("kernel_size"), **window(take))
    if re.fullmatch(r"Adaptive(Max|Avg)Pool\dd", model):
        assert take("output_size") == 1, "only the pool over all positions"
        return "globalmaxpool" if "Max" in model else "globalavgpool"
    if re.fullmatch(r"(Sync)?BatchNorm(\dd)?", model):
        take("num_features")
        affine, kept = take("affine"), take("track_running_stats")
        return call("bn", scale=affine, shift=affine, statistics=kept)
    if re.fullmatch(r"InstanceNorm\dd", model):
        take("num_features")
        affine, kept = take("affine"), take("track_running_stats")
        return call("instancenorm", scale=affine, shift=affine, statistics=kept)
    if model == "GroupNorm":
        take("num_channels")
        affine = take("affine")
        return call("groupnorm", take("num_groups"), scale=affine, shift=affine)
    if model == "LocalResponseNorm":
        return call("localresponsenorm", take("size"))
    if model == "PReLU":
        take("init")
        return call("prelu", share=None if take("num_parameters", 1) == 1 else "places")
    if model in ("LayerNorm", "RMSNorm"):
        shape = take("normalized_shape")
        affine = take("elementwise_affine")
        rank = 1 if isinstance(shape, int) else len(shape)
        given: dict[str, Any] = {"scale": affine}
        if rank > 1:
            given["axis"] = list(range(-rank, 0))
        if model == "LayerNorm":
            given["shift"] = take("bias") if affine is not False else False
        return call(model.lower(), **given)
    if model == "AdaptiveLogSoftmaxWithLoss":
        take("in_features")
        divide = take("div_value")
        given = {"cutoffs": take("cutoffs"), "head_bias": take("head_bias")}
        if divide is not None:
            assert divide == int(divide), "a whole number"
            given["divide"] = int(divide)
        return call("adaptive_softmax", take("n_classes"), **given)
    if model == "Fold":
        return call("fold", each(take("output_size"), 2), take("kernel_size"), **window(take))
    if model.startswith("parametrizations."):
        return parametrized(model.partition(".")[2], take, axes)
    if model == "Dropout":
        return call("dropout", take("p", 0.5))
    if model in ("RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"):
        return recurrent(model.removesuffix("Cell"), take)
    raise KeyError(f"no translation of {model}")


def parametrized(model: str, take: Options, axes: tuple[int, ...]) -> str:
    """A module whose weight is kept in another way; its options stand beside."""
    base = take("base")
    given, take.left = take.left, {}
    kind = {"weight_norm": "weightnorm", "spectral_norm": "spectralnorm"}.get(model, model)
    options = {}
    if model == "weight_norm" and base.startswith(("ConvTranspose", "Embedding")):
        options["each"] = "input"  # dim = 0 is the input there
    return call(kind, layer(base, given, axes), **options)


def window(take: Options) -> dict[str, Any]:
    """The options that move a window."""
    return {"stride": take("stride"), "pad": take("padding"), "dilation": take("dilation")}


def recurrent(model: str, take: Options) -> str:
    """A stack of recurrent layers as a chain."""
    take("input_size")
    units, proj, bias = take("hidden_size"), take("proj_size"), take("bias")
    one = call(model.lower(), units, bias=bias, proj=proj or None)
    if take("bidirectional"):
        one = call("bidirectional", one)
    return " -> ".join([one] * take("num_layers", 1))


# --- what torch measured ----------------------------------------------------

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
    parametrized = model.startswith("parametrizations")
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
    elif field == "g":
        shape = shape[:1]
    elif field == "projection":
        shape = shape[::-1]
    elif field.endswith("kernel"):  # (o, i, f…) is (f…, i, o) here
        shape = (*shape[2:], shape[1], shape[0])
        if "ConvTranspose" in (options or {}).get("base", model):  # (i, o/g, f…) is (f…, i/g, o)
            groups = (options or {}).get("groups", 1)
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
        apart = [one for path, s in weights for one in unpacked(path, tuple(s))]
        found = (
            *(tensor(model, path, s, False, options) for path, s in apart),
            *(tensor(model, path, tuple(s), True, options) for path, s in buffers),
        )
    axes = None if output is None else inward(model, named(model, options), output)
    if axes and model.startswith("Adaptive"):  # torch keeps an axis of 1 for each position axis
        assert axes[:-1] == (1,) * (len(axes) - 1)
        axes = axes[-1:]
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

"""torch modules in the language: a class with its arguments, its weights, its shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from .counting import Measured, Tensor
from .written import Options, call, entrance

CONVENTION = "pytorch"

#: What changes no weight and no shape of what the language has.
SILENT = (
    "batch_first", "dropout", "eps", "include_last_offset", "max_norm", "momentum",
    "nonlinearity", "padding_mode", "sparse",
)  # fmt: skip

#: The names of what ``args`` gives by place.
PLACES = {
    "Linear": ("in_features", "out_features"),
    "Embedding": ("num_embeddings", "embedding_dim"),
    "EmbeddingBag": ("num_embeddings", "embedding_dim"),
}

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
    """A module on an input in the language."""
    options = named(model, options)
    if shape is None:  # measured without a call
        axes: tuple[int, ...] = (options["num_features"],)
    else:
        axes = inward(model, options, shape)
    name = "tokens" if model.startswith("Embedding") else "input"
    return f"{entrance(name, axes)} -> {layer(model, options)}"


def inward(model: str, options: Mapping[str, Any], shape: Any) -> tuple[int, ...]:
    """A shape of torch without batch, channels last."""
    if plain(model) in ("RNN", "LSTM", "GRU") and not options.get("batch_first"):
        return (shape[0], *shape[2:])
    _, *axes = shape
    if re.match("Conv|BatchNorm|MaxPool|AvgPool|Adaptive", plain(model)):
        axes = [*axes[1:], axes[0]]
    return tuple(axes)


def layer(model: str, options: Mapping[str, Any]) -> str:
    """A module in the language."""
    take = Options(options, SILENT)
    written = _layer(plain(model), take)
    take.done(model)
    return written


def _layer(model: str, take: Options) -> str:
    if model in PASSED_ON:
        return PASSED_ON[model]
    if model == "Linear":
        take("in_features")
        return call("dense", take("out_features"), bias=take("bias"))
    if model in ("Embedding", "EmbeddingBag"):
        table = call("embed", take("num_embeddings"), take("embedding_dim"))
        if model == "Embedding":
            return table
        return f"{table} -> {'globalmaxpool' if take('mode', 'mean') == 'max' else 'globalavgpool'}"
    if re.fullmatch(r"Conv\dd", model):
        take("in_channels")
        groups, bias = take("groups"), take("bias")
        filters, kernel = take("out_channels"), take("kernel_size")
        return call("conv", filters, kernel, **window(take), groups=groups, bias=bias)
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
    if model in ("LayerNorm", "RMSNorm"):
        shape = take("normalized_shape")
        assert isinstance(shape, int) or len(shape) == 1, "only the last axis"
        affine = take("elementwise_affine")
        if model == "RMSNorm":
            return call("rmsnorm", scale=affine)
        bias = take("bias")
        return call("layernorm", scale=affine, shift=bias if affine is not False else False)
    if model == "Dropout":
        return call("dropout", take("p", 0.5))
    if model in ("RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"):
        return recurrent(model.removesuffix("Cell"), take)
    raise KeyError(f"no translation of {model}")


def window(take: Options) -> dict[str, Any]:
    """The options that move a window."""
    return {"stride": take("stride"), "pad": take("padding"), "dilation": take("dilation")}


def recurrent(model: str, take: Options) -> str:
    """A stack of recurrent layers as a chain."""
    take("input_size")
    one = call(model.lower(), take("hidden_size"), bias=take("bias"))
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
}


def tensor(model: str, path: str, shape: tuple[int, ...], buffer: bool) -> Tensor:
    """A torch weight in the language's names and order of axes."""
    field = re.sub(r"_l\d+(_reverse)?$", "", path)
    if field in RENAMED:
        field = RENAMED[field]
    elif "Norm" in model:
        field = {"weight": "gamma", "bias": "beta"}[field]
    elif model.startswith("Embedding"):
        field = {"weight": "table"}[field]
    else:
        field = {"weight": "kernel", "bias": "bias"}[field]
    if field.endswith("kernel"):  # (o, i, f…) is (f…, i, o) here
        shape = (*shape[2:], shape[1], shape[0])
    return Tensor(field, tuple(shape), buffer)


def measured(
    model: str,
    options: Mapping[str, Any],
    shape: Any,
    weights: list[tuple[str, tuple[int, ...]]],
    buffers: list[tuple[str, tuple[int, ...]]],
    output: Any,
) -> Measured:
    """A torch module; ``output`` with batch, None where it was not called."""
    while output is not None and isinstance(output[0], list | tuple):
        output = output[0]  # of several outputs the first
    found = [tensor(model, path, tuple(s), False) for path, s in weights]
    found += [tensor(model, path, tuple(s), True) for path, s in buffers]
    axes = None if output is None else inward(model, named(model, options), output)
    if axes and model.startswith("Adaptive"):  # torch keeps an axis of 1 for each position axis
        assert axes[:-1] == (1,) * (len(axes) - 1)
        axes = axes[-1:]
    return Measured(model, options, shape, tuple(found), axes)


def measured_row(row: Mapping[str, str]) -> Measured:
    """A row of ``torch_layers.csv``."""
    shapes = json.loads(row["input_shape"])
    return measured(
        row["model"],
        json.loads(row["kwargs"]),
        None if shapes is None else shapes[0],
        json.loads(row["params_detail"]),
        json.loads(row["buffers_detail"]),
        json.loads(row["output_shape"] or "null"),
    )

"""torch modules in the language: a class with its arguments on an input."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .attention_text import torch_attention, transformer
from .own import complete
from .torch_free import free, window
from .torch_places import RECURRENT, TRANSFORMERS, inward, named, plain
from .torch_tensors import measured, measured_row, tensor
from .written import Options, call, entrance

__all__ = ["CONVENTION", "TRANSFORMERS", "measured", "measured_row", "tensor", "text"]

CONVENTION = "pytorch"

#: What changes no weight and no shape of what the language has.
SILENT = (
    "alpha", "batch_first", "beta", "device", "dropout", "dtype", "enable_nested_tensor", "eps",
    "include_last_offset", "inplace", "k", "layer_norm_eps", "mask_check", "max_norm", "momentum",
    "nonlinearity", "norm_type", "padding_idx", "padding_mode", "process_group",
    "scale_grad_by_freq", "sparse",
)  # fmt: skip


def text(model: str, options: Mapping[str, Any], shape: Any) -> str:
    """A module on an input, or on several, in the language."""
    options = named(model, options)
    if model in ("EmbeddingBag", "AdaptiveLogSoftmaxWithLoss") and several(shape):
        # Tokens in a row and where each bag begins; or vectors and what they should be.
        shape = (1, *shape[0]) if len(shape[0]) == 1 else shape[0]
    if model in TRANSFORMERS or several(shape):
        return complete(whole(model, options, shape))
    if shape is None:  # measured without a call
        axes: tuple[int, ...] = (options.get("num_features", options.get("in_features")),)
    else:
        axes = inward(model, options, shape)
    looked_up = options.get("base", model).startswith("Embedding")
    name = "tokens" if looked_up else "input"
    return complete(f"{entrance(name, axes)} -> {layer(model, options, axes)}")


def several(shape: Any) -> bool:
    """Whether there are several inputs."""
    return bool(shape) and isinstance(shape[0], list | tuple)


def whole(model: str, options: Mapping[str, Any], shape: Any) -> str:
    """A module with its inputs."""
    axes = [inward(model, options, s) for s in (shape if several(shape) else [shape])]
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


def layer(model: str, options: Mapping[str, Any], axes: tuple[int, ...]) -> str:
    """A module in the language."""
    if model.startswith("LazyInstanceNorm"):  # other defaults than those of what it becomes
        options = {"affine": True, "track_running_stats": True, **options}
    take = Options(options, SILENT)
    frozen = take("_freeze")
    written = free(plain(model), take, axes)
    if written is None:
        written = _layer(plain(model), take, axes)
    take.done(model)
    return f"freeze({written})" if frozen else written


def _layer(model: str, take: Options, axes: tuple[int, ...]) -> str:
    if model.startswith("parametrizations."):
        return parametrized(model.partition(".")[2], take, axes)
    if model in ("RNNBase", *RECURRENT, *(f"{one}Cell" for one in RECURRENT)):
        return recurrent(model.removesuffix("Cell"), take)
    if "Conv" in model:
        return convolution(model, take)
    if "Norm" in model:
        return norm(model, take)
    if model == "Linear":
        take("in_features")
        return call("dense", take("out_features"), bias=take("bias"))
    if model in ("Embedding", "EmbeddingBag"):
        take("mode")
        kind = "embed" if model == "Embedding" else "embedding_bag"
        return call(kind, take("num_embeddings"), take("embedding_dim"))
    if model == "PReLU":
        take("init")
        return call("prelu", share=None if take("num_parameters", 1) == 1 else "places")
    if model == "AdaptiveLogSoftmaxWithLoss":
        take("in_features")
        divide = take("div_value")
        given = {"cutoffs": list(take("cutoffs")), "head_bias": take("head_bias")}
        exact = None if divide is None else Fraction(divide)
        return call("adaptive_softmax", take("n_classes"), **given, divide=exact)
    raise KeyError(f"no translation of {model}")


def convolution(model: str, take: Options) -> str:
    """A convolution, or one backwards."""
    take("in_channels")
    kind = "conv_transpose" if "Transpose" in model else "conv"
    filters, kernel = take("out_channels"), take("kernel_size")
    options = {"output_pad": take("output_padding"), "groups": take("groups")}
    return call(kind, filters, kernel, **window(take), **options, bias=take("bias"))


def norm(model: str, take: Options) -> str:
    """A norm; its bias needs its factor."""
    affine = take("elementwise_affine") if model in ("LayerNorm", "RMSNorm") else take("affine")
    bias = take("bias")
    given: dict[str, Any] = {"scale": affine, "shift": affine if affine is False else bias}
    if affine and bias is None:  # what the convention leaves out
        given["shift"] = affine
    if model.startswith("Instance") and affine is None:
        given["shift"] = None
    if model in ("LayerNorm", "RMSNorm"):
        shape = take("normalized_shape")
        rank = 1 if isinstance(shape, int) else len(shape)
        if rank > 1:
            given["axis"] = list(range(-rank, 0))
        if model == "RMSNorm":
            del given["shift"]
        return call(model.lower(), **given)
    if model == "GroupNorm":
        take("num_channels")
        return call("groupnorm", take("num_groups"), **given)
    take("num_features")
    kind = "instancenorm" if model.startswith("Instance") else "bn"
    return call(kind, **given, statistics=take("track_running_stats"))


def parametrized(model: str, take: Options, axes: tuple[int, ...]) -> str:
    """A module whose weight is kept in another way; its options stand beside."""
    base = take("base")
    name = take("name", "weight")
    assert name == "weight", "another weight than the one called so"
    take("n_power_iterations"), take("orthogonal_map")
    dim = take("dim", "")
    kept = take("use_trivialization")
    given, take.left = take.left, {}
    net = layer(base, named(base, given), axes)
    if model == "orthogonal":
        return call("orthogonal", net, base=kept)
    backwards = base.startswith(("ConvTranspose", "LazyConvTranspose", "Embedding"))
    if dim == "":
        dim = 1 if model == "spectral_norm" and "Conv" in base and backwards else 0
    sides = ("input", "output") if backwards else ("output", "input")
    each = "all" if dim in (None, -1) else sides[dim]
    kind = {"weight_norm": "weightnorm", "spectral_norm": "spectralnorm"}[model]
    return call(kind, net, each=None if each == "output" else each)


def recurrent(model: str, take: Options) -> str:
    """A stack of recurrent layers as a chain."""
    take("input_size")
    mode = take("mode", model)
    kind = "rnn" if mode.startswith("RNN") else mode.lower()
    units, proj, bias = take("hidden_size"), take("proj_size"), take("bias")
    one = call(kind, units, bias=bias, proj=proj or None)
    if take("bidirectional"):
        one = call("bidirectional", one)
    return " -> ".join([one] * take("num_layers", 1))

"""Which layer of the language a module of torch.nn is, with its options and its tensors' names.

The other direction of :mod:`symparams.frameworks.torch_layers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from torch import nn

from symparams.frameworks.importing.graph import SourceAround
from symparams.frameworks.importing.source_calls import registering
from symparams.frameworks.importing.torch_reparametrised import around, remade
from symparams.records import Record


class ReadLayer(Record):
    """A module as a layer: kind, options, own names of its tensors by the language's, channels,
    and the word around it where its kernel is made of other tensors.
    """

    kind: str
    options: Mapping[str, Any]
    weights: Mapping[str, str] = {}
    channels: int = -1
    around: SourceAround | None = None


Reader: TypeAlias = Callable[[Any], "ReadLayer | None"]

#: Class → how one is read. A subclass counts that has the same forward.
READERS: dict[type, Reader] = {}

AFFINE = {"gamma": "weight", "beta": "bias"}
STATISTICS = {
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
    "batches": "num_batches_tracked",
}


def reads(*classes: type) -> Callable[[Reader], Reader]:
    """Register a reader of some classes."""
    return registering(READERS, classes)


def layer_of(module: Any) -> ReadLayer | None:
    """Return what layer a module is, or None where the language has none for it."""
    for cls in type(module).__mro__:
        reader = READERS.get(cls)
        if reader is not None:
            if getattr(type(module), "forward", None) is not getattr(cls, "forward", None):
                return None
            layer = reader(module)
            return _remade(module, layer) if layer is not None and remade(module) else layer
    return None


def _remade(module: Any, layer: ReadLayer) -> ReadLayer | None:
    """Return a layer with the word around it and the tensors that its kernel is made of."""
    word = around(module)
    kernel = "table" if layer.kind == "embed" else "kernel"
    if word is None or kernel not in layer.weights:
        return None
    made = {kernel if n == "kernel" else n: own for n, own in word.weights.items()}
    rest = {n: own for n, own in layer.weights.items() if n != kernel}
    return layer.but(weights={**made, **rest}, around=word)


def short(values: Any) -> Any:
    """Return one number where all axes have the same."""
    if not isinstance(values, tuple | list):
        return values
    return values[0] if len(set(values)) == 1 else tuple(values)


def present(module: Any, names: Mapping[str, str]) -> dict[str, str]:
    """Return the tensors that a module has."""
    return {ours: own for ours, own in names.items() if getattr(module, own, None) is not None}


@reads(nn.Linear)
def _linear(module: Any) -> ReadLayer:
    bias = module.bias is not None
    names = present(module, {"kernel": "weight", "bias": "bias"})
    return ReadLayer("dense", {"units": module.out_features, "bias": bias}, names)


@reads(nn.Bilinear)
def _bilinear(module: Any) -> ReadLayer:
    names = present(module, {"kernel": "weight", "bias": "bias"})
    options = {"units": module.out_features, "bias": module.bias is not None}
    return ReadLayer("bilinear", options, names)


@reads(nn.Embedding)
def _embedding(module: Any) -> ReadLayer:
    options = {"vocabulary": module.num_embeddings, "width": module.embedding_dim}
    return ReadLayer("embed", options, {"table": "weight"})


@reads(nn.Conv1d, nn.Conv2d, nn.Conv3d)
def _conv(module: Any) -> ReadLayer | None:
    if module.padding_mode != "zeros" and any(_numbers(module.padding)):
        pass  # reflected or repeated values: as many
    pad = module.padding
    options = {
        "filters": module.out_channels,
        "kernel": short(module.kernel_size),
        "stride": short(module.stride),
        "pad": pad if isinstance(pad, str) else short(pad),
        "dilation": short(module.dilation),
        "groups": module.groups,
        "bias": module.bias is not None,
    }
    return ReadLayer("conv", options, present(module, {"kernel": "weight", "bias": "bias"}), 1)


def _numbers(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list) else ()


@reads(nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
def _conv_transpose(module: Any) -> ReadLayer:
    options = {
        "filters": module.out_channels,
        "kernel": short(module.kernel_size),
        "stride": short(module.stride),
        "pad": short(module.padding),
        "dilation": short(module.dilation),
        "groups": module.groups,
        "bias": module.bias is not None,
        "output_pad": short(module.output_padding),
    }
    names = present(module, {"kernel": "weight", "bias": "bias"})
    return ReadLayer("conv_transpose", options, names, 1)


@reads(nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)
def _bn(module: Any) -> ReadLayer:
    options = {
        "scale": module.affine,
        "shift": module.affine,
        "statistics": module.track_running_stats,
        "counter": module.track_running_stats,
    }
    return ReadLayer("bn", options, present(module, AFFINE | STATISTICS), 1)


@reads(nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d)
def _instancenorm(module: Any) -> ReadLayer:
    options = {
        "scale": module.affine,
        "shift": module.affine,
        "statistics": module.track_running_stats,
    }
    return ReadLayer("instancenorm", options, present(module, AFFINE | STATISTICS), 1)


@reads(nn.GroupNorm)
def _groupnorm(module: Any) -> ReadLayer:
    options = {"groups": module.num_groups, "scale": module.affine, "shift": module.affine}
    return ReadLayer("groupnorm", options, present(module, AFFINE), 1)


@reads(nn.LayerNorm)
def _layernorm(module: Any) -> ReadLayer:
    shift = getattr(module, "bias", None) is not None
    options = {
        "scale": module.elementwise_affine,
        "shift": shift,
        "normalised": len(module.normalized_shape),
    }
    return ReadLayer("layernorm", options, present(module, AFFINE))


@reads(nn.RMSNorm)
def _rmsnorm(module: Any) -> ReadLayer:
    options = {"scale": module.elementwise_affine, "normalised": len(module.normalized_shape)}
    return ReadLayer("rmsnorm", options, present(module, {"gamma": "weight"}))


@reads(nn.LocalResponseNorm)
def _localresponsenorm(module: Any) -> ReadLayer:
    return ReadLayer("localresponsenorm", {"size": module.size}, {}, 1)


@reads(nn.PReLU)
def _prelu(module: Any) -> ReadLayer:
    share = "all" if module.num_parameters == 1 else "places"
    return ReadLayer("prelu", {"share": share}, {"alpha": "weight"}, 1)


_RECURRENT = {nn.RNN: "rnn", nn.LSTM: "lstm", nn.GRU: "gru"}


@reads(*_RECURRENT)
def _recurrent(module: Any) -> ReadLayer:
    kind = next(word for cls, word in _RECURRENT.items() if isinstance(module, cls))
    options: dict[str, Any] = {
        "units": module.hidden_size,
        "bias": bool(module.bias),
        "bias_vectors": 2,
        "layers": module.num_layers,
        "bidirectional": module.bidirectional,
        "batch_first": module.batch_first,
    }
    if getattr(module, "proj_size", 0):
        options["proj"] = module.proj_size
    names = {name: name for name, _ in module.named_parameters()}
    return ReadLayer(kind, options, names)


@reads(nn.MultiheadAttention)
def _attention(module: Any) -> ReadLayer | None:
    if module.add_zero_attn:
        return None
    options = {
        "heads": module.num_heads,
        "bias": module.in_proj_bias is not None,
        "bias_kv": module.bias_k is not None,
        "batch_first": module.batch_first,
    }
    names = {name: name for name, _ in module.named_parameters()}
    return ReadLayer("attention", options, names)


def _window(module: Any) -> ReadLayer | None:
    """Read a pooling layer; the largest of dilated windows has no word."""
    if short(getattr(module, "dilation", 1)) != 1 or getattr(module, "return_indices", False):
        return None
    kind = "maxpool" if type(module).__name__.startswith("Max") else "avgpool"
    stride = module.stride if module.stride is not None else module.kernel_size
    options = {
        "window": short(module.kernel_size),
        "stride": short(stride),
        "pad": short(module.padding),
        "ceil_mode": module.ceil_mode,
    }
    return ReadLayer(kind, options, {}, 1)


for _dimensions in (1, 2, 3):
    for _name in ("MaxPool", "AvgPool"):
        READERS[getattr(nn, f"{_name}{_dimensions}d")] = _window

#: Modules that are a function on each value, or none in inference.
WORDS: dict[type, str] = {
    nn.ReLU: "relu",
    nn.ReLU6: "relu6",
    nn.LeakyReLU: "leaky_relu",
    nn.ELU: "elu",
    nn.SELU: "selu",
    nn.GELU: "gelu",
    nn.SiLU: "silu",
    nn.Mish: "mish",
    nn.Hardswish: "hard_swish",
    nn.Hardsigmoid: "hard_sigmoid",
    nn.Sigmoid: "sigmoid",
    nn.Tanh: "tanh",
    nn.Softplus: "softplus",
    nn.Softsign: "softsign",
}
SAME = (
    *(nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d),
    *(nn.AlphaDropout, nn.FeatureAlphaDropout),
)


def word_of(module: Any) -> str | None:
    """Return the word of an activation function, ``same`` of what leaves values alone."""
    if isinstance(module, SAME):
        return "same"
    return next((w for cls, w in WORDS.items() if type(module) is cls), None)


__all__ = ["ReadLayer", "layer_of", "short", "word_of"]

"""Layers with weights: which module of torch.nn each kind is, and the names of its tensors.

A module is made from the layer's options and the shape that comes in (without
batch, channels last); torch itself makes the tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from symparams.frameworks.base import (
    Axes,
    FoundTensor,
    Kinds,
    NotBuilt,
    Renamed,
    kernel,
    named,
    role,
    spread,
    turned_kernel,
)
from symparams.frameworks.tensors import lengthened, short
from symparams.layers import Convolution, positions

KINDS = Kinds(
    "torch",
    {
        "recurrent": "nn.RNN, nn.GRU and nn.LSTM have 1, 3 and 4 gates",
        "conv_lstm": "it would be made of convolutions and a loop",
        "einsum_dense": "torch.einsum has no kernel of its own",
        "standardize": "its statistics would be tensors of the data's",
    },
)

Around = Callable[..., Any]


class AdaptedModule(nn.Module):
    """A module of torch with what the language has otherwise done around it.

    ``before`` makes its input, ``after`` the output from the module's and the
    input; ``names`` has the module's tensors in the language.
    """

    def __init__(
        self,
        inner: nn.Module,
        names: Mapping[str, Renamed],
        before: Around | None = None,
        after: Around | None = None,
    ) -> None:
        super().__init__()
        self.inner = inner
        self.names = dict(names)
        self.before = before
        self.after = after

    def forward(self, *tensors: Any) -> Any:
        """Return the module on its input, or inputs, with a batch in front."""
        entering = tensors if self.before is None else (self.before(*tensors),)
        made = self.inner(*entering)
        return made if self.after is None else self.after(made, *tensors)

    def found(self) -> tuple[FoundTensor, ...]:
        """Return its tensors in the language."""
        tensors = [
            (name, tensor, role(False, not tensor.requires_grad))
            for name, tensor in self.inner.named_parameters()
        ]
        tensors += [(n, tensor, "buffer") for n, tensor in self.inner.named_buffers()]
        return tuple(
            FoundTensor(known, axes, kind, own)
            for own, tensor, kind in tensors
            for known, axes in self.names.get(own, named(own))(tuple(tensor.shape))
        )


class DeclaredModule(nn.Module):
    """Tensors that the text declares, for which torch has no layer."""

    def __init__(self, weights: tuple[Any, ...], output: Axes | None) -> None:
        super().__init__()
        self.output = output
        for weight in weights:
            tensor = torch.zeros(weight.shape)
            if weight.buffer:
                self.register_buffer(weight.name, tensor)
            else:
                nn.init.normal_(tensor, std=0.02)
                self.register_parameter(weight.name, nn.Parameter(tensor))

    def tensor(self, like: Any) -> Any:
        """Return the one tensor, for every example of a batch."""
        tensor = next(iter([*self.parameters(), *self.buffers()]))
        return tensor.unsqueeze(0).expand(like.shape[0], *tensor.shape)

    def forward(self, tensor: Any) -> Any:
        """Return the declared shape; a written layer says nothing of its values."""
        if not tensor.is_meta:
            raise NotBuilt("a layer of the text's own says its shapes, not what it computes")
        return tensor.new_empty((tensor.shape[0], *(self.output or ())))


# --- channels --------------------------------------------------------------


def channels_first(tensor: Any) -> Any:
    """Return channels behind the batch."""
    return tensor.movedim(-1, 1)


def channels_last(made: Any, _: Any = None) -> Any:
    """Return channels at the end."""
    return made.movedim(1, -1)


def by_dimension(name: str, axes: int) -> Any:
    """Return the class for as many spatial axes."""
    if not 1 <= axes <= 3:
        raise NotBuilt(f"not built: torch has no nn.{name} over {axes} spatial axes")
    return getattr(nn, f"{name}{axes}d")


def same_pads(spatial: Axes, window: Axes, stride: Axes, dilation: Axes, causal: bool) -> list[int]:
    """Return what 'same' or 'causal' adds in front of and behind each axis, the last axis first."""
    pads: list[int] = []
    for n, f, s, d in reversed(list(zip(spatial, window, stride, dilation, strict=True))):
        total = max((-(-n // s) - 1) * s + d * (f - 1) + 1 - n, 0)
        total = max(d * (f - 1), 0) if causal else total
        pads += [total, 0] if causal else [total // 2, total - total // 2]
    return pads


# --- kinds -----------------------------------------------------------------


@KINDS.layer("dense", "linear", options="units bias")
def dense(layer: Any, axes: Axes) -> AdaptedModule:
    inner = nn.Linear(axes[-1], layer.units, bias=layer.bias)
    return AdaptedModule(inner, {"weight": named("kernel", 1, 0)})


@KINDS.layer("embed", options="vocabulary width")
def embed(layer: Any, axes: Axes) -> AdaptedModule:
    return AdaptedModule(nn.Embedding(layer.vocabulary, layer.width), {"weight": named("table")})


@KINDS.layer("embedding_bag", options="vocabulary width mode")
def embedding_bag(layer: Any, axes: Axes) -> AdaptedModule:
    return AdaptedModule(
        nn.EmbeddingBag(layer.vocabulary, layer.width, mode=layer.mode),
        {"weight": named("table")},
        lambda tensor: tensor.flatten(0, -2),
        lambda made, tensor: made.reshape(*tensor.shape[:-1], -1),
    )


@KINDS.layer("bilinear", options="units bias")
def bilinear(layer: Any, axes: tuple[Axes, Axes]) -> AdaptedModule:
    first, second = axes
    inner = nn.Bilinear(first[-1], second[-1], layer.units, bias=layer.bias)
    return AdaptedModule(inner, {"weight": named("kernel", 1, 2, 0)})


@KINDS.layer("adaptive_softmax", options="classes cutoffs divide head_bias")
def adaptive_softmax(layer: Any, axes: Axes) -> AdaptedModule:
    cutoffs = layer.cutoffs if isinstance(layer.cutoffs, tuple) else (layer.cutoffs,)
    inner = nn.AdaptiveLogSoftmaxWithLoss(
        axes[-1], layer.classes, list(cutoffs), float(layer.divide), layer.head_bias
    )
    names = {"head.weight": named("head_kernel", 1, 0), "head.bias": named("head_bias")}
    for k in range(len(cutoffs)):
        names[f"tail.{k}.0.weight"] = named(f"tail{k}_projection_kernel", 1, 0)
        names[f"tail.{k}.1.weight"] = named(f"tail{k}_kernel", 1, 0)
    return AdaptedModule(
        Probabilities(inner),
        {f"inner.{own}": name for own, name in names.items()},
        lambda tensor: tensor.flatten(0, -2),
        lambda made, tensor: made.reshape(*tensor.shape[:-1], -1),
    )


class Probabilities(nn.Module):
    """The probabilities of an adaptive softmax, whose forward wants targets."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, tensor: Any) -> Any:
        """Return the logarithm of each class' probability."""
        return self.inner.log_prob(tensor)


@KINDS.layer("prelu", options="share")
def prelu(layer: Any, axes: Axes) -> AdaptedModule:
    last = len(axes) - 1
    words = {"places": range(last), "all": range(last + 1), "none": range(0)}
    told = isinstance(layer.share, str)
    shared = words[layer.share] if told else positions(layer.share, axes, layer.kind)
    own = set(range(last + 1)) - set(shared)
    if own - {last}:
        raise NotBuilt("not built: torch's nn.PReLU has one slope, or one for each channel")
    inner = nn.PReLU(axes[-1] if own else 1)
    return AdaptedModule(inner, {"weight": named("alpha")}, channels_first, channels_last)


@KINDS.layer("depthwise", options="kernel multiplier stride pad dilation bias")
def depthwise(layer: Any, axes: Axes) -> AdaptedModule:
    made: AdaptedModule = conv(plain(layer, axes[-1], layer.bias), axes)
    return made


def plain(layer: Any, channels: int, bias: bool) -> Any:
    """Return the convolution with a group for each channel that a depthwise one is."""
    return Convolution(
        filters=channels * layer.multiplier,
        kernel=layer.kernel,
        stride=layer.stride,
        pad=layer.pad,
        dilation=layer.dilation,
        groups=channels,
        bias=bias,
    )


@KINDS.layer("separable", options="filters kernel multiplier stride pad dilation bias")
def separable(layer: Any, axes: Axes) -> AdaptedModule:
    first = conv(plain(layer, axes[-1], False), axes)
    last = by_dimension("Conv", len(axes) - 1)(
        axes[-1] * layer.multiplier, layer.filters, 1, bias=layer.bias
    )

    def called(name: str) -> Renamed:
        return lambda shape: [(name, kernel(shape)[0][1])]

    names = {
        "0.weight": called("depthwise_kernel"),
        "1.weight": called("pointwise_kernel"),
        "1.bias": named("bias"),
    }
    return AdaptedModule(nn.Sequential(first.inner, last), names, first.before, channels_last)


@KINDS.layer("conv", options="filters kernel stride pad dilation groups bias")
def conv(layer: Any, axes: Axes) -> AdaptedModule:
    spatial = axes[:-1]
    count = len(spatial)
    window, stride, dilation = (
        spread(value, count) for value in (layer.kernel, layer.stride, layer.dilation)
    )
    word = layer.pad if isinstance(layer.pad, str) else ""
    inner = by_dimension("Conv", count)(
        axes[-1],
        layer.filters,
        window,
        stride,
        0 if word else spread(layer.pad, count),
        dilation,
        layer.groups,
        layer.bias,
    )

    def before(tensor: Any) -> Any:
        first = channels_first(tensor)
        if word in ("", "valid"):
            return first
        here = tuple(first.shape[2:])
        return functional.pad(first, same_pads(here, window, stride, dilation, word == "causal"))

    return AdaptedModule(inner, {"weight": kernel}, before, channels_last)


@KINDS.layer("conv_transpose", options="filters kernel stride pad dilation groups bias output_pad")
def conv_transpose(layer: Any, axes: Axes) -> AdaptedModule:
    count = len(axes) - 1
    stride, window, dilation = (
        spread(value, count) for value in (layer.stride, layer.kernel, layer.dilation)
    )
    word = layer.pad if isinstance(layer.pad, str) else ""
    if not isinstance(layer.output_pad, str):
        extra = spread(layer.output_pad, count)
    elif word == "same":
        extra = (0,) * count
    else:  # fill: what no window reaches
        steps = zip(stride, window, dilation, strict=True)
        extra = tuple(max(s - d * (f - 1) - 1, 0) for s, f, d in steps)
    inner = by_dimension("ConvTranspose", count)(
        axes[-1],
        layer.filters,
        window,
        stride,
        0 if word else spread(layer.pad, count),
        extra,
        layer.groups,
        layer.bias,
        dilation,
    )

    def after(made: Any, tensor: Any) -> Any:
        if word == "same":
            grown = (n * s for n, s in zip(tensor.shape[1:-1], stride, strict=True))
            made = fitted(made, tuple(grown))
        return channels_last(made)

    return AdaptedModule(inner, {"weight": turned_kernel(layer.groups)}, channels_first, after)


def fitted(made: Any, wanted: tuple[int, ...]) -> Any:
    """Return spatial axes cut on both sides, or filled behind, to what is wanted."""
    pads: list[int] = []
    for has, want in reversed(list(zip(made.shape[2:], wanted, strict=True))):
        surplus = has - want
        front = surplus // 2 if surplus > 0 else 0
        pads += [-front, front - surplus]
    return functional.pad(made, pads)


RECURRENT = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
RECURRENT_NAMES = {
    "weight_ih_l0": named("kernel", 1, 0),
    "weight_hh_l0": named("recurrent_kernel", 1, 0),
    "bias_ih_l0": named("bias"),
    "bias_hh_l0": named("recurrent_bias"),
    "weight_hr_l0": named("projection", 1, 0),
}


@KINDS.layer("lstm", options="units bias bias_vectors last proj")
@KINDS.layer("rnn", "gru", options="units bias bias_vectors last")
def recurrent(layer: Any, axes: Axes) -> AdaptedModule:
    bias = layer.bias and layer.bias_vectors > 0
    narrow = {"proj_size": layer.proj} if getattr(layer, "proj", None) is not None else {}
    inner = RECURRENT[layer.kind](axes[-1], layer.units, bias=bias, batch_first=True, **narrow)

    def before(tensor: Any) -> Any:
        # A vector is a sequence of one step; all axes in front of the time are batches.
        sequence = tensor.unsqueeze(1) if tensor.ndim == 2 else tensor
        return short(sequence.flatten(0, -3))

    def after(made: Any, tensor: Any) -> Any:
        sequence = lengthened(made[0], tensor.shape[-2] if tensor.ndim > 2 else 1)
        if layer.last:
            kept = tensor.shape[:-2] if tensor.ndim > 2 else tensor.shape[:1]
            return sequence[:, -1].reshape(*kept, sequence.shape[-1])
        return sequence.reshape(*tensor.shape[:-1], sequence.shape[-1])

    return AdaptedModule(inner, RECURRENT_NAMES, before, after)

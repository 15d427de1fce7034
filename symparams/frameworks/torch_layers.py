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
    Found,
    Kinds,
    NotBuilt,
    Renamed,
    kernel,
    named,
    role,
    spread,
    turned_kernel,
)

KINDS = Kinds(
    "torch",
    {"recurrent": "nn.RNN, nn.GRU and nn.LSTM have 1, 3 and 4 gates"},
)

Around = Callable[..., Any]


class Adapted(nn.Module):
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

    def forward(self, tensor: Any) -> Any:
        """The module on an input with a batch in front."""
        made = self.inner(tensor if self.before is None else self.before(tensor))
        return made if self.after is None else self.after(made, tensor)

    def found(self) -> tuple[Found, ...]:
        """Its tensors in the language."""
        tensors = [
            (name, tensor, role(False, not tensor.requires_grad))
            for name, tensor in self.inner.named_parameters()
        ]
        tensors += [(n, tensor, "buffer") for n, tensor in self.inner.named_buffers()]
        return tuple(
            Found(known, axes, kind, own)
            for own, tensor, kind in tensors
            for known, axes in self.names.get(own, named(own))(tuple(tensor.shape))
        )


class Declared(nn.Module):
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
        """The one tensor, for every example of a batch."""
        tensor = next(iter([*self.parameters(), *self.buffers()]))
        return tensor.unsqueeze(0).expand(like.shape[0], *tensor.shape)

    def forward(self, tensor: Any) -> Any:
        """The declared shape; a written layer says nothing of its values."""
        if not tensor.is_meta:
            raise NotBuilt("a layer of the text's own says its shapes, not what it computes")
        return tensor.new_empty((tensor.shape[0], *(self.output or ())))


# --- channels --------------------------------------------------------------


def channels_first(tensor: Any) -> Any:
    """Channels behind the batch."""
    return tensor.movedim(-1, 1)


def channels_last(made: Any, _: Any = None) -> Any:
    """Channels at the end."""
    return made.movedim(1, -1)


def by_dimension(name: str, axes: int) -> Any:
    """The class for as many spatial axes."""
    if not 1 <= axes <= 3:
        raise NotBuilt(f"not built: torch has no nn.{name} over {axes} spatial axes")
    return getattr(nn, f"{name}{axes}d")


def same_pads(spatial: Axes, window: Axes, stride: Axes, dilation: Axes, causal: bool) -> list[int]:
    """What 'same' or 'causal' adds in front of and behind each axis, the last axis first."""
    pads: list[int] = []
    for n, f, s, d in reversed(list(zip(spatial, window, stride, dilation, strict=True))):
        total = max((-(-n // s) - 1) * s + d * (f - 1) + 1 - n, 0)
        total = max(d * (f - 1), 0) if causal else total
        pads += [total, 0] if causal else [total // 2, total - total // 2]
    return pads


# --- kinds -----------------------------------------------------------------


@KINDS.layer("dense", "linear", options="units bias")
def dense(layer: Any, axes: Axes) -> Adapted:
    inner = nn.Linear(axes[-1], layer.units, bias=layer.bias)
    return Adapted(inner, {"weight": named("kernel", 1, 0)})


@KINDS.layer("embed", options="vocabulary width")
def embed(layer: Any, axes: Axes) -> Adapted:
    return Adapted(nn.Embedding(layer.vocabulary, layer.width), {"weight": named("table")})


@KINDS.layer("conv", options="filters kernel stride pad dilation groups bias")
def conv(layer: Any, axes: Axes) -> Adapted:
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

    return Adapted(inner, {"weight": kernel}, before, channels_last)


@KINDS.layer("conv_transpose", options="filters kernel stride pad dilation groups bias output_pad")
def conv_transpose(layer: Any, axes: Axes) -> Adapted:
    count = len(axes) - 1
    stride, extra = spread(layer.stride, count), spread(layer.output_pad, count)
    word = layer.pad if isinstance(layer.pad, str) else ""
    inner = by_dimension("ConvTranspose", count)(
        axes[-1],
        layer.filters,
        spread(layer.kernel, count),
        stride,
        0 if word else spread(layer.pad, count),
        extra,
        layer.groups,
        layer.bias,
        spread(layer.dilation, count),
    )

    def after(made: Any, tensor: Any) -> Any:
        if word == "same":
            grown = (n * s for n, s in zip(tensor.shape[1:-1], stride, strict=True))
            made = fitted(made, tuple(grown))
        return channels_last(made)

    return Adapted(inner, {"weight": turned_kernel(layer.groups)}, channels_first, after)


def fitted(made: Any, wanted: tuple[int, ...]) -> Any:
    """Spatial axes cut on both sides, or filled behind, to what is wanted."""
    pads: list[int] = []
    for has, want in reversed(list(zip(made.shape[2:], wanted, strict=True))):
        surplus = has - want
        front = surplus // 2 if surplus > 0 else 0
        pads += [-front, front - surplus]
    return functional.pad(made, pads)


@KINDS.layer("bn", options="scale shift statistics counter")
def bn(layer: Any, axes: Axes) -> Adapted:
    if layer.scale != layer.shift:
        raise NotBuilt("not built: torch's batch norm has scale and shift together or not at all")
    made = nn.BatchNorm1d if len(axes) <= 2 else by_dimension("BatchNorm", len(axes) - 1)
    inner = made(axes[-1], affine=layer.scale, track_running_stats=layer.statistics)
    names = {
        "weight": named("gamma"),
        "bias": named("beta"),
        "running_mean": named("moving_mean"),
        "running_var": named("moving_variance"),
        "num_batches_tracked": named("batches"),
    }
    return Adapted(inner, names, channels_first, channels_last)


@KINDS.layer("layernorm", options="scale shift")
def layernorm(layer: Any, axes: Axes) -> Adapted:
    if layer.shift and not layer.scale:
        raise NotBuilt("not built: torch's layer norm has no shift without a scale")
    inner = nn.LayerNorm(axes[-1], elementwise_affine=layer.scale, bias=layer.shift)
    return Adapted(inner, {"weight": named("gamma"), "bias": named("beta")})


@KINDS.layer("rmsnorm", options="scale shift")
def rmsnorm(layer: Any, axes: Axes) -> Adapted:
    if layer.shift:
        raise NotBuilt("not built: torch's nn.RMSNorm has no shift")
    return Adapted(nn.RMSNorm(axes[-1], elementwise_affine=layer.scale), {"weight": named("gamma")})


RECURRENT = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
RECURRENT_NAMES = {
    "weight_ih_l0": named("kernel", 1, 0),
    "weight_hh_l0": named("recurrent_kernel", 1, 0),
    "bias_ih_l0": named("bias"),
    "bias_hh_l0": named("recurrent_bias"),
}


@KINDS.layer("rnn", "lstm", "gru", options="units bias bias_vectors last")
def recurrent(layer: Any, axes: Axes) -> Adapted:
    bias = layer.bias and layer.bias_vectors > 0
    inner = RECURRENT[layer.kind](axes[-1], layer.units, bias=bias, batch_first=True)

    def before(tensor: Any) -> Any:
        # A vector is a sequence of one step; all axes in front of the time are batches.
        sequence = tensor.unsqueeze(1) if tensor.ndim == 2 else tensor
        return sequence.flatten(0, -3)

    def after(made: Any, tensor: Any) -> Any:
        sequence = made[0]
        if layer.last:
            kept = tensor.shape[:-2] if tensor.ndim > 2 else tensor.shape[:1]
            return sequence[:, -1].reshape(*kept, sequence.shape[-1])
        return sequence.reshape(*tensor.shape[:-1], sequence.shape[-1])

    return Adapted(inner, RECURRENT_NAMES, before, after)

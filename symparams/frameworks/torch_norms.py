"""Norms: which module of torch.nn each kind is, and the names of its tensors."""

from __future__ import annotations

from typing import Any

from symparams.frameworks.base import Axes, NotBuilt, named
from symparams.frameworks.torch_layers import (
    KINDS,
    AdaptedModule,
    by_dimension,
    channels_first,
    channels_last,
    functional,
    nn,
)
from symparams.frameworks.written_calls import known_axes, option
from symparams.layers import positions

AFFINE = {"weight": named("gamma"), "bias": named("beta")}
STATISTICS = {
    "running_mean": named("moving_mean"),
    "running_var": named("moving_variance"),
    "num_batches_tracked": named("batches"),
}


def both_or_none(layer: Any) -> bool:
    """Tell whether there are a scale and a shift, where torch has no way to have only one."""
    if layer.scale != layer.shift:
        raise NotBuilt(
            f"not built: torch's '{layer.kind}' has scale and shift together or not at all"
        )
    return bool(layer.scale)


@KINDS.layer("bn", options="scale shift axis statistics counter")
def bn(layer: Any, axes: Axes) -> AdaptedModule:
    (axis,) = positions(layer.axis, axes, layer.kind)
    made = nn.BatchNorm1d if len(axes) <= 2 else by_dimension("BatchNorm", len(axes) - 1)
    inner = made(
        num_features=axes[axis],
        affine=option(both_or_none(layer), True),
        track_running_stats=option(layer.statistics, True),
    )
    return AdaptedModule(
        inner,
        {**AFFINE, **STATISTICS},
        lambda tensor: tensor.movedim(axis + 1, 1),
        lambda made, _: made.movedim(1, axis + 1),
    )


@KINDS.layer("instancenorm", options="scale shift statistics counter")
def instancenorm(layer: Any, axes: Axes) -> AdaptedModule:
    inner = by_dimension("InstanceNorm", len(axes) - 1)(
        num_features=axes[-1],
        affine=option(both_or_none(layer), False),
        track_running_stats=option(layer.statistics, False),
    )
    return AdaptedModule(inner, {**AFFINE, **STATISTICS}, channels_first, channels_last)


@KINDS.layer("groupnorm", options="scale shift axis groups")
def groupnorm(layer: Any, axes: Axes) -> AdaptedModule:
    (axis,) = positions(layer.axis, axes, layer.kind)
    return AdaptedModule(
        nn.GroupNorm(
            num_groups=layer.groups,
            num_channels=axes[axis],
            affine=option(both_or_none(layer), True),
        ),
        AFFINE,
        lambda tensor: tensor.movedim(axis + 1, 1),
        lambda made, _: made.movedim(1, axis + 1),
    )


def last_axes(layer: Any, axes: Axes) -> Any:
    """Return the sizes of the normalised axes, which must be the last ones in torch; one alone."""
    found = tuple(sorted(positions(layer.axis, axes, layer.kind)))
    if found != tuple(range(len(axes) - len(found), len(axes))):
        raise NotBuilt(f"not built: torch's '{layer.kind}' is over the last axes")
    return tuple(axes[axis] for axis in found) if len(found) > 1 else axes[found[0]]


@KINDS.layer("layernorm", options="scale shift axis")
def layernorm(layer: Any, axes: Axes) -> AdaptedModule:
    if layer.shift and not layer.scale:
        raise NotBuilt("not built: torch's 'layernorm' has no shift without a scale")
    inner = nn.LayerNorm(
        normalized_shape=last_axes(layer, axes),
        elementwise_affine=option(layer.scale, True),
        bias=option(layer.shift, layer.scale),
    )
    return AdaptedModule(inner, AFFINE)


@KINDS.layer("rmsnorm", options="scale shift axis")
def rmsnorm(layer: Any, axes: Axes) -> AdaptedModule:
    if layer.shift:
        raise NotBuilt("not built: torch's 'rmsnorm' has no shift")
    inner = nn.RMSNorm(
        normalized_shape=last_axes(layer, axes), elementwise_affine=option(layer.scale, True)
    )
    return AdaptedModule(inner, AFFINE)


@KINDS.function("unitnorm", options="axis")
def unitnorm(layer: Any, tensor: Any) -> Any:
    axes = tuple(axis + 1 for axis in positions(layer.axis, known_axes(tensor), layer.kind))
    return tensor / tensor.norm(dim=axes, keepdim=True).clamp_min(1e-12)


@KINDS.function("localresponsenorm", options="size")
def localresponsenorm(layer: Any, tensor: Any) -> Any:
    return channels_last(functional.local_response_norm(channels_first(tensor), layer.size))

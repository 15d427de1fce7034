"""Norms and kinds around a layer: which class of keras.layers each is."""

from __future__ import annotations

from typing import Any

from symparams.frameworks.base import Axes, NotBuilt, batched, named
from symparams.frameworks.keras_layers import KINDS, AdaptedLayer, layers, ops
from symparams.frameworks.written_calls import known_axes, option, writes
from symparams.layers import positions


def in_batch(layer: Any, axes: Axes) -> list[int]:
    """Return the axes that a layer names, of a batch."""
    return [axis + 1 for axis in positions(layer.axis, axes, layer.kind)]


def normed(layer: Any, axes: Axes) -> Any:
    """Return the axes that a norm is over; one alone where a text is written."""
    found = in_batch(layer, axes)
    return found[0] if writes() and len(found) == 1 else found


@KINDS.layer("bn", options="scale shift axis counter")
def bn(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    (axis,) = in_batch(layer, axes)
    inner = layers.BatchNormalization(
        axis=option(axis, len(axes)),
        scale=option(layer.scale, True),
        center=option(layer.shift, True),
        name=name,
    )
    return AdaptedLayer(inner, {})


@KINDS.layer("groupnorm", options="scale shift axis groups")
def groupnorm(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    (axis,) = in_batch(layer, axes)
    inner = layers.GroupNormalization(
        groups=layer.groups,
        axis=option(axis, len(axes)),
        scale=option(layer.scale, True),
        center=option(layer.shift, True),
        name=name,
    )
    return AdaptedLayer(inner, {})


@KINDS.layer("layernorm", options="scale shift axis")
def layernorm(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    inner = layers.LayerNormalization(
        axis=option(normed(layer, axes), len(axes)),
        scale=option(layer.scale, True),
        center=option(layer.shift, True),
        name=name,
    )
    return AdaptedLayer(inner, {})


@KINDS.layer("rmsnorm", options="axis")
def rmsnorm(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    inner = layers.RMSNormalization(axis=option(normed(layer, axes), len(axes)), name=name)
    return AdaptedLayer(inner, {"scale": named("gamma")})


@KINDS.layer("standardize", options="axis counter")
def standardize(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    return AdaptedLayer(layers.Normalization(axis=in_batch(layer, axes), name=name), {})


@KINDS.function("unitnorm", options="axis")
def unitnorm(layer: Any, tensor: Any) -> Any:
    axes = in_batch(layer, known_axes(tensor))
    return layers.UnitNormalization(axis=axes)(tensor)


# --- around a layer ------------------------------------------------------------


@KINDS.rewriter("spectralnorm", options="each")
def spectralnorm(layer: Any, made: AdaptedLayer, axes: Axes) -> None:
    # What has a row is Keras' own last axis whatever ``each`` says: another count differs.
    name = None if writes() else f"{made.inner.name}_normed"
    made.inner = layers.SpectralNormalization(made.inner, name=name)
    made.names["vector_u"] = lambda shape: [("u", shape[-1:])]


@KINDS.rewriter("lora", options="rank bias")
def lora(layer: Any, made: AdaptedLayer, axes: Axes) -> None:
    if writes():
        lora_written(layer, made)
        return
    inner = made.inner
    if not hasattr(inner, "enable_lora"):
        raise NotBuilt(f"not built: keras has no LoRA for {type(inner).__name__}")
    inner.build((None, *axes))
    before = [(id(weight), weight.name) for weight in inner.weights]
    kept = [w for w in inner.weights if not (layer.bias and w.name == "bias")]
    inner.enable_lora(layer.rank)
    known = {number for number, _ in before}
    made.kept = kept
    made.free = [weight for weight in inner.weights if id(weight) not in known]
    for kind in ("kernel", "embeddings"):
        made.names[f"lora_{kind}_a"] = named("lora_a")
        made.names[f"lora_{kind}_b"] = named("lora_b")


def lora_written(layer: Any, made: AdaptedLayer) -> None:
    """Write an adapter as Keras' own option, which freezes the kernel and nothing else."""
    kind = made.layer.kind
    if kind not in ("dense", "linear", "embed", "einsum_dense") and not kind.startswith("conv"):
        raise NotBuilt(f"not built: keras has no LoRA for '{kind}'")
    options = made.inner.parts[2]
    frozen = options.pop("trainable", True) is False
    biased = bool(getattr(made.layer, "bias", False))
    if biased and (frozen or not layer.bias):
        raise NotBuilt("not exported: keras' LoRA leaves a bias trainable")
    options["lora_rank"] = layer.rank


@KINDS.function("einsum", options="equation")
def einsum(layer: Any, *tensors: Any) -> Any:
    return ops.einsum(batched(layer.equation), *tensors)

"""Layers with weights: which class of keras.layers each kind is, and the names of its tensors.

A layer is made from the language's options; Keras itself makes the tensors
when the first input comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symparams.frameworks.base import (
    Axes,
    FoundTensor,
    Kinds,
    NotBuilt,
    Renamed,
    batched,
    named,
    role,
    spread,
    telling_refusals,
)
from symparams.frameworks.steps import Owner
from symparams.frameworks.tensors import lengthened, short
from symparams.frameworks.written_calls import Api, even, option, writes
from symparams.layers import positions
from symparams.network import LeafNode

layers = Api("keras.layers", "layers")
ops = Api("keras.ops", "ops")
own = Api("symparams.frameworks.keras_written_out", "")

KINDS = Kinds(
    "keras",
    {
        "adaptive_softmax": "Keras has a plain softmax only",
        "bilinear": "Keras has no layer of two tensors with a kernel",
        "embedding_bag": "Keras has an embedding, and no mean of one",
        "fold": "Keras takes patches apart, and does not add them up",
        "instancenorm": "Keras has GroupNormalization",
        "localresponsenorm": "Keras 3 has none any more",
        "orthogonal": "Keras has an orthogonal initialiser only",
        "recurrent": "SimpleRNN, GRU and LSTM have 1, 3 and 4 gates",
        "weightnorm": "Keras has SpectralNormalization",
    },
)

Around = Callable[..., Any]


class AdaptedLayer:
    """A layer of Keras with what the language has otherwise done around it.

    ``free`` are weights that learn whatever ``freeze`` says, ``kept`` those that
    stay whatever it says.
    """

    def __init__(
        self,
        inner: Any,
        names: Mapping[str, Renamed],
        before: Around | None = None,
        after: Around | None = None,
    ) -> None:
        self.inner = inner
        self.names = dict(names)
        self.before = before
        self.after = after
        self.free: list[Any] = []
        self.kept: list[Any] = []
        #: The layer of the text, once it is told.
        self.layer: Any = None

    def with_inner(self, inner: Any) -> AdaptedLayer:
        """Return the same around another layer."""
        made = AdaptedLayer(inner, self.names, self.before, self.after)
        made.layer = self.layer
        return made

    def __call__(self, *tensors: Any) -> Any:
        made = self.inner(*tensors if self.before is None else (self.before(*tensors),))
        return made if self.after is None else self.after(made, *tensors)

    def settle(self, frozen: bool) -> None:
        """Say what training leaves alone, once the layer was called."""
        if frozen:
            self.inner.trainable = False
        for weight in self.kept:
            weight.trainable = False
        for weight in self.free:
            weight.trainable = True

    def found(self, frozen: bool) -> tuple[FoundTensor, ...]:
        """Return its tensors in the language, once it was called; left alone by training if
        ``frozen``.
        """
        kept = {id(weight) for weight in self.kept}
        buffers = {id(w) for w in self.inner.non_trainable_weights} - kept
        self.settle(frozen)
        return tuple(
            FoundTensor(known, axes, role(id(weight) in buffers, not weight.trainable), weight.name)
            for weight in self.inner.weights
            for known, axes in self.names.get(weight.name, named(weight.name))(tuple(weight.shape))
        )


def by_dimension(name: str, axes: int, most: int = 3) -> Any:
    """Return the class for as many spatial axes."""
    if not 1 <= axes <= most:
        shown = name.replace("#", "")
        raise NotBuilt(f"not built: keras has no {shown} over {axes} spatial axes")
    return getattr(layers, name.replace("#", f"{axes}D"))


# --- kinds -----------------------------------------------------------------


@KINDS.layer("dense", "linear", options="units bias")
def dense(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    inner = layers.Dense(units=layer.units, use_bias=option(layer.bias, True), name=name)
    return AdaptedLayer(inner, {})


@KINDS.layer("embed", options="vocabulary width")
def embed(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    inner = layers.Embedding(input_dim=layer.vocabulary, output_dim=layer.width, name=name)
    return AdaptedLayer(inner, {"embeddings": named("table")})


def spatial_pads(amounts: Axes) -> list[tuple[int, int]]:
    """Return the same on both sides of every spatial axis, nothing for batch and channels."""
    return [(0, 0), *((a, a) for a in amounts), (0, 0)]


@KINDS.layer("einsum_dense", options="equation out bias")
def einsum_dense(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    given, _, after = "".join(layer.equation.split()).partition("->")
    own = given.partition(",")[0]
    whole = own.startswith("...") or len(own) == len(axes) + 1
    equation = f"{given}->{after}" if whole else batched(layer.equation, kernels=True)
    behind = len(after.removeprefix("...")) - (whole and not own.startswith("..."))
    output = tuple(layer.output(axes))[-behind:] if behind else ()
    inner = layers.EinsumDense(
        equation=equation, output_shape=output, bias_axes=option(layer.bias, None), name=name
    )
    return AdaptedLayer(inner, {})


@KINDS.layer("prelu", options="share")
def prelu(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    last = len(axes) - 1
    words = {"places": tuple(range(last)), "all": tuple(range(last + 1)), "none": ()}
    shared = words.get(layer.share) if isinstance(layer.share, str) else None
    if shared is None:
        shared = positions(layer.share, axes, layer.kind)

    def own(shape: Axes) -> list[tuple[str, Axes]]:
        kept = tuple(size for k, size in enumerate(shape) if k not in shared)
        return [("alpha", kept or (1,))]

    inner = layers.PReLU(shared_axes=[k + 1 for k in shared] or None, name=name)
    return AdaptedLayer(inner, {"alpha": own})


def each_channel(name: str) -> Renamed:
    """Return a depthwise kernel (f…, i, m) as (f…, 1, i·m)."""
    return lambda axes: [(name, (*axes[:-2], 1, axes[-2] * axes[-1]))]


def windowed(layer: Any, count: int, name: str) -> tuple[dict[str, Any], Around | None]:
    """Return the options of a window, and what is padded in front of it."""
    word = layer.pad if isinstance(layer.pad, str) else ""
    if word == "causal" and count > 1:
        raise NotBuilt("not built: keras has causal convolutions over one axis only")
    pads = () if word else spatial_pads(spread(layer.pad, count))
    options = {
        "strides": option(even(spread(layer.stride, count)), 1),
        "padding": option(word or "valid", "valid"),
        "dilation_rate": option(even(spread(layer.dilation, count)), 1),
        "use_bias": option(layer.bias, True),
        "name": name,
    }
    return options, (lambda tensor: ops.pad(tensor, pads)) if pads else None


@KINDS.layer("depthwise", options="kernel multiplier stride pad dilation bias")
def depthwise(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    count = len(axes) - 1
    options, before = windowed(layer, count, name)
    inner = by_dimension("DepthwiseConv#", count, 2)(
        kernel_size=even(spread(layer.kernel, count)),
        depth_multiplier=option(layer.multiplier, 1),
        **options,
    )
    return AdaptedLayer(inner, {"kernel": each_channel("kernel")}, before)


@KINDS.layer("separable", options="filters kernel multiplier stride pad dilation bias")
def separable(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    count = len(axes) - 1
    options, before = windowed(layer, count, name)
    inner = by_dimension("SeparableConv#", count, 2)(
        filters=layer.filters,
        kernel_size=even(spread(layer.kernel, count)),
        depth_multiplier=option(layer.multiplier, 1),
        **options,
    )
    return AdaptedLayer(inner, {"depthwise_kernel": each_channel("depthwise_kernel")}, before)


@KINDS.layer("conv_lstm", options="filters kernel stride pad dilation bias last")
def conv_lstm(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    count = len(axes) - 2
    if not isinstance(layer.pad, str):
        raise NotBuilt("not built: keras pads a ConvLSTM by 'valid' or 'same'")
    options, _ = windowed(layer, count, name)
    inner = by_dimension("ConvLSTM#", count)(
        filters=layer.filters,
        kernel_size=even(spread(layer.kernel, count)),
        return_sequences=option(not layer.last, False),
        **options,
    )

    def after(made: Any, tensor: Any) -> Any:
        return made if layer.last else lengthened(made, tensor.shape[1])

    return AdaptedLayer(inner, {}, short, after)


@KINDS.layer("conv", options="filters kernel stride pad dilation groups bias")
def conv(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    count = len(axes) - 1
    options, before = windowed(layer, count, name)
    inner = by_dimension("Conv#", count)(
        filters=layer.filters,
        kernel_size=even(spread(layer.kernel, count)),
        groups=option(layer.groups, 1),
        **options,
    )
    return AdaptedLayer(inner, {}, before)


@KINDS.layer("conv_transpose", options="filters kernel stride pad dilation bias output_pad")
def conv_transpose(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    count = len(axes) - 1
    word = layer.pad if isinstance(layer.pad, str) else ""
    fills = isinstance(layer.output_pad, str)
    extra = None if fills or word == "same" else even(spread(layer.output_pad, count))
    inner = by_dimension("Conv#Transpose", count)(
        filters=layer.filters,
        kernel_size=even(spread(layer.kernel, count)),
        strides=option(even(spread(layer.stride, count)), 1),
        padding=option(word or "valid", "valid"),
        output_padding=option(extra, None),
        dilation_rate=option(even(spread(layer.dilation, count)), 1),
        use_bias=option(layer.bias, True),
        name=name,
    )
    cut = (0,) * count if word else spread(layer.pad, count)
    names = {"kernel": named("kernel", *range(count), count + 1, count)}

    def after(made: Any, _: Any) -> Any:
        return made if all(one == 0 for one in cut) else own.crop(made, even(cut))

    return AdaptedLayer(inner, names, None, after)


def both_biases(axes: Axes) -> list[tuple[str, Axes]]:
    """Return a GRU's two biases, which Keras has as one tensor (2, 3·h)."""
    if len(axes) == 2:
        return [("bias", axes[1:]), ("recurrent_bias", axes[1:])]
    return [("bias", axes)]


@KINDS.layer("rnn", "lstm", "gru", options="units bias bias_vectors last")
def recurrent(layer: Any, axes: Axes, name: str) -> AdaptedLayer:
    bias = layer.bias and layer.bias_vectors > 0
    options = {
        "use_bias": option(bias, True),
        "return_sequences": option(not layer.last, False),
        "name": name,
    }
    if layer.kind == "gru":
        after_reset = option(layer.bias_vectors != 1, True)
        inner = layers.GRU(units=layer.units, reset_after=after_reset, **options)
    else:
        made = layers.LSTM if layer.kind == "lstm" else layers.SimpleRNN
        inner = made(units=layer.units, **options)

    def before(tensor: Any) -> Any:
        # A vector is a sequence of one step; all axes in front of the time are batches.
        rank = len(tensor.shape)
        if rank == 3:
            return short(tensor)
        steps = tensor.shape[-2] if rank > 2 else 1
        return short(ops.reshape(tensor, (-1, steps, tensor.shape[-1])))

    def after(made: Any, tensor: Any) -> Any:
        rank = len(tensor.shape)
        if not layer.last:
            made = lengthened(made, tensor.shape[-2] if rank > 2 else 1)
        if rank == 3:
            return made
        kept = tensor.shape[1:-2] if layer.last else tensor.shape[1:-1]
        return ops.reshape(made, (-1, *kept, layer.units))

    return AdaptedLayer(inner, {"bias": both_biases}, before, after)


def adapted(owner: Owner, axes: Any, name: str | None) -> AdaptedLayer:
    """Return the layer of an owner's weights, on what comes in; its tensors are those of Keras.

    Raises:
        NotBuilt: Keras refuses these options.
    """
    node = owner.node
    assert isinstance(node, LeafNode)
    with telling_refusals("keras", node):
        made: AdaptedLayer = KINDS.rule(node).make(node.layer, axes, name)
        made.layer = node.layer
        if writes() and owner.told:
            made.inner.parts[2]["trainable"] = False
        for layer in owner.around:
            KINDS.outer(layer, node.span).make(layer, made, axes)
    return made

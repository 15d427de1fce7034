"""Layers with weights: which module of torch.nn each kind is, and the names of its tensors.

A module is made from the layer's options and the shape that comes in (without
batch, channels last); torch itself makes the tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symparams.algebra import larger
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
    telling_refusals,
    turned_kernel,
)
from symparams.frameworks.steps import Owner
from symparams.frameworks.tensors import lengthened, short
from symparams.frameworks.written_calls import Api, even, option
from symparams.layers import Convolution, positions
from symparams.network import LeafNode

torch = Api("torch", "torch")
nn = Api("torch.nn", "nn")
functional = Api("torch.nn.functional", "F")
own = Api("symparams.frameworks.torch_written_out", "")

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


class AdaptedModule:
    """A module of torch with what the language has otherwise done around it.

    ``before`` makes its input, ``after`` the output from the module's and the
    input; ``names`` has the module's tensors in the language. Where a text is
    written, ``inner`` is the text of the module.
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
        #: The layer of the text, and what comes in, once they are told.
        self.layer: Any = None
        self.axes: Any = ()

    def __call__(self, *tensors: Any) -> Any:
        """Return the module on its input, or inputs, with a batch in front."""
        entering = tensors if self.before is None else (self.before(*tensors),)
        made = self.inner(*entering)
        return made if self.after is None else self.after(made, *tensors)

    def with_inner(self, inner: Any) -> AdaptedModule:
        """Return the same around another module."""
        made = AdaptedModule(inner, self.names, self.before, self.after)
        made.layer, made.axes = self.layer, self.axes
        return made

    def found(self) -> tuple[FoundTensor, ...]:
        """Return its tensors in the language."""
        tensors = [
            (name, tensor, role(False, not tensor.requires_grad))
            for name, tensor in self.inner.named_parameters()
        ]
        tensors += [(n, tensor, "buffer") for n, tensor in self.inner.named_buffers()]
        return tuple(
            FoundTensor(known, axes, kind, name)
            for name, tensor, kind in tensors
            for known, axes in self.names.get(name, named(name))(tuple(tensor.shape))
        )


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


# --- kinds -----------------------------------------------------------------


@KINDS.layer("dense", "linear", options="units bias")
def dense(layer: Any, axes: Axes) -> AdaptedModule:
    inner = nn.Linear(in_features=axes[-1], out_features=layer.units, bias=option(layer.bias, True))
    return AdaptedModule(inner, {"weight": named("kernel", 1, 0)})


@KINDS.layer("embed", options="vocabulary width")
def embed(layer: Any, axes: Axes) -> AdaptedModule:
    inner = nn.Embedding(num_embeddings=layer.vocabulary, embedding_dim=layer.width)
    return AdaptedModule(inner, {"weight": named("table")})


@KINDS.layer("embedding_bag", options="vocabulary width mode")
def embedding_bag(layer: Any, axes: Axes) -> AdaptedModule:
    return AdaptedModule(
        nn.EmbeddingBag(
            num_embeddings=layer.vocabulary,
            embedding_dim=layer.width,
            mode=option(layer.mode, "mean"),
        ),
        {"weight": named("table")},
        lambda tensor: tensor.flatten(0, -2),
        lambda made, tensor: made.reshape(*tensor.shape[:-1], -1),
    )


@KINDS.layer("bilinear", options="units bias")
def bilinear(layer: Any, axes: tuple[Axes, Axes]) -> AdaptedModule:
    first, second = axes
    inner = nn.Bilinear(
        in1_features=first[-1],
        in2_features=second[-1],
        out_features=layer.units,
        bias=option(layer.bias, True),
    )
    return AdaptedModule(inner, {"weight": named("kernel", 1, 2, 0)})


@KINDS.layer("adaptive_softmax", options="classes cutoffs divide head_bias")
def adaptive_softmax(layer: Any, axes: Axes) -> AdaptedModule:
    cutoffs = layer.cutoffs if isinstance(layer.cutoffs, tuple) else (layer.cutoffs,)
    inner = nn.AdaptiveLogSoftmaxWithLoss(
        in_features=axes[-1],
        n_classes=layer.classes,
        cutoffs=list(cutoffs),
        div_value=option(float(layer.divide), 4.0),
        head_bias=option(layer.head_bias, False),
    )
    names = {"head.weight": named("head_kernel", 1, 0), "head.bias": named("head_bias")}
    for k in range(len(cutoffs)):
        names[f"tail.{k}.0.weight"] = named(f"tail{k}_projection_kernel", 1, 0)
        names[f"tail.{k}.1.weight"] = named(f"tail{k}_kernel", 1, 0)
    return AdaptedModule(
        own.Probabilities(inner),
        {f"inner.{own}": name for own, name in names.items()},
        lambda tensor: tensor.flatten(0, -2),
        lambda made, tensor: made.reshape(*tensor.shape[:-1], -1),
    )


@KINDS.layer("prelu", options="share")
def prelu(layer: Any, axes: Axes) -> AdaptedModule:
    last = len(axes) - 1
    words = {"places": range(last), "all": range(last + 1), "none": range(0)}
    told = isinstance(layer.share, str)
    shared = words[layer.share] if told else positions(layer.share, axes, layer.kind)
    apart = set(range(last + 1)) - set(shared)
    if apart - {last}:
        raise NotBuilt("not built: torch's nn.PReLU has one slope, or one for each channel")
    inner = nn.PReLU(num_parameters=axes[-1] if apart else 1)
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
        in_channels=axes[-1] * layer.multiplier,
        out_channels=layer.filters,
        kernel_size=1,
        bias=option(layer.bias, True),
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
    steady = word == "same" and all(s == 1 for s in stride)  # which torch pads itself
    inner = by_dimension("Conv", count)(
        in_channels=axes[-1],
        out_channels=layer.filters,
        kernel_size=even(window),
        stride=option(even(stride), 1),
        padding=option(word if steady else 0 if word else even(spread(layer.pad, count)), 0),
        dilation=option(even(dilation), 1),
        groups=option(layer.groups, 1),
        bias=option(layer.bias, True),
    )

    def before(tensor: Any) -> Any:
        first = channels_first(tensor)
        if word == "causal":
            pads = [p for f, d in zip(window, dilation, strict=True) for p in (0, d * (f - 1))]
            return first if all(p == 0 for p in pads) else functional.pad(first, pads[::-1])
        if word == "same" and not steady:
            return own.pad_same(first, even(window), even(stride), option(even(dilation), 1))
        return first

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
        extra = tuple(larger(s - d * (f - 1) - 1, 0) for s, f, d in steps)
    inner = by_dimension("ConvTranspose", count)(
        in_channels=axes[-1],
        out_channels=layer.filters,
        kernel_size=even(window),
        stride=option(even(stride), 1),
        padding=option(0 if word else even(spread(layer.pad, count)), 0),
        output_padding=option(even(extra), 0),
        groups=option(layer.groups, 1),
        bias=option(layer.bias, True),
        dilation=option(even(dilation), 1),
    )

    def after(made: Any, tensor: Any) -> Any:
        return channels_last(own.fit(made, tensor, even(stride)) if word == "same" else made)

    return AdaptedModule(inner, {"weight": turned_kernel(layer.groups)}, channels_first, after)


RECURRENT = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
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
    inner = getattr(nn, RECURRENT[layer.kind])(
        input_size=axes[-1],
        hidden_size=layer.units,
        bias=option(bias, True),
        batch_first=True,
        **narrow,
    )

    def before(tensor: Any) -> Any:
        # A vector is a sequence of one step; all axes in front of the time are batches.
        sequence = tensor.unsqueeze(1) if tensor.ndim == 2 else tensor
        return short(sequence.flatten(0, -3) if tensor.ndim > 3 else sequence)

    def after(made: Any, tensor: Any) -> Any:
        sequence = lengthened(made[0], tensor.shape[-2] if tensor.ndim > 2 else 1)
        if tensor.ndim == 2:
            return sequence[:, 0]
        if tensor.ndim == 3:
            return sequence[:, -1] if layer.last else sequence
        if layer.last:
            return sequence[:, -1].reshape(*tensor.shape[:-2], -1)
        return sequence.reshape(*tensor.shape[:-1], -1)

    return AdaptedModule(inner, RECURRENT_NAMES, before, after)


def adapted(owner: Owner, axes: Any) -> AdaptedModule:
    """Return the module of a layer's weights, on what comes in; its tensors are those of torch.

    Raises:
        NotBuilt: torch refuses these options.
    """
    node = owner.node
    assert isinstance(node, LeafNode)
    with telling_refusals("torch", node):
        made: AdaptedModule = KINDS.rule(node).make(node.layer, axes)
        made.layer, made.axes = node.layer, axes
        if owner.told:
            made.inner = made.inner.requires_grad_(False)
        for layer in owner.around:
            KINDS.outer(layer, node.span).make(layer, made)
    return made

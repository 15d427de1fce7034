"""Which layer of the language a layer of Keras is, with its options and its tensors' names.

The other direction of :mod:`symparams.frameworks.keras_layers`, which is asked what the tensors
are called: a layer whose tensors are others than those of its kind cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keras import activations

from symparams.errors import SymparamsError
from symparams.frameworks import keras_norms
from symparams.frameworks.base import named
from symparams.frameworks.importing.graph import SourceAxes, SourceTensor
from symparams.frameworks.importing.keras_reader import KerasCall, reads_layers
from symparams.frameworks.importing.unread import CannotRead
from symparams.frameworks.keras_functions import ELEMENTWISE
from symparams.frameworks.keras_layers import KINDS
from symparams.layers import kinds

#: Norms are declared in a file of their own.
REGISTERED = (keras_norms,)
#: The declarations of what each kind is in Keras.
DECLARED = KINDS.layers
#: Functions of ``keras.activations`` → the language's word.
WORDS: Mapping[Any, str] = {
    getattr(activations, name): word
    for word, (_, name) in ELEMENTWISE.items()
    if hasattr(activations, name)
}


def short(values: Any) -> Any:
    """Return one number where all axes have the same."""
    if not isinstance(values, tuple | list):
        return values
    return values[0] if len(set(values)) == 1 else tuple(values)


def owned(call: KerasCall, kind: str, options: Mapping[str, Any], axes: SourceAxes) -> Any:
    """Return the names of a layer's weights by the language's, as Keras' declarations say.

    Raises:
        CannotRead: the kind has other weights, or the declarations refuse it.
    """
    layer = call.operation
    title = type(layer).__name__
    try:
        ours = kinds()[kind](**options)
        wanted = {w.name: tuple(w.shape) for w in ours.weights(axes)}
        names = DECLARED[kind].make(ours, axes, "judge").names if wanted else {}
    except SymparamsError as error:
        raise CannotRead(f"{title}: {error.message}") from None
    found, shapes = {}, {}
    for weight in layer.weights:
        for known, shape in names.get(weight.name, named(weight.name))(tuple(weight.shape)):
            found[known] = call.reader.names[id(weight)]
            shapes[known] = shape
    if shapes != wanted:
        raise CannotRead(f"{title} has {shapes or 'no weights'}, and '{kind}' {wanted}")
    return found


def channels_first(layer: Any) -> bool:
    """Tell whether the channels of a layer stand in front of space."""
    return getattr(layer, "data_format", None) == "channels_first"


def example(call: KerasCall, channels: int = -1) -> SourceAxes:
    """Return the axes of what comes in without the batch, the channels last."""
    axes = call.takes[0].axes
    channels %= len(axes)
    return (*(n for k, n in enumerate(axes) if k not in (0, channels)), axes[channels])


def activated(call: KerasCall, function: Any, append: Callable[[list[SourceTensor]], Any]) -> None:
    """Append a layer and, behind it, its activation function."""
    if function is None or function is activations.linear:
        append(call.makes)
        return
    inner = call.between(call.makes[0].axes)
    append([inner])
    activation(call, function, inner)


def activation(call: KerasCall, function: Any, given: SourceTensor) -> None:
    """Append an activation function."""
    word = WORDS.get(function)
    if function is activations.linear:
        call.emit("same", [given])
    elif word in ("softmax", "log_softmax"):
        call.emit("softmax", [given], axis=len(given.axes) - 1)
    elif word is not None:
        call.emit("elementwise", [given], word=word)
    else:
        name = getattr(function, "__name__", getattr(function, "name", "function"))
        call.emit("free", [given], name=str(name))


def weighted(
    call: KerasCall,
    kind: str,
    options: Mapping[str, Any],
    channels: int = -1,
    axes: SourceAxes | None = None,
) -> None:
    """Append a layer with its activation function."""
    found = owned(call, kind, options, example(call, channels) if axes is None else axes)
    function = getattr(call.operation, "activation", None)
    activated(
        call,
        function,
        lambda makes: call.layer(kind, options, found, call.takes[:1], makes, channels),
    )


# --- dense and embedding -----------------------------------------------------------


@reads_layers("Dense")
def _dense(call: KerasCall) -> None:
    layer = call.operation
    weighted(call, "dense", {"units": layer.units, "bias": layer.use_bias})


@reads_layers("EinsumDense")
def _einsum_dense(call: KerasCall) -> None:
    layer = call.operation
    before, _, after = layer.equation.replace(" ", "").partition("->")
    given, _, matrix = before.partition(",")
    out = tuple(n for n in call.makes[0].axes[-len(matrix) + 1 :])
    last = given[-1:] == matrix[:1] and len(matrix) == 2 and after == given[:-1] + matrix[-1]
    if last and layer.bias_axes in (None, matrix[-1]):
        options = {"units": out[-1], "bias": layer.bias_axes is not None}
        names = {w.name: call.reader.names[id(w)] for w in layer.weights}
        activated(
            call, layer.activation, lambda makes: call.layer("dense", options, names, makes=makes)
        )
        return
    raise CannotRead(f"EinsumDense({layer.equation!r})")


@reads_layers("Embedding")
def _embedding(call: KerasCall) -> None:
    layer = call.operation
    weighted(call, "embed", {"vocabulary": layer.input_dim, "width": layer.output_dim})


# --- convolutions --------------------------------------------------------------------


def _window(layer: Any) -> dict[str, Any]:
    return {
        "kernel": short(layer.kernel_size),
        "stride": short(layer.strides),
        "pad": "valid" if short(layer.kernel_size) == 1 else layer.padding,
        "dilation": short(layer.dilation_rate),
        "bias": layer.use_bias,
    }


def _channels(layer: Any) -> int:
    return 1 if channels_first(layer) else -1


@reads_layers("Conv1D", "Conv2D", "Conv3D")
def _conv(call: KerasCall) -> None:
    layer = call.operation
    options = {"filters": layer.filters, **_window(layer), "groups": layer.groups}
    weighted(call, "conv", options, _channels(layer))


@reads_layers("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
def _conv_transpose(call: KerasCall) -> None:
    layer = call.operation
    extra = "fill" if layer.output_padding is None else short(layer.output_padding)
    if layer.padding == "same" and layer.output_padding is not None:
        raise CannotRead("Conv2DTranspose with padding='same' and output_padding")
    options = {"filters": layer.filters, **_window(layer), "output_pad": extra}
    weighted(call, "conv_transpose", options, _channels(layer))


@reads_layers("DepthwiseConv1D", "DepthwiseConv2D")
def _depthwise(call: KerasCall) -> None:
    layer = call.operation
    options = {**_window(layer), "multiplier": layer.depth_multiplier}
    weighted(call, "depthwise", options, _channels(layer))


@reads_layers("SeparableConv1D", "SeparableConv2D")
def _separable(call: KerasCall) -> None:
    layer = call.operation
    options = {
        "filters": layer.filters,
        **_window(layer),
        "multiplier": layer.depth_multiplier,
    }
    weighted(call, "separable", options, _channels(layer))


@reads_layers("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
def _conv_lstm(call: KerasCall) -> None:
    layer = call.operation
    if channels_first(layer) or len(call.makes) > 1:
        raise CannotRead(f"{type(layer).__name__} with channels first, or with its states")
    options = {**_window(layer.cell), "filters": layer.filters, "last": not layer.return_sequences}
    found = owned(call, "conv_lstm", options, example(call))
    call.layer("conv_lstm", options, found, call.takes[:1])


# --- recurrent ------------------------------------------------------------------------


def _recurrent_options(layer: Any) -> tuple[str, dict[str, Any]]:
    kind = {"SimpleRNN": "rnn", "LSTM": "lstm", "GRU": "gru"}[type(layer).__name__]
    options: dict[str, Any] = {"units": layer.units, "bias": layer.use_bias, "bias_vectors": 1}
    if kind == "gru" and layer.use_bias and layer.reset_after:
        options["bias_vectors"] = 2
    if layer.unroll or layer.go_backwards or layer.stateful:
        options.pop("", None)  # the order in which it runs changes no count
    return kind, options


@reads_layers("SimpleRNN", "LSTM", "GRU")
def _recurrent(call: KerasCall) -> None:
    layer = call.operation
    if len(call.takes) > 1:
        raise CannotRead(f"{type(layer).__name__} whose first state is given")
    kind, options = _recurrent_options(layer)
    found = owned(call, kind, options, example(call))
    takes, (first, *states) = call.takes[:1], call.makes
    if layer.return_sequences:
        call.layer(kind, options, found, takes, [first, *states])
        return
    batch, time, _ = takes[0].axes
    inner = call.between((batch, time, layer.units))
    call.layer(kind, options, found, takes, [inner, *states])
    call.emit("take", [inner], [first], axis=1, position=-1)


# --- norms ---------------------------------------------------------------------------


@reads_layers("BatchNormalization")
def _bn(call: KerasCall) -> None:
    layer = call.operation
    axis = layer.axis % len(call.takes[0].axes)
    options = {"scale": layer.scale, "shift": layer.center, "counter": False}
    weighted(call, "bn", options, -1 if axis == len(call.takes[0].axes) - 1 else axis)


@reads_layers("GroupNormalization")
def _groupnorm(call: KerasCall) -> None:
    layer = call.operation
    count = len(call.takes[0].axes)
    axis = layer.axis % count
    options = {"groups": layer.groups, "scale": layer.scale, "shift": layer.center}
    weighted(call, "groupnorm", options, -1 if axis == count - 1 else axis)


@reads_layers("LayerNormalization", "RMSNormalization")
def _last_norm(call: KerasCall) -> None:
    layer = call.operation
    count = len(call.takes[0].axes)
    axes = layer.axis if isinstance(layer.axis, tuple | list) else [layer.axis]
    over = sorted(a % count for a in axes)
    if over != list(range(count - len(over), count)):
        raise CannotRead(f"{type(layer).__name__} over axes that are not the last")
    rms = type(layer).__name__ == "RMSNormalization" or getattr(layer, "rms_scaling", False)
    options: dict[str, Any] = {} if rms else {"scale": layer.scale, "shift": layer.center}
    axis = tuple(range(-len(over), 0)) if len(over) > 1 else -1
    kind = "rmsnorm" if rms else "layernorm"
    found = owned(call, kind, {**options, "axis": axis}, call.takes[0].axes[1:])
    call.layer(kind, {**options, "normalised": len(over)}, found)


@reads_layers("UnitNormalization")
def _unitnorm(call: KerasCall) -> None:
    layer = call.operation
    axes = layer.axis if isinstance(layer.axis, tuple | list) else [layer.axis]
    if [a % len(call.takes[0].axes) for a in axes] == [len(call.takes[0].axes) - 1]:
        call.layer("unitnorm", {}, {})
    else:
        call.emit("free", name="unitnorm")


@reads_layers("Normalization")
def _standardize(call: KerasCall) -> None:
    layer = call.operation
    if not layer.weights:  # its statistics are numbers of the call
        call.emit("same")
        return
    axes = layer.axis if isinstance(layer.axis, tuple | list) else (layer.axis,)
    count = len(call.takes[0].axes)
    kept = tuple(a % count - 1 for a in axes if a is not None)
    counter = any(w.name == "count" for w in layer.weights)
    options = {"axis": short(kept) if kept else (), "counter": counter}
    found = owned(call, "standardize", options, call.takes[0].axes[1:])
    last = kept == (count - 2,)
    call.layer("standardize", {**options, "axis": -1 if last else options["axis"]}, found)


# --- activations -----------------------------------------------------------------------


@reads_layers("Activation")
def _activation(call: KerasCall) -> None:
    activation(call, call.operation.activation, call.takes[0])


@reads_layers("ReLU")
def _relu(call: KerasCall) -> None:
    layer = call.operation
    if layer.negative_slope:
        call.emit("elementwise", word="leaky_relu")
    else:
        call.emit("elementwise", word="relu6" if layer.max_value == 6 else "relu")


@reads_layers("LeakyReLU", "ELU")
def _sloped(call: KerasCall) -> None:
    leaky = type(call.operation).__name__ == "LeakyReLU"
    call.emit("elementwise", word="leaky_relu" if leaky else "elu")


@reads_layers("Softmax")
def _softmax(call: KerasCall) -> None:
    axis = call.operation.axis
    count = len(call.takes[0].axes)
    if isinstance(axis, int):
        call.emit("softmax", call.takes[:1], axis=axis % count)
    else:
        call.emit("free", call.takes[:1], name="softmax")


@reads_layers("PReLU")
def _prelu(call: KerasCall) -> None:
    layer = call.operation
    count = len(call.takes[0].axes)
    shared = {a % count for a in layer.shared_axes or ()}
    share = (
        "all"
        if shared == set(range(1, count))
        else "places"
        if shared == set(range(1, count - 1))
        else "none"
        if not shared
        else tuple(sorted(a - 1 for a in shared))
    )
    found = owned(call, "prelu", {"share": share}, call.takes[0].axes[1:])
    call.layer("prelu", {"share": share}, found)


@reads_layers(
    *("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout"),
    *("GaussianDropout", "GaussianNoise", "ActivityRegularization", "Identity", "Masking"),
    *("Rescaling", "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation"),
    *("RandomContrast", "RandomBrightness", "RandomSaturation", "RandomHue"),
)
def _same(call: KerasCall) -> None:
    call.emit("same", call.takes[:1])


__all__ = ["activated", "activation", "channels_first", "example", "owned", "short", "weighted"]

"""The same layers built in Keras (on torch) while the test runs, and called on zeros."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, strategies as st

from . import core_rows, drawn, drawn_keras, keras_text, weightless
from .counting import Measured, agree, kinds_in, layers, network, output_of, outputs_of
from .networks import CNN9

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.filterwarnings("ignore:You are using a softmax over axis:UserWarning"),
]

PADDED = [
    ("Conv1D", "valid"),
    ("Conv1D", "same"),
    ("Conv1D", "causal"),
    ("Conv1DTranspose", "valid"),
    ("Conv1DTranspose", "same"),
    ("MaxPooling1D", "valid"),
    ("MaxPooling1D", "same"),
    ("AveragePooling1D", "valid"),
    ("AveragePooling1D", "same"),
]


ROWS = [row for rows in core_rows.ROWS.values() for row in rows]


def built(keras: ModuleType, model: str, options: dict[str, Any]) -> Any:
    """A layer of Keras, with layers inside as well."""

    def given(value: Any) -> Any:
        if isinstance(value, dict) and "class_name" in value:
            return built(keras, value["class_name"], value["config"])
        return [given(one) for one in value] if isinstance(value, list) else value

    return getattr(keras.layers, model)(**{name: given(one) for name, one in options.items()})


def measure(keras: ModuleType, model: str, options: dict[str, Any], shape: Any) -> Measured:
    """A layer built, called on zeros, and asked for its shape without a call.

    ``shape`` is that of its input, or of its inputs.
    """
    layer = built(keras, model, options)
    dtype = "int32" if keras_text.takes_tokens(model, options) else "float32"
    shapes = [(2, *s) for s in shape] if isinstance(shape[0], tuple) else [(2, *shape)]
    values: list[Any] = [keras.ops.zeros(s, dtype=dtype) for s in shapes]
    if model.endswith(("Cell", "Cells")):  # a step and a state make a step
        found, _ = layer(values[0], layer.get_initial_state(batch_size=2))
        told: Any = found.shape
    else:
        listed = len(shapes) > 1 and not keras_text.apart(model)
        found = layer(values) if listed else layer(*values)
        told = layer.compute_output_shape(shapes) if listed else layer.compute_output_shape(*shapes)
    several = isinstance(found, list | tuple)
    output: Any = [tuple(one.shape) for one in found] if several else tuple(found.shape)
    for one, other in zip(
        told if several else [told], output if several else [output], strict=True
    ):
        # Keras does not tell every axis of an equation with dots.
        assert all(a in (None, b) for a, b in zip(one, other, strict=True))
    assert layer.count_params() == sum(keras.ops.size(w) for w in layer.weights)
    learning = {id(w) for w in layer.trainable_weights}
    weights = [(w.path, tuple(w.shape), id(w) in learning) for w in layer.weights]
    return keras_text.measured(model, options, shape, weights, output)


@pytest.mark.parametrize("name", drawn_keras.KERAS)
@drawn.EXAMPLES
@given(data=st.data())
def test_a_drawn_layer(keras: ModuleType, name: str, data: st.DataObject) -> None:
    model, options, shape = data.draw(drawn_keras.KERAS[name])
    if "lora_rank" not in options and data.draw(drawn.FLAG):
        options = {**options, "trainable": data.draw(drawn.FLAG)}
    measured = measure(keras, model, options, shape)
    net = network(keras_text.text(model, options, shape), keras_text.CONVENTION)
    assert name.split()[0] in kinds_in(net)
    agree(net, measured)


@pytest.mark.parametrize("name", drawn_keras.COMPOSED)
@drawn.EXAMPLES
@given(data=st.data())
def test_a_drawn_layer_of_several_kinds(keras: ModuleType, name: str, data: st.DataObject) -> None:
    model, options, shape = data.draw(drawn_keras.COMPOSED[name])
    measured = measure(keras, model, options, shape)
    agree(network(keras_text.text(model, options, shape), keras_text.CONVENTION), measured)


@pytest.mark.parametrize(("model", "padding"), PADDED)
def test_every_window(keras: ModuleType, model: str, padding: str) -> None:
    """What one refuses the other refuses as well."""
    for n, kernel, stride, dilation in drawn.WINDOWS:
        options: dict[str, Any] = {"strides": stride, "padding": padding}
        if model.startswith("Conv"):
            options |= {"filters": 2, "kernel_size": kernel, "dilation_rate": dilation}
        else:
            options |= {"pool_size": kernel}
        if dilation > 1 and (stride > 1 or not model.startswith("Conv")):
            continue  # Keras has no such window
        try:
            axes = measure(keras, model, options, (n, 3)).output
        except (ValueError, RuntimeError):
            axes = None
        text = keras_text.text(model, options, (n, 3))
        assert output_of(text, keras_text.CONVENTION) == axes, text


@pytest.mark.parametrize("kind", weightless.KERAS)
@pytest.mark.parametrize("shape", [(5,), (5, 6), (5, 6, 7)])
def test_a_layer_without_weights(keras: ModuleType, kind: str, shape: tuple[int, ...]) -> None:
    where, name = weightless.KERAS[kind].split(".")
    found = getattr(getattr(keras, where), name)
    if where == "layers":
        layer = found(0.5) if name == "Dropout" else found()
    else:
        layer = keras.layers.Activation(found)
    output = layer(keras.ops.ones((2, *shape)))
    assert layer.count_params() == 0
    assert tuple(output.shape) == (2, *shape)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_core(keras: ModuleType, row: core_rows.Row) -> None:
    found = row.keras(keras, *(keras.ops.zeros(shape) for shape in row.shapes))
    assert outputs_of(network(row.text)) == core_rows.shapes_of(found)


# --- whole networks ---------------------------------------------------------


def same_layers(keras: ModuleType, model: Any, text: str) -> None:
    """A Sequential has the layers of a text: shapes, and weights one by one."""
    net = network(text, keras_text.CONVENTION)
    rows = [row for row in layers(net) if row.kind != "input"]
    assert [row.output.axes for row in rows] == [tuple(y.output.shape[1:]) for y in model.layers]
    ours = [(w.name, w.shape, w.buffer) for row in rows for w in row.weights]
    theirs = [
        (t.name, t.shape, t.buffer)
        for layer in model.layers
        for w in layer.weights
        for t in keras_text.tensors(type(layer).__name__, w.path, tuple(w.shape), w.trainable)
    ]
    assert ours == theirs
    assert net.measure("total") == model.count_params()


def test_the_classifier_of_nine_classes(keras: ModuleType) -> None:
    y = keras.layers
    stack: list[Any] = [keras.Input((256, 256, 3))]
    for pool in (3, 2, 2):
        stack += [y.Conv2D(32, 3, padding="same"), y.ReLU(), y.Conv2D(32, 3), y.ReLU()]
        stack += [y.MaxPooling2D(pool), y.Dropout(0.25)]
    stack.append(y.Flatten())
    for units in (512, 128):
        stack += [y.Dense(units), y.ReLU(), y.Dropout(0.5)]
    stack += [y.Dense(9), y.Softmax()]
    model = keras.Sequential(stack)
    same_layers(keras, model, CNN9)
    assert model.count_params() == 6_029_097


def test_a_stack_of_lstms(keras: ModuleType) -> None:
    y = keras.layers
    model = keras.Sequential(
        [
            keras.Input((20,)),
            y.Embedding(4000, 32),
            y.LSTM(64, return_sequences=True),
            y.LSTM(64, return_sequences=True),
            y.LayerNormalization(),
            y.LSTM(16),
            y.Dense(1),
        ]
    )
    text = (
        "tokens(20) -> embed(4000, 32) -> lstm(64) * 2 -> layernorm -> lstm(16, last = yes)"
        " -> dense(1)"
    )
    net = network(text, "keras")
    assert [r.output.axes for r in layers(net)][1:] == [
        tuple(layer.output.shape[1:]) for layer in model.layers
    ]
    assert net.measure("params") == model.count_params()


@pytest.mark.parametrize(("reset_after", "count"), [(False, 12_620), (True, 12_650)])
def test_the_stack_of_an_article(keras: ModuleType, reset_after: bool, count: int) -> None:
    y = keras.layers
    gru = y.GRU(5, return_sequences=True, reset_after=reset_after)
    model = keras.Sequential([keras.Input((7, 8)), y.Bidirectional(gru), y.LSTM(50)])
    convention = "keras" if reset_after else None
    net = network("input(7, 8) -> bidirectional(gru(5)) -> lstm(50, last = yes)", convention)
    assert net.measure("params") == model.count_params() == count
    assert net.root.output.axes == tuple(model.output_shape[1:])


def test_a_small_mobile_network(keras: ModuleType) -> None:
    """Separable convolutions with batch norms, as in MobileNet (arXiv:1704.04861)."""
    y = keras.layers
    stack: list[Any] = [keras.Input((33, 32, 3)), y.Conv2D(8, 3, 2, "same", use_bias=False)]
    for filters, stride in [(16, 1), (24, 2), (24, 1)]:
        stack += [y.DepthwiseConv2D(3, stride, "same", use_bias=False), y.BatchNormalization()]
        stack += [y.Conv2D(filters, 1, use_bias=False), y.BatchNormalization(), y.ReLU()]
    stack += [y.GlobalAveragePooling2D(), y.Dense(10)]
    text = """
    default conv(pad = same, bias = no)
    block mobile(c, s) on [h, w, d] =
        conv(d, 3, stride = s, groups = d) -> bn -> conv(c, 1) -> bn -> relu
    model m(w = 8) = input(33, 32, 3) -> conv(w, 3, stride = 2)
        -> [mobile(c, s) for (c, s) in [(2*w, 1), (3*w, 2), (3*w, 1)]] -> globalavgpool -> dense(10)
    """
    same_layers(keras, keras.Sequential(stack), text)

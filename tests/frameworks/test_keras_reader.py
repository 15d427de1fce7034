"""Models of Keras: what is read from their graphs, and their texts against the models."""

from __future__ import annotations

import pytest

from symparams.errors import SymparamsError
from symparams.frameworks.importing.graph import (
    SourceCall,
    SourceFunction,
    SourceLayer,
    SourceRead,
)
from tests.oracle.conftest import keras  # noqa: F401 - the fixture

pytestmark = pytest.mark.oracle


@pytest.fixture
def layers(keras):  # noqa: F811
    keras.utils.clear_session()
    return keras.layers


def read(model, inputs=None):
    from symparams.frameworks.importing.keras_models import read_keras

    return read_keras(model, "m", inputs)


def imported(model):
    from symparams.frameworks.importing.sources import import_keras

    return import_keras(model, "m")


def words(module):
    """The operations as words, those of containers in lists."""
    found = []
    for operation in module.operations:
        if isinstance(operation, SourceLayer):
            found.append(operation.kind)
        elif isinstance(operation, SourceFunction):
            found.append(str(operation.options.get("word", operation.name)))
        elif isinstance(operation, SourceRead):
            found.append("weight")
        elif isinstance(operation, SourceCall):
            inner = operation.module
            found.append(f"?{inner.title}" if inner.unread else words(inner))
    return found


def sequential(keras, *layers):  # noqa: F811
    return keras.Sequential([*layers])


#: name, what stands in a Sequential behind an Input, the lines of the text
TEXTS = [
    (
        "convolutions",
        lambda k: [
            k.Input((16, 16, 3)),
            k.Conv2D(4, 3, strides=2, padding="same", use_bias=False),
            *(k.BatchNormalization(scale=False), k.ReLU(), k.DepthwiseConv2D(3)),
            *(k.MaxPooling2D(), k.Flatten(), k.Dense(5, activation="tanh")),
        ],
        "input(16, 16, 3) -> conv(4, 3, stride = 2, pad = same, bias = no) -> bn(scale = no) -> relu"
        " -> depthwise(3) -> maxpool(2) -> flatten -> dense(5) -> tanh",
    ),
    (
        "zeros around",
        lambda k: [
            *(k.Input((8, 8, 3)), k.ZeroPadding2D(2), k.Conv2D(4, 5)),
            *(k.ZeroPadding2D(((0, 1), (0, 1))), k.Conv2D(4, 3, strides=2)),
        ],
        "input(8, 8, 3) -> conv(4, 5, pad = 2) -> conv(4, 3, stride = 2, pad = same)",
    ),
    (
        "separable and transposed",
        lambda k: [
            *(k.Input((8, 8, 3)), k.SeparableConv2D(6, 3), k.UpSampling2D(2)),
            *(k.Conv2DTranspose(4, 2, strides=2, padding="same"), k.GlobalAveragePooling2D()),
        ],
        "input(8, 8, 3) -> separable(6, 3) -> upsample(2)"
        " -> conv_transpose(4, 2, stride = 2, pad = same) -> globalavgpool",
    ),
    (
        "sequences",
        lambda k: [
            *(k.Input((7,), dtype="int32"), k.Embedding(20, 6), k.LSTM(5, return_sequences=True)),
            *(k.GRU(4), k.Dropout(0.1), k.Dense(1)),
        ],
        "tokens(7) -> embed(20, 6) -> lstm(5) -> gru(4) -> take(-1) -> dense(1)",
    ),
    (
        "norms",
        lambda k: [
            *(k.Input((8, 6)), k.LayerNormalization(), k.RMSNormalization()),
            *(k.GroupNormalization(3), k.PReLU(), k.Activation("gelu")),
        ],
        "input(8, 6) -> layernorm -> rmsnorm -> groupnorm(3) -> prelu -> gelu",
    ),
]


@pytest.mark.parametrize(("parts", "text"), [c[1:] for c in TEXTS], ids=[c[0] for c in TEXTS])
def test_the_text_of_a_sequential_model(keras, layers, parts, text):  # noqa: F811
    found = imported(sequential(keras, *parts(layers)))
    body = found.text.partition("model m =")[2].partition("\n\nexpect")[0]
    assert " ".join(body.split()) == text
    assert found.text.splitlines()[2] == "convention keras"
    assert found.equal
    assert (found.opaque, found.uncalled) == ((), ())


def test_joins_shared_layers_and_nested_models(keras, layers):  # noqa: F811
    inner_in = keras.Input((6,))
    inner = keras.Model(inner_in, layers.Add()([inner_in, layers.Dense(6)(inner_in)]), name="inner")
    one, other = keras.Input((6,)), keras.Input((6,))
    shared = layers.Dense(6)
    both = layers.Concatenate()([shared(inner(one)), shared(inner(other))])
    model = keras.Model([one, other], layers.Dense(2)(both))
    graph = read(model)
    assert sorted(map(str, words(graph.root))) == sorted(
        ["['dense', 'add']", "['dense', 'add']", "dense", "dense", "cat", "dense"]
    )
    assert len(graph.weights) == 6
    assert graph.values("trainable") == model.count_params() == 2 * 42 + 26
    assert imported(model).equal


def test_functions_between_layers(keras, layers):  # noqa: F811
    ops = keras.ops
    x = keras.Input((4, 6))
    y = ops.transpose(ops.reshape(x, (-1, 4, 2, 3)), (0, 2, 1, 3))
    y = ops.relu(y[:, 0, 1:, None] * 2.0 + 1.0)
    y = ops.mean(ops.squeeze(y, 2), axis=1, keepdims=True)
    graph = read(keras.Model(x, y))
    assert words(graph.root) == [
        *("reshape", "permute", "take", "slice", "reshape", "same", "same", "same"),
        *("relu", "reshape", "mean"),
    ]
    assert graph.root.makes[0].axes == (1, 1, 3)


def test_attention_is_the_library_s(keras, layers):  # noqa: F811
    x = keras.Input((7, 12))
    model = keras.Model(x, layers.MultiHeadAttention(3, 4)(x, x))
    found = imported(model)
    assert "attention(3)" in found.text
    assert found.equal
    assert found.macs[0] == 4 * 7 * 12 * 12 + 2 * 7 * 7 * 12


def own_layers(keras):  # noqa: F811
    class Scale(keras.layers.Layer):
        def build(self, shape):
            self.gamma = self.add_weight(shape=(shape[-1],), name="gamma")

        def call(self, x):
            return x * self.gamma

    class Closed(keras.layers.Layer):
        """What no symbolic tensor goes through."""

        def build(self, shape):
            self.w = self.add_weight(shape=(shape[-1], 5), name="w")

        def compute_output_shape(self, shape):
            return (*shape[:-1], 5)

        def call(self, x):
            return x.detach() @ self.w.value

    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.one, self.two = keras.layers.Dense(6), keras.layers.Dense(6)

        def call(self, x):
            return self.two(x + self.one(x))

    return Scale, Closed, Net


def test_a_layer_of_its_own_class_is_read_or_opaque(keras, layers):  # noqa: F811
    scale, closed, _ = own_layers(keras)
    x = keras.Input((6,))
    model = keras.Model(x, layers.Dense(3)(closed()(scale()(x))))
    graph = read(model)
    assert words(graph.root) == [["weight", "mul"], "?Closed", "dense"]
    (unread,) = [m for m in graph.modules() if m.unread]
    assert unread.unread == "Closed is a class of its own"
    assert [graph.weights[n].axes for n in unread.weights] == [(6, 5)]
    assert unread.makes[0].axes == (1, 5)
    found = imported(model)
    assert found.check.agrees
    assert [(p.why, p.values) for p in found.opaque] == [("Closed is a class of its own", 30)]
    assert found.values - found.read == 30


def test_a_model_of_its_own_class_needs_a_shape(keras, layers):  # noqa: F811
    *_, net = own_layers(keras)
    model = net()
    with pytest.raises(SymparamsError, match="the model is not built"):
        read(model)
    model(keras.Input((6,)))
    with pytest.raises(SymparamsError, match="Net has no graph that says what comes in"):
        read(model)
    graph = read(model, [(6,)])
    assert words(graph.root) == ["dense", "add", "dense"]
    assert graph.values("trainable") == 84


def test_inputs_without_a_size(keras, layers):  # noqa: F811
    model = keras.Sequential([keras.Input((None, None, 3), name="image"), layers.Conv2D(4, 3)])
    with pytest.raises(SymparamsError, match="axis 1 of 'image' has no size"):
        read(model)
    with pytest.raises(SymparamsError, match="has 1 inputs, 'image', and shapes of 2 are given"):
        read(model, [(8, 8, 3), (8, 8, 3)])
    assert read(model, [(8, 9, 3)]).root.makes[0].axes == (1, 6, 7, 4)


def test_roles(keras, layers):  # noqa: F811
    frozen = layers.Dense(4)
    frozen.trainable = False
    model = keras.Sequential([keras.Input((3,)), frozen, layers.BatchNormalization()])
    graph = read(model)
    assert (graph.values("trainable"), graph.values("frozen"), graph.values("buffer")) == (8, 16, 8)


#: Builders of Keras' applications, one of each design: name, parameters with ten classes.
APPLICATIONS = {
    "MobileNetV3Small": 1_528_106,
    "ConvNeXtTiny": 27_827_818,
    "DenseNet121": 6_964_106,
    "EfficientNetV2B0": 5_871_514,
    "ResNet50V2": 23_539_850,
    "Xception": 20_827_442,
}


@pytest.mark.parametrize("name", APPLICATIONS)
def test_applications(keras, name):  # noqa: F811
    """Every weight is in a word of the language, and tensors and MACs are the model's."""
    with keras.device("meta"):
        shape = (224, 224, 3) if name != "Xception" else None
        model = getattr(keras.applications, name)(weights=None, classes=10, input_shape=shape)
    found = imported(model)
    assert found.equal
    assert found.read == found.values == APPLICATIONS[name]
    assert found.opaque == found.uncalled == ()

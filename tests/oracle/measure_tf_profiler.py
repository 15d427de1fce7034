"""Measure what Keras and TensorFlow's profiler count, for ``facts/mac_tools_keras.csv``.

Run in an environment of its own, from the top of the repository::

    pip install tensorflow==2.21.0 keras==3.15.1
    KERAS_BACKEND=tensorflow python -m tests.oracle.measure_tf_profiler

The rows are as those of :mod:`tests.oracle.measure_mac_tools`. Keras 3 itself
counts parameters alone; multiplications are the profiler's, of the graph.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import keras
import tensorflow as tf
from keras import layers
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

TABLE = Path(__file__).parent / "facts" / "mac_tools_keras.csv"


def one(*shape_and_parts: object) -> keras.Model:
    """A network of a shape and the layers on it."""
    shape, *parts = shape_and_parts
    return keras.Sequential([keras.Input(shape), *parts])


def attention(t: int, d: int, a: int) -> keras.Model:
    x = keras.Input((t, d))
    return keras.Model(x, layers.MultiHeadAttention(a, d // a)(x, x))


def dense(units: int) -> keras.Layer:
    return layers.Dense(units, use_bias=False)


def frozen(t: int, i: int, h: int, o: int) -> keras.Model:
    net = one((t, i), dense(h), dense(o))
    net.layers[0].trainable = False
    return net


def conv(o: int, f: int, kind: type[keras.Layer] = layers.Conv2D, **options: object) -> keras.Layer:
    return kind(o, f, use_bias=False, **options)


SEQUENCE = ({"t": 5, "i": 6, "o": 10}, {"t": 7, "i": 4, "o": 9})
FEATURES = ({"t": 5, "i": 6}, {"t": 7, "i": 4})
IMAGE = ({"x": 8, "y": 12, "i": 4, "o": 6, "f": 3}, {"x": 9, "y": 11, "i": 6, "o": 10, "f": 5})
CHANNELS = ({"x": 8, "y": 12, "i": 4}, {"x": 6, "y": 10, "i": 3})
HEADS = ({"t": 5, "d": 6, "a": 2}, {"t": 7, "d": 12, "a": 3})
WORDS = ({"t": 5, "d": 6, "v": 20}, {"t": 7, "d": 8, "v": 31})
UNITS = ({"t": 5, "i": 6, "h": 10}, {"t": 7, "i": 4, "h": 9})
FROZEN = ({"t": 5, "i": 6, "h": 8, "o": 10}, {"t": 7, "i": 4, "h": 11, "o": 9})

#: Question → the points, and the network there.
NETS = {
    "dense": (SEQUENCE, lambda t, i, o: one((t, i), dense(o))),
    "bias of a dense layer": (SEQUENCE, lambda t, i, o: one((t, i), layers.Dense(o))),
    "convolution": (IMAGE, lambda x, y, i, o, f: one((x, y, i), conv(o, f))),
    "bias of a convolution": (IMAGE, lambda x, y, i, o, f: one((x, y, i), layers.Conv2D(o, f))),
    "padding": (IMAGE, lambda x, y, i, o, f: one((x, y, i), conv(o, f, padding="same"))),
    "grouped convolution": (IMAGE, lambda x, y, i, o, f: one((x, y, i), conv(o, f, groups=2))),
    "transposed convolution": (
        IMAGE,
        lambda x, y, i, o, f: one((x, y, i), conv(o, f, layers.Conv2DTranspose, strides=2)),
    ),
    "batch normalisation": (CHANNELS, lambda x, y, i: one((x, y, i), layers.BatchNormalization())),
    "layer normalisation": (FEATURES, lambda t, i: one((t, i), layers.LayerNormalization())),
    "maximum pooling": (CHANNELS, lambda x, y, i: one((x, y, i), layers.MaxPooling2D(2))),
    "average pooling": (CHANNELS, lambda x, y, i: one((x, y, i), layers.AveragePooling2D(2))),
    "global average pooling": (
        CHANNELS,
        lambda x, y, i: one((x, y, i), layers.GlobalAveragePooling2D()),
    ),
    "relu": (FEATURES, lambda t, i: one((t, i), layers.ReLU())),
    "softmax": (FEATURES, lambda t, i: one((t, i), layers.Softmax())),
    "attention by MultiheadAttention": (HEADS, attention),
    "embedding": (WORDS, lambda t, d, v: one((t,), layers.Embedding(v, d))),
    "lstm": (UNITS, lambda t, i, h: one((t, i), layers.LSTM(h, return_sequences=True))),
    "gru": (UNITS, lambda t, i, h: one((t, i), layers.GRU(h, return_sequences=True))),
    "frozen weights": (FROZEN, frozen),
}


def flops(net: keras.Model) -> int:
    """Operations of the graph of one example."""
    shape = (1, *net.inputs[0].shape[1:])
    graph = tf.function(lambda x: net(x, training=False)).get_concrete_function(
        tf.TensorSpec(shape, net.inputs[0].dtype)
    )
    constant = convert_variables_to_constants_v2(graph).graph
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    return int(tf.compat.v1.profiler.profile(constant, options=options).total_float_ops)


def values(variables: list[keras.Variable]) -> int:
    return sum(int(keras.ops.size(v)) for v in variables)


def answers(net: keras.Model) -> Iterator[tuple[str, str, str, int]]:
    """Tool, version, what was asked and the answer."""
    yield "profiler", version("tensorflow"), "flops", flops(net)
    for asked, answer in {
        "count_params": net.count_params(),
        "trainable": values(net.trainable_weights),
        "non-trainable": values(net.non_trainable_weights),
    }.items():
        yield "keras", version("keras"), asked, answer


def main() -> None:
    """Write the table."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("question", "sizes", "tool", "version", "asked", "answer"))
        for question, (points, make) in NETS.items():
            for point in points:
                sizes = " ".join(f"{letter}={n}" for letter, n in point.items())
                for told in answers(make(**point)):
                    rows.writerow((question, sizes, *told))


if __name__ == "__main__":
    main()

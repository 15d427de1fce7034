"""Recorded modules as texts: no framework is needed for that."""

from __future__ import annotations

import pytest

from symparams.elaboration import build, understand
from symparams.errors import Source
from symparams.frameworks.importing.importer import SourceText
from tests.frameworks.sources import HandSource


def chain():
    s = HandSource()
    x = s.input(8)
    for k in range(3):
        x = s.word("relu", s.dense(f"layers.{k}", x, 8))
    return s.graph(s.dense("head", x, 3))


def residuals():
    s = HandSource()

    def block(b, x):
        y = b.dense("fc2", b.word("gelu", b.dense("fc1", b.norm("norm", x), 4 * x.axes[-1])), 16)
        return b.word("relu", b.add(y, x))

    x = s.input(5, 16)
    for k in range(4):
        x = s.inside("Block", f"blocks.{k}", block, x)
    return s.graph(x)


def widths():
    s = HandSource()

    def block(width, stride):
        def body(b, x):
            y = b.word("relu", b.conv("conv1", x, width, 3, stride, 1))
            return b.word("relu", b.conv("conv2", b.word("tanh", y), width, 3, 1, 1))

        return body

    x = s.conv("stem", s.input(3, 32, 32), 8, 3, 1, 1)
    for k, (width, stride) in enumerate([(8, 1), (8, 1), (24, 2), (40, 1)]):
        x = s.inside("ConvBlock", f"b{k}", block(width, stride), x)
    flat = s.function("reshape", x, (40 * 16 * 16,))
    return s.graph(s.dense("fc", flat, 10))


def heads():
    s = HandSource()
    x = s.input(6, 24)
    qkv = s.function("reshape", s.dense("qkv", x, 72), (6, 3, 4, 6))
    turned = s.function("permute", qkv, (3, 4, 6, 6), axes=(0, 2, 3, 1, 4))
    q, k, v = (s.function("take", turned, (4, 6, 6), axis=1, position=n) for n in range(3))
    k = s.function("permute", k, (4, 6, 6), axes=(0, 1, 3, 2))
    scores = s.function("softmax", s.function("matmul", (q, k), (4, 6, 6)), (4, 6, 6), axis=3)
    y = s.function("matmul", (scores, v), (4, 6, 6))
    y = s.function("permute", y, (6, 4, 6), axes=(0, 2, 1, 3))
    y = s.dense("proj", s.function("reshape", y, (6, 24)), 24)
    return s.graph(s.add(x, y))


def skips():
    s = HandSource()
    a = s.word("relu", s.dense("down1", s.input(8), 4))
    b = s.word("relu", s.dense("down2", a, 2))
    c = s.function("cat", (s.dense("up1", b, 3), a), (7,), axis=1)
    d = s.dense("up2", c, 5)
    return s.graph(s.function("cat", (d, c, b), (14,), axis=1))


def tied():
    s = HandSource()
    table = s.embed("wte", s.input(7, integers=True), 50, 12)
    x = s.add(table, s.read("wpe", 1, 7, 12))
    options = {"units": 50, "bias": False}
    return s.graph(s.layer("dense", "head", x, (7, 50), options, {"kernel": "wte.weight"}))


def opaque():
    s = HandSource()
    x = s.dense("before", s.input(6), 6)
    y = s.function("gather", x, (6,), name="sort")
    s.weight("unused.weight", 4, 5)
    s.weight("unused.seen", 3, role="buffer")
    return s.graph(s.dense("after", y, 2))


def squeeze():
    s = HandSource()
    x = s.conv("stem", s.input(3, 9, 9), 8, 3)
    m = s.function("mean", x, (8, 1, 1), axes=(2, 3), keep=True)
    m = s.word("sigmoid", s.conv("fc2", s.word("relu", s.conv("fc1", m, 2, 1)), 8, 1))
    return s.graph(s.function("mul", (x, m), (8, 7, 7)))


def nested():
    s = HandSource()
    a = s.dense("a", s.input(8), 4)
    b = s.dense("b", a, 4)
    c = s.dense("c", b, 4)
    d = s.dense("d", s.function("cat", (b, c), (8,), axis=1), 4)
    return s.graph(s.dense("e", s.function("cat", (a, d), (8,), axis=1), 2))


def turned():
    s = HandSource()
    x = s.function("reshape", s.conv("stem", s.input(3, 8, 8), 10, 2, 2), (10, 16))
    x = s.norm("norm", s.function("permute", x, (16, 10), axes=(0, 2, 1)))
    x = s.function("permute", x, (10, 16), axes=(0, 2, 1))
    return s.graph(s.dense("mix", x, 16))


def root_mean_square():
    s = HandSource()
    x = s.input(5, 12)
    square = s.function("free", x, (5, 12), name="pow")
    mean = s.function("mean", square, (5, 1), axes=(2,), keep=True)
    root = s.function("free", mean, (5, 1), name="rsqrt")
    y = s.function("mul", (x, root), (5, 12))
    return s.graph(s.function("mul", (s.read("weight", 12), y), (5, 12)))


TEXTS = {
    chain: "model net = input(8) -> (dense(8) -> relu) * 3 -> dense(3)",
    residuals: """\
block block_block on [..., d] = residual(layernorm -> dense(64) -> gelu -> dense(d)) -> relu

model net = input(5, 16) -> block_block * 4""",
    widths: """\
block conv_block(c, stride = 1) =
    conv(c, 3, stride = stride, pad = 1) -> relu -> tanh -> conv(c, 3, pad = 1) -> relu

model net =
    input(32, 32, 3) -> conv(8, 3, pad = 1) -> conv_block(8) * 2 -> conv_block(24, stride = 2)
    -> conv_block(40) -> flatten -> dense(10)""",
    heads: "model net = input(6, 24) -> residual(attention(4))",
    skips: """\
model net = {
    down1 = input(8) -> dense(4) -> relu
    down2 = down1 -> dense(2) -> relu
    up1 = (down2 -> dense(3)) | down1
    (up1 -> dense(5)) | up1 | down2
}""",
    tied: """\
model net = {
    weight wpe[7, 12]
    shared wte = embed(50, 12)
    ((tokens(7) -> wte) + wpe) -> wte.T
}""",
    opaque: """\
layer sort_function on [d] {  # opaque: sort
    output [d]
}

layer left_over on [..., d] {  # kept, and read by nothing above
    weight unused_weight[4, 5]
    buffer unused_seen[3]
    output [..., d]
    macs 0
}

model net = input(6) -> dense(6) -> sort_function -> dense(2) -> left_over""",
    nested: """\
model net = {
    a = input(8) -> dense(4)
    b = a -> dense(4)
    (a | (b -> (id | dense(4)) -> dense(4))) -> dense(2)
}""",
    squeeze: """\
model net =
    input(9, 9, 3) -> conv(8, 3) -> id * (globalavgpool -> dense(2) -> relu -> dense(8) -> sigmoid)""",
    turned: """\
model net =
    input(8, 8, 3) -> conv(10, 2, stride = 2) -> layernorm -> permute(2, 0, 1) -> reshape(10, 16)
    -> dense(16)""",
    root_mean_square: "model net = input(5, 12) -> rmsnorm",
}


def body(text):
    """The text between the convention and what is expected."""
    return text.partition("convention pytorch\n\n")[2].partition("\n\nexpect")[0]


@pytest.mark.parametrize("source", TEXTS, ids=lambda s: s.__name__)
def test_a_source_as_a_text(source):
    graph = source()
    written = SourceText([graph])
    assert body(written.text) == TEXTS[source]
    read = understand(Source("<imported>", written.text))
    network = build(read.definition("net"), {}, defaults=True)
    assert network.measure("params") == graph.values("trainable", "frozen")
    assert network.measure("buffers") == graph.values("buffer")


def test_what_is_opaque():
    written = SourceText([opaque()])
    assert [(p.name, p.why, p.values) for p in written.opaque] == [("sort_function", "sort", 0)]
    assert [w.name for w in written.left_out] == ["unused.weight", "unused.seen"]

"""For each row of ``seed_cases.csv``: the texts that say it, and its formula.

A text may leave sizes as symbols; the row's own ``sizes`` are their values. A
count never depends on the symbols that remain (positions, time steps).
"""

from __future__ import annotations

from dataclasses import dataclass

from .networks import CNN9, STAGE, VGG16, VGG16_NO_BIAS


@dataclass(frozen=True)
class Case:
    """How the language says a row.

    Attributes:
        texts: several ways to write it, all with the same count.
        formula: what the row prints, in the language's notation.
        closed: the formula in symbols where the row prints it in numbers.
        measure: what the row counts.
    """

    texts: tuple[str, ...]
    formula: str = ""
    closed: str = ""
    measure: str = "params"


def _conv(formula: str) -> Case:
    return Case(("input(x, y, i) -> conv(o, f)",), formula, "f^2*i*o + o")


def _dense(formula: str) -> Case:
    return Case(("input(i) -> dense(o)", "input(t, i) -> dense(o)"), formula, "i*o + o")


def _recurrent(kind: str, formula: str) -> Case:
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    texts = (f"input(t, i) -> {kind}(h)", f"input(t, i) -> recurrent(h, gates = {gates})")
    return Case(texts, formula, f"{gates}*(h*(h + i) + h)")


def _stage(inputs: int, filters: int, times: int) -> Case:
    return Case(
        (
            f"{STAGE}input(x, y, {inputs}) -> stage({filters}, {times})",
            f"input(x, y, {inputs}) -> conv({filters}, 3) -> conv({filters}, 3) * {times - 1}",
        )
    )


CASES: dict[str, Case] = {
    "cnn_conv1": _conv("3*3*3*32 + 32"),
    "cnn_conv2": _conv("3*3*32*64 + 64"),
    "cnn_pool": Case(("input(x, y, i) -> maxpool(2)", "input(x, y, i) -> globalavgpool")),
    "cnn_dense": Case(("input(x, y, i) -> globalavgpool -> dense(o)",), "128*32 + 32", "i*o + o"),
    "embedding": Case(("tokens(t) -> embed(v, d)",), "4000*32", "v*d"),
    "simple_rnn": _recurrent("rnn", "32*64 + 64*64 + 64"),
    "lstm": _recurrent("lstm", "32*64*4 + 64*64*4 + 64*4"),
    "gru": _recurrent("gru", "32*64*3 + 64*64*3 + 64*3"),
    "cnn9_total": Case((CNN9,)),
    "cnn9_wrong_claim": Case(("input(i) -> dense(o)",), "512*128 + 512"),
    "ffnn_formula": Case(("input(i) -> dense(h) -> dense(o)",), "(i*h + h*o) + (h + o)"),
    "ffnn_1_1": Case(
        ("input(i) -> dense(h) -> dense(o)",),
        "(3*5 + 5*2) + (5 + 2)",
        "(i*h + h*o) + (h + o)",
    ),
    "ffnn_1_2": Case(
        (
            "input(i) -> dense(100) -> dense(1) -> dense(100) -> dense(o)",
            "input(i) -> [dense(h) for h in [100, 1, 100]] -> dense(o)",
        ),
        "(50*100 + 100*1 + 1*100 + 100*50) + (100 + 1 + 100 + 50)",
    ),
    "rnn_formula": Case(("input(t, i) -> recurrent(h, gates = g)",), "g*(h*(h + i) + h)"),
    "lstm_2_1": _recurrent("lstm", "4*(2*(2 + 3) + 2)"),
    "bigru_2_2": Case(
        (
            "input(t, i) -> bidirectional(gru(h))",
            "input(t, i) -> (gru(h) | gru(h))",
            "input(t, i) -> bidirectional(recurrent(h, gates = 3))",
        ),
        "2*3*(5*(5 + 8) + 5)",
        "2*3*(h*(h + i) + h)",
    ),
    "lstm_2_2": _recurrent("lstm", "4*(50*(50 + 10) + 50)"),
    "stack_2_2": Case(("input(t, 8) -> bidirectional(gru(5)) -> lstm(50)",)),
    "conv_formula": Case(("input(x, y, i) -> conv(o, f)",), "(i*(f*f)*o) + o"),
    "conv_3_1": _conv("(1*(2*2)*3) + 3"),
    "conv_3_2": _conv("(3*(2*2)*1) + 1"),
    "conv_3_3": _conv("(2*(2*2)*3) + 3"),
    "lstm_256": _recurrent("lstm", "4*((i + 1)*h + h^2)"),
    "lstm_256_b": _recurrent("lstm", "((h + i + 1)*h)*4"),
    "lstm_256_c": Case(("input(t, m) -> lstm(n)",), "4*(n*m + n^2 + n)"),
    "lstm_wrong_claim": Case(("input(m, n) -> lstm(u)",), "4*(n*m + n^2)*u"),
    "rnn_4_3": _recurrent("rnn", "4*4 + 3*4 + 4"),
    "vgg_conv3_256_first": _conv("128*3*3*256 + 256"),
    "vgg_conv3_256": _conv("256*3*3*256 + 256"),
    "vgg_stage1": _stage(3, 64, 2),
    "vgg_stage2": _stage(64, 128, 2),
    "vgg_stage3": _stage(128, 256, 3),
    "vgg_stage4": _stage(256, 512, 3),
    "vgg_stage5": _stage(512, 512, 3),
    "vgg_fc1": Case(
        (
            "input(7, 7, 512) -> flatten -> dense(4096)",
            "input(7, 7, 512) -> conv(4096, 7)",
        ),
        "(512*7*7)*4096 + 4096",
    ),
    "vgg_fc2": Case(("input(4096) -> dense(4096)",), "4096*4096 + 4096"),
    "vgg_fc3": Case(("input(4096) -> dense(1000)",), "4096*1000 + 1000"),
    "vgg_total": Case((VGG16,)),
    "vgg_no_bias": Case((VGG16_NO_BIAS,)),
    "vgg_activations": Case((VGG16, VGG16_NO_BIAS), measure="activations"),
    "conv_nonsquare": Case(("input(x, y, k) -> conv(L, [n, m])",), "(n*m*k + 1)*L"),
}

#: Rows whose printed formula is wrong; the number of the first is right.
WRONG_FORMULAS = ("cnn9_wrong_claim", "lstm_wrong_claim")

#: Rows whose number is that of the wrong formula, and no count of the layer.
WRONG_NUMBERS = ("lstm_wrong_claim",)


@dataclass(frozen=True)
class Claim:
    """A formula for a text under a convention, and whether it is right."""

    text: str
    convention: str
    formula: str
    right: bool
    difference: str = "0"
    measure: str = "params"


_GRU, _BIGRU = "input(t, i) -> gru(h)", "input(t, i) -> bidirectional(gru(h))"

#: What the notes say of the printed claims. ``difference`` is the count less the claim.
CLAIMS: dict[str, Claim] = {
    "cnn9: 512*128 + 512": Claim("input(512) -> dense(128)", "keras", "66048", False, "-384"),
    "cnn9: its formula in letters": Claim(
        "input(i) -> dense(o)", "keras", "i*o + i", False, "o - i"
    ),
    "cnn9: the corrected formula": Claim("input(i) -> dense(o)", "keras", "i*o + o", True),
    "lstm: 4(nm + n^2)u": Claim(
        "input(m, n) -> lstm(u)",
        "textbook",
        "4*(n*m + n^2)*u",
        False,
        "4*u^2 + 4*n*u + 4*u - 4*m*n*u - 4*n^2*u",
    ),
    "lstm: the corrected formula": Claim(
        "input(m, n) -> lstm(u)", "textbook", "4*(n*u + u^2 + u)", True
    ),
    "lstm: one bias in keras": Claim("input(m, n) -> lstm(u)", "keras", "4*(n*u + u^2 + u)", True),
    "lstm: two biases in torch": Claim(
        "input(m, n) -> lstm(u)", "pytorch", "4*(n*u + u^2 + u)", False, "4*u"
    ),
    "gru: 18624 in textbooks": Claim("input(t, 32) -> gru(64)", "textbook", "18624", True),
    "gru: 18624 in keras": Claim("input(t, 32) -> gru(64)", "keras", "18624", False, "192"),
    "gru: 18816 in keras": Claim("input(t, 32) -> gru(64)", "keras", "18816", True),
    "gru: 18816 in torch": Claim("input(t, 32) -> gru(64)", "pytorch", "18816", True),
    "gru: 18816 in textbooks": Claim("input(t, 32) -> gru(64)", "textbook", "18816", False, "-192"),
    "gru: one bias in textbooks": Claim(_GRU, "textbook", "3*(h*(h + i) + h)", True),
    "gru: one bias in keras": Claim(_GRU, "keras", "3*(h*(h + i) + h)", False, "3*h"),
    "gru: two biases in keras": Claim(_GRU, "keras", "3*(h*(h + i) + 2*h)", True),
    "gru: two biases in textbooks": Claim(_GRU, "textbook", "3*(h*(h + i) + 2*h)", False, "-3*h"),
    "bigru: 450 in keras": Claim("input(t, 8) -> bidirectional(gru(5))", "keras", "450", True),
    "bigru: 450 in textbooks": Claim(
        "input(t, 8) -> bidirectional(gru(5))", "textbook", "450", False, "-30"
    ),
    "bigru: 420 in keras": Claim(
        "input(t, 8) -> bidirectional(gru(5))", "keras", "420", False, "30"
    ),
    "bigru: two biases in keras": Claim(_BIGRU, "keras", "2*3*(h*(h + i) + 2*h)", True),
    "bigru: two biases in textbooks": Claim(
        _BIGRU, "textbook", "2*3*(h*(h + i) + 2*h)", False, "-6*h"
    ),
    "stack: 12620 in keras": Claim(
        "input(t, 8) -> bidirectional(gru(5)) -> lstm(50)", "keras", "12620", False, "30"
    ),
    "vgg: conv3-256 is 0.59M without biases": Claim(
        "input(x, y, 256) -> conv(256, 3, bias = no)", "textbook", "589824", True
    ),
    "vgg: conv3-256 is 0.59M with biases": Claim(
        "input(x, y, 256) -> conv(256, 3)", "textbook", "589824", False, "256"
    ),
    "vgg: 15237608 activations": Claim(VGG16, "textbook", "15237608", True, measure="activations"),
    "vgg: 24M activations": Claim(
        VGG16, "textbook", "24000000", False, "15237608 - 24000000", "activations"
    ),
    "vgg: 93 MB at 4 bytes": Claim(
        VGG16, "textbook", "93000000/4", False, "15237608 - 93000000/4", "activations"
    ),
    "vgg: 93 MiB at 4 bytes": Claim(
        VGG16, "textbook", "93*2^20/4", False, "15237608 - 93*2^18", "activations"
    ),
    "vgg: fc1 is a 7x7 convolution": Claim(
        "input(7, 7, i) -> flatten -> dense(o)", "textbook", "7*7*i*o + o", True
    ),
}

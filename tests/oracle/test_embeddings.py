"""``embedding`` and ``non_embedding`` against what papers and model cards print.

The tables that transformers holds are compared with those of the zoo in
``tests/elaboration/test_zoo.py``, a model at a time.
"""

from __future__ import annotations

import pytest

import symparams
from symparams.network import MEASURES

#: "Non-embedding params" of github.com/EleutherAI/pythia, README (Biderman et al. 2023,
#: arXiv:2304.01373), and the sizes of each. They leave out both the table and the head, which
#: Pythia does not tie.
PYTHIA = {
    "70M": ({"V": 50304, "l": 6, "h": 512, "a": 8}, 18_915_328),
    "160M": ({"V": 50304, "l": 12, "h": 768, "a": 12}, 85_056_000),
    "410M": ({"V": 50304, "l": 24, "h": 1024, "a": 16}, 302_311_424),
    "1B": ({"V": 50304, "l": 16, "h": 2048, "a": 8}, 805_736_448),
    "1.4B": ({"V": 50304, "l": 24, "h": 2048, "a": 16}, 1_208_602_624),
    "2.8B": ({"V": 50304, "l": 32, "h": 2560, "a": 32}, 2_517_652_480),
    "6.9B": ({"V": 50432, "l": 32, "h": 4096, "a": 32}, 6_444_163_072),
    "12B": ({"V": 50688, "l": 36, "h": 5120, "a": 40}, 11_327_027_200),
}


def model(name: str) -> symparams.Model:
    (found,) = symparams.load(name).values()
    return found


@pytest.mark.parametrize("name", PYTHIA)
def test_pythia(name: str) -> None:
    sizes, printed = PYTHIA[name]
    pythia = model("zoo:gpt_neox")
    assert pythia.count("params - 2*embedding", **sizes) == printed
    assert pythia.count("non_embedding - linear[-1].params", **sizes) == printed
    head = sizes["V"] * sizes["h"]
    assert pythia.count("non_embedding", **sizes) == printed + head
    assert pythia.count("embedding", **sizes) == head


def test_gpt2_of_kaplan_and_hoffmann() -> None:
    """Kaplan et al. leave out tokens and positions, Hoffmann et al. count them."""
    gpt2 = model("zoo:gpt2")
    assert gpt2.count("params") == 124_439_808
    assert gpt2.count("embedding") == 50257 * 768 + 1024 * 768
    # Kaplan et al. 2020, table 1: N = 12 * layers * d_model^2, biases and norms left out.
    assert gpt2.count("non_embedding") == 12 * 12 * 768**2 + 12 * 13 * 768 + 2 * 768
    # transformers: GPT2Model.num_parameters(exclude_embeddings=True)
    assert gpt2.count("non_embedding") == 85_056_000


@pytest.mark.parametrize(
    ("source", "formula"),
    [
        ("tokens(s) -> embed(V, d)", "V*d"),
        ("tokens(s) -> embedding_bag(V, d)", "V*d"),
        ("tokens(s) -> freeze(embed(V, d))", "V*d"),
        ("{ shared E = embed(V, d); tokens(s) -> E -> E.T }", "V*d"),
        ("tokens(s) -> embed(V, d) -> linear(V)", "V*d"),
        ("{ table t[n, d]; input(d) -> (id + (t -> mean)) }", "n*d"),
        ("{ weight t[n, d]; input(d) -> (id + (t -> mean)) }", "0"),
        ("{ buffer t[n, d]; input(d) -> (id + (t -> mean)) }", "0"),
        ("layer f(n) on [d] { table t[n, d]; weight w[d] }\nmodel m(n, d) = input(d) -> f(n)", "n*d"),
        ("input(s, d) -> learned_positions", "s*d"),
        ("input(s, d) -> learned_positions(n, unused = 2) where n == s + 3", "(n + 2)*d"),
        ("input(s, d) -> sinusoidal_positions -> rotary", "0"),
        ("input(49, d) -> window_attention(2, 7) where d % 2 == 0", "13^2*2"),
        # An adapter beside a table has a table of its own.
        ("tokens(s) -> lora(embed(V, d), r)", "V*d + V*r"),
        ("tokens(s) -> weightnorm(embed(V, d))", "V*d"),
        ("input(s, d) -> lora(linear(h), r)", "0"),
        # One token's table, that of each expert, and none of the cutoffs of a softmax.
        ("input(s, i) -> adaptive_softmax(V, cutoffs = 10) where V > 10", "0"),
        ("input(d) -> moe({ table t[3, d]; (id + (t -> mean)) }, n, top)", "3*n*d"),
        ("input(d) -> ({ table t[3, d]; (id + (t -> mean)) }) * l", "3*l*d"),
    ],
)  # fmt: skip
def test_which_tables_count(source: str, formula: str) -> None:
    assert symparams.parse(source).prove(formula, "embedding").verdict.equal is True


def test_embedding_is_a_part_of_params() -> None:
    net = symparams.parse("{ shared E = embed(V, d); tokens(s) -> E -> (dense(d)) * l -> E.T }")
    assert net.prove("l*(d^2 + d)", "non_embedding").verdict.equal is True
    assert net.prove("V*d", "E.embedding").verdict.equal is True
    assert MEASURES["embedding"].unit == "values"

"""In how many bytes weights are kept: what ``precision`` says, of whom, and what is refused."""

import pytest

import symparams
from symparams.elaboration.shipped_files import LAYOUTS
from symparams.errors import SymparamsError
from tests.cli.running import run

HALF = "measure half on [i, o] where i % 2 == 0 = i*o/2 + o\n"


@pytest.mark.parametrize(
    ("source", "bytes_", "unset"),
    [
        # bits: every weight inside, the innermost holds, buffers are none
        ("input(i) -> precision(dense(o), 16)", "2*(i*o + o)", "0"),
        ("input(i) -> precision(dense(o), b)", "b*(i*o + o)/8", "0"),
        ("input(i) -> precision(dense(o), 8/5)", "(i*o + o)/5", "0"),
        ("input(i) -> precision(dense(o), 8) -> dense(3)", "i*o + o", "3*o + 3"),
        ("input(i) -> precision(precision(dense(o), 8) -> dense(3), 16)", "i*o + o + 6*(o + 1)", "0"),
        ("input(i) -> precision(freeze(precision(dense(o), 8)), 16)", "i*o + o", "0"),
        ("input(x, y, i) -> precision(conv(o, 1) -> bn, 16)", "2*(i*o + 3*o)", "0"),
        ("tokens(s) -> precision(embed(V, d), 8)", "V*d", "0"),
        ("input(t, i) -> precision(bidirectional(gru(h)), 8)", "2*3*h*(i + h + 1)", "0"),
        ("input(t, i) -> precision(moe(linear(o), n, top), 8) where n >= top", "n*i + n*i*o", "0"),
        ("input(t, i) -> precision(train_only(linear(o)), 8)", "i*o", "0"),
        ("input(i) -> precision({ weight w[i]; (id * w) }, 8)", "i", "0"),
        ("input(i) -> precision({ buffer w[i]; (id * w) }, 8)", "0", "0"),
        ("{ x = input(i); y = input(j); (x, y) -> precision(bilinear(o), 8) }", "i*j*o + o", "0"),
        ("input(i) -> precision(relu, 8)", "0", "0"),
        # repeats, series, blocks
        ("input(d) -> precision(dense(d), 8) * n", "n*(d^2 + d)", "0"),
        ("input(d) -> precision(dense(d) * n, 8)", "n*(d^2 + d)", "0"),
        ("model m(n) = input(1) -> [precision(linear(k), 8) for k in 1..n]", "1 + (n - 1)*n*(n + 1)/3", "0"),
        ("block b on [d] = precision(linear(2*d), 8) -> linear(d)\n"
         "model m(d, n) = input(d) -> b * n", "2*n*d^2", "2*n*d^2"),
        ("block b(f) = f -> linear(3)\nmodel m(d) = input(d) -> precision(b(linear(4)), 8)",
         "4*d + 12", "0"),
        # kernels kept in another way: who is inside of what
        ("input(i) -> precision(lora(linear(o), r), 16)", "2*(i*o + r*(i + o))", "0"),
        ("input(i) -> lora(precision(linear(o), 8), r)", "i*o", "r*(i + o)"),
        ("input(i) -> precision(lora(precision(linear(o), 8), r), 16)", "i*o + 2*r*(i + o)", "0"),
        ("input(i) -> precision(weightnorm(dense(o)), 8)", "i*o + 2*o", "0"),
        # layouts: the kernels of dense layers
        (HALF + "model m(d, o) where d % 2 == 0 = input(d) -> precision(dense(o), half)", "d*o/2 + o", "o"),
        (HALF + "model m(d) where d % 2 == 0 = input(3, d) -> precision(attention(2), half)",
         "4*(d^2/2 + d)", "0"),
        (HALF + "model m(d) = input(2*d) -> precision(precision(dense(3), half), 16)", "3*d + 3 + 6", "0"),
        (HALF + "model m(d) = input(2*d) -> precision(dense(3) -> precision(linear(4), 8), half)",
         "3*d + 3 + 12", "3"),
        (HALF + "model m(d, V) where d % 2 == 0 = tokens(3) -> precision(embed(V, d) -> linear(1), half)",
         "d/2 + 1", "V*d"),
        (HALF + "model m(d, V) where d % 2 == 0 ="
         " tokens(3) -> precision(embed(V, d), half, tables = yes)", "d*V/2 + V", "0"),
        ("block b(how) on [d] = precision(linear(d), how)\n"
         "model m(d) = input(d) -> b(llm_int8) -> b(nf4(block = 1)) -> b(8) where d % 2 == 0",
         "d^2 + 4*d + d^2/2 + 4*d^2 + 64 + d^2", "0"),
        ("input(d) -> lora(freeze(precision(linear(d), llm_int8)), r)", "d^2 + 4*d", "2*d*r"),
        # shared nets: one set of weights, one precision
        ("{ shared f = precision(linear(d), 8); input(d) -> f -> f * n }", "d^2", "0"),
        ("{ shared f = linear(d); input(d) -> precision(f -> f, 8) }", "d^2", "0"),
        ("input(d) -> precision({ shared f = linear(d); f -> f }, 8)", "d^2", "0"),
        ("{ shared E = embed(V, d); tokens(s) -> precision(E -> linear(d) -> E.T, 8) }", "V*d + d^2", "0"),
        ("{ shared E = embed(V, d); tokens(s) -> precision(E.T, 8) }"
         .replace("tokens(s)", "input(s, d)"), "V*d", "0"),
        ("{ shared E = precision(embed(V, d), 8); tokens(s) -> E -> precision(linear(d) -> E.T, 16) }",
         "V*d + 2*d^2", "0"),
        ("{ shared E = precision(embed(V, d), 8); tokens(s) -> precision(E, 16) -> E.T }", "V*d", "0"),
    ],
)  # fmt: skip
def test_bytes_and_what_has_no_precision(source, bytes_, unset):
    for measure, formula in [
        ("precision_bytes", bytes_),
        ("unset_precision", unset),
        ("weight_bytes(24)", f"3*({unset}) + {bytes_}"),
    ]:
        found = run("prove", source, formula, "--measure", measure)
        assert found.code == 0, f"{measure}: {found.out}{found.err}"


def test_without_a_precision_bytes_are_bits_times_params():
    for name in ("gpt2", "mixtral", "resnet"):
        (model,) = symparams.load(f"zoo:{name}").values()
        assert model.count("weight_bytes(16)") == 2 * model.count()
        assert model.count("precision_bytes") == 0
        assert model.count("unset_precision") == model.count()


def test_addresses_inside():
    model = symparams.parse(
        "block b on [d] = precision(linear(d) -> linear(2*d), 8) -> linear(d)\n"
        "model m(d = 4, n = 3) = input(d) -> b * n -> dense(5)"
    )
    assert model.count("b.precision_bytes") == 3 * 3 * 16
    assert model.count("b[1].weight_bytes(16)") == 3 * 16 + 2 * 32
    assert model.count("linear[3].precision_bytes") == 16
    assert model.count("linear[2].precision_bytes") == 0
    assert model.count("dense.unset_precision") == 25


@pytest.mark.parametrize(
    ("one", "other"),
    [("precision(linear(d), 8)", "precision(linear(d), 16)"), ("linear(d)", "precision(linear(d), 8)"),
     ("precision(linear(d), fp4)", "precision(linear(d), nf4(128))")],
)  # fmt: skip
def test_branches_that_differ_in_precision_are_not_alike(one, other):
    model = symparams.parse(f"model m(k, d = 64) = input(d) -> (if k == 3 then {one} else {other})")
    with pytest.raises(SymparamsError, match="whether k == 3 depends on 'k'"):
        model.measure("precision_bytes")
    for k, net in ((3, one), (4, other)):
        alone = symparams.parse(f"input(64) -> {net.replace('d)', '64)')}")
        assert model.count("weight_bytes(16)", k=k) == alone.count("weight_bytes(16)")
    cases = symparams.parse(
        f"model m(k in {{3, 4}}, d = 64) = input(d) -> (if k == 3 then {one} else {other})"
    )
    assert cases.at(k=3).count("weight_bytes(16)") == model.count("weight_bytes(16)", k=3)


def test_branches_that_agree_under_one_precision_are_alike():
    text = "input(d) -> precision(if k > 3 then linear(d) -> relu else linear(d), 8)"
    assert run("formula", text, "--measure", "linear.precision_bytes").out.strip() == "d^2"


#: A source, and the whole of what is said.
ERRORS = [
    (
        "input(4) -> precision(dense(3))",
        "<text>:1:13: 'precision' needs 'bits'\n"
        "    input(4) -> precision(dense(3))\n"
        "                ^^^^^^^^^^^^^^^^^^^",
    ),
    (
        "input(4) -> precision(dense(3), q4_9)",
        "<text>:1:33: 'bits' of 'precision' cannot be 'q4_9'\n"
        "    input(4) -> precision(dense(3), q4_9)\n"
        "                                    ^^^^ did you mean 'q4_0', 'q4_1' or 'q4_k'?",
    ),
    (
        "input(4) -> precision(dense(3), 0)",
        "<text>:1:33: 'bits' of 'precision' must be at least 1, not 0\n"
        "    input(4) -> precision(dense(3), 0)\n"
        "                                    ^",
    ),
    (
        "input(4) -> precision(dense(3), gptq(sise = 3))",
        "<text>:1:38: layout 'gptq' has no parameter 'sise'\n"
        "    input(4) -> precision(dense(3), gptq(sise = 3))\n"
        "                                         ^^^^ it has bits, group",
    ),
    (
        "input(4) -> precision(dense(3), nf4(0))",
        "<text>:1:33: 'block' of layout 'nf4' must be a positive integer, not 0\n"
        "    input(4) -> precision(dense(3), nf4(0))\n"
        "                                    ^^^^^^",
    ),
    (
        "input(4) -> nf4",
        "<text>:1:13: a net is needed here, but this is the layout 'nf4'\n"
        "    input(4) -> nf4\n"
        "                ^^^ write precision(net, nf4)",
    ),
    (
        "input(100) -> precision(dense(3), q8_0)",
        "<text>:1:35: 'i % 32 == 0' does not hold: i = 100\n"
        "    input(100) -> precision(dense(3), q8_0)\n"
        "                                      ^^^^\n"
        "library/layouts.arch:LINE:30: inside the library's 'q8_0'\n"
        "    measure q8_0 on [i, o] where i % 32 == 0 = 34*i/32*o\n"
        "                                 ^^^^^^^^^^^",
    ),
    (
        "input(4, 4, 3) -> precision(conv(8, 3) -> bn, nf4)",
        "<text>:1:19: the layout 'nf4' finds no matrix in its net\n"
        "    input(4, 4, 3) -> precision(conv(8, 3) -> bn, nf4)\n"
        "                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ "
        "it is of dense layers, with 'tables = yes' of embeddings too",
    ),
    (
        "{ x = input(4); x -> precision((id + (x -> dense(4))), 8) }",
        "<text>:1:22: 'precision' around a tensor whose weights are made outside of it\n"
        "    { x = input(4); x -> precision((id + (x -> dense(4))), 8) }\n"
        "                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ "
        "put it around the layers that own the weights",
    ),
    (
        "{ shared f = linear(4); input(4) -> precision(f, 8) -> f }",
        "<text>:1:10: 'f' is shared, but its weights would differ: "
        "kernel 4 x 4 in 16 bytes at one use, kernel 4 x 4 at another\n"
        "    { shared f = linear(4); input(4) -> precision(f, 8) -> f }\n"
        "             ^ write it where the net is bound: shared f = precision(…)",
    ),
    (
        "{ shared E = embed(9, 4); tokens(3) -> precision(E, 8) -> precision(E.T, 16) }",
        "<text>:1:10: 'E' is shared, but its weights would differ: "
        "table 9 x 4 in 36 bytes at one use, table 9 x 4 in 72 bytes at another\n"
        "    { shared E = embed(9, 4); tokens(3) -> precision(E, 8) -> precision(E.T, 16) }\n"
        "             ^ write it where the net is bound: shared E = precision(…)",
    ),
    (
        "measure odd on [i] = i\ninput(4) -> dense(3)",
        "<text>:1:16: a measure is of a model, or of a matrix of inputs and outputs\n"
        "    measure odd on [i] = i\n"
        "                   ^^^ write 'measure odd on [i, o] = …' for its bytes",
    ),
    (
        "measure odd(k) on [i, o] = k*i\ninput(4) -> precision(dense(3), odd)",
        "<text>:2:33: layout 'odd' needs 'k'\n"
        "    input(4) -> precision(dense(3), odd)\n"
        "                                    ^^^",
    ),
    (
        "measure odd on [i, 3] = i\ninput(4) -> precision(dense(5), odd)",
        "<text>:1:16: layout 'odd' is not of a matrix of 4 inputs and 5 outputs\n"
        "    measure odd on [i, 3] = i\n"
        "                   ^^^^^^\n"
        "<text>:2:33: 'odd' is used here\n"
        "    input(4) -> precision(dense(5), odd)\n"
        "                                    ^^^",
    ),
    (
        "measure odd on [i, o] = relu\ninput(4) -> precision(dense(5), odd)",
        "<text>:1:25: the bytes of a matrix is needed here, not the layer kind 'relu'\n"
        "    measure odd on [i, o] = relu\n"
        "                            ^^^^\n"
        "<text>:2:33: 'odd' is used here\n"
        "    input(4) -> precision(dense(5), odd)\n"
        "                                    ^^^",
    ),
    (
        "measure nf4 on [i, o] = i\nmeasure nf4 = params\ninput(4) -> precision(dense(5), nf4)",
        "<text>:2:9: 'nf4' is defined twice\n"
        "    measure nf4 = params\n"
        "            ^^^\n"
        "<text>:1:9: first here\n"
        "    measure nf4 on [i, o] = i\n"
        "            ^^^",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("source", "told"), ERRORS)
def test_errors(source, told):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(source).count("weight_bytes(16)")
    line = next(
        n
        for n, text in enumerate(LAYOUTS.read_text("utf-8").splitlines(), 1)
        if "measure q8_0" in text
    )
    assert str(caught.value) == told.replace("LINE", str(line))


def test_what_no_precision_is_said_of_needs_its_bits():
    half = symparams.parse("input(4) -> precision(dense(5), 8) -> dense(3)")
    with pytest.raises(SymparamsError, match=r"weight_bytes depends on 'bits': 9\*bits/4 \+ 25"):
        half.count("weight_bytes")
    # Where precision says all, nothing is open.
    assert symparams.parse("input(4) -> precision(dense(5), 8)").count("weight_bytes") == 25


def test_an_own_layout_hides_that_of_the_library_and_is_imported(tmp_path):
    (tmp_path / "ours.arch").write_text("measure nf4 on [i, o] = 3*i*o\n", "utf-8")
    (tmp_path / "m.arch").write_text(
        'import "ours.arch"\nmodel m = input(4) -> precision(linear(5), nf4)\n'
        "expect m.precision_bytes == 60\n", "utf-8",
    )  # fmt: skip
    ended = run("check", "m.arch", cwd=tmp_path)
    assert (ended.code, ended.err) == (0, "")


def test_adam_in_mixed_precision_has_weights_at_theirs():
    # QLoRA: what stays in 4 bits, adapters in fp16 with their gradients and states.
    model = symparams.parse("input(64) -> lora(precision(linear(64), 4), 8)")
    assert model.count("mixed_precision_adam_bytes") == 64 * 64 // 2 + (2 + 2 + 12) * 8 * 128

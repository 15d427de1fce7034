"""Networks written out: every tensor that a step takes is the one that the text means."""

import pytest
from hypothesis import assume, given, settings

from symparams.elaboration import zoo
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from symparams.frameworks import base
from symparams.frameworks.plan import plan
from tests.frameworks.machines import axes_of, planned, shapes, words
from tests.properties.networks import POINTS, definition, texts

#: text → what leaves it, in words.
MEANT = [
    ("input(4) -> dense(3) -> relu", "relu1(dense1(x))"),
    ("input(4) -> id", "x"),
    ("input(4) -> dense(4) * 3", "dense1[2](dense1[1](dense1[0](x)))"),
    ("input(4) -> dense(4) * 2 * 2", None),
    ("input(4) -> (dense(3) | relu)", "(dense1(x) | relu1(x))"),
    ("input(4) -> residual(dense(4)) * 2", "((x + dense1[0](x)) + dense1[1]((x + dense1[0](x))))"),
    ("input(4) -> (relu * tanh - id)", "((relu1(x) * tanh1(x)) - x)"),
    # bundles
    ("input(4) -> (relu, tanh)", ("relu1(x)", "tanh1(x)")),
    ("input(4) -> (relu, tanh)[1]", "tanh1(x)"),
    ("input(4) -> (relu, tanh)[-1]", "tanh1(x)"),
    ("input(4) -> split(2) -> cat", "cat1(split1(x).0, split1(x).1)"),
    ("input(4) -> (relu, split(2))[1][0]", "split1(x).0"),
    # names
    ("{ x = input(4); x -> relu }", "relu1(x)"),
    ("{ x = input(4) -> relu; (x, x) -> cat }", "cat1(relu1(x), relu1(x))"),
    ("{ a, b = input(4) -> split(2); (b, a) -> cat }", "cat1(split1(x).1, split1(x).0)"),
    ("{ p = input(4) -> split(2); (p[1], p[0]) -> cat }", "cat1(split1(x).1, split1(x).0)"),
    (
        "{ p = (input(4) -> (relu, split(2))); r, s = p; a, b = s; (b, a, r) -> cat }",
        "cat1(split1(x).1, split1(x).0, relu1(x))",
    ),
    ("{ x = input(4); y = input(3); (y, x) -> cat }", "cat1(y, x)"),
    ("{ x = input(4); y = input(4); x - y }", "(x - y)"),
    ("{ x = input(4); a = x -> relu; b = a -> tanh; b + a }", "(b(a(x)) + a(x))"),
    # weights and zeros
    ("{ weight w[4]; input(4) -> (id + w) }", "(x + w)"),
    ("{ weight v[4]; weight w[4]; input(4) -> (id + w * v) }", "(x + (w * v))"),
    ("input(4) -> (id + zeros(4))", "(x + 0)"),
    # a weight in a repeat is another each time
    (
        "block b = { weight w[4]; id + w }\nmodel m = input(4) -> b * 2",
        "((x + w[0]) + w[1])",
    ),
    # what enters a block, under the name that 'on' gives
    ("block b on y[d] = (y -> relu) + y\nmodel m = input(4) -> b", "(relu1(x) + x)"),
    (
        "block b on y[d] = (y -> relu) + y\nmodel m = input(4) -> b -> b",
        "(relu2((relu1(x) + x)) + (relu1(x) + x))",
    ),
    (
        "block b on (p[d], q[d]) = (q -> relu) - p\nmodel m = input(4) -> split(2) -> b",
        "(relu1(split1(x).1) - split1(x).0)",
    ),
    (
        "block b on y[d] = tanh -> (id + y)\nmodel m = input(4) -> b * 2",
        "(tanh1[1]((tanh1[0](x) + x)) + (tanh1[0](x) + x))",
    ),
    (
        "block b(memory) on y[d] = (memory + y)\n"
        "model m = { x = input(4); y = input(4); y -> b(x -> relu) -> b(x) }",
        "(x + (relu1(x) + y))",
    ),
    (
        "block outer on y[d] = { block inner on z[e] = z - y; relu -> inner -> tanh }\n"
        "model m = input(4) -> outer",
        "tanh1((relu1(x) - x))",
    ),
    (
        "block one on y[d] = (id | y)\nblock two(f) on y[d] = y -> f -> f\n"
        "model m = input(4) -> two(one)",
        "((x | x) | (x | x))",
    ),
    # a model in a chain
    (
        "model inner = input(4) -> (relu, tanh)\nmodel m = input(4) -> dense(4) -> inner -> cat",
        None,
    ),
    (
        "model inner = { a = input(2); b = input(2); (b -> relu) - a }\n"
        "model m = input(4) -> split(2) -> inner",
        None,
    ),
    # shared nets
    (
        "{ shared E = dense(4); input(4) -> E -> relu -> E }",
        "E'(relu1(E'(x)))",
    ),
    ("{ shared E = dense(4); input(4) -> E * 3 }", "E'(E'(E'(x)))"),
    (
        "{ shared E = dense(4) -> relu -> dense(4); input(4) -> E -> E }",
        "E.dense2'(relu2(E.dense1'(E.dense2'(relu1(E.dense1'(x))))))",
    ),
    (
        "{ shared E = dense(4) * 2; input(4) -> E -> E }",
        "E[1]'(E[0]'(E[1]'(E[0]'(x))))",
    ),
    (
        "block b = { shared E = dense(4); E -> E }\nmodel m = input(4) -> b * 2",
        "E[1]'(E[1]'(E[0]'(E[0]'(x))))",
    ),
    (
        "{ shared F = { shared E = dense(4); weight w[4]; E -> (E + w) }; input(4) -> F -> F }",
        None,
    ),
    ("{ shared E = embed(9, 4); tokens(3) -> E -> E.T }", "E.T(E'(x))"),
    ("{ shared E = embed(9, 4); input(4) -> E.T }", "E.T(x)"),
    ("{ shared E = linear(7); input(4) -> E -> E.T }", "E.T(E'(x))"),
    ("{ shared E = freeze(linear(7)); input(4) -> E -> E.T }", "E.T(E'(x))"),
    # cores on tensors, and tensors among their options
    (
        "{ x = input(3, 4); attend(x -> linear(4), x, x, heads = 2) }",
        "attend1(linear1(x), x, x)",
    ),
    (
        "{ weight w[5, 2]; x = input(3, 4); attend(x, x, x, heads = 2, bias = w) }",
        "attend1(x, x, x, bias: w)",
    ),
    (
        "{ x = input(3, 4); y = input(3, 3); x -> (id, id, id) -> attend(bias = y -> dense(3)) }",
        "attend1(x, x, x, bias: dense1(y))",
    ),
    # what runs several times
    ("input(3, 4) -> bidirectional(gru(2))", "(gru1(x) | ~gru2(~x))"),
    ("input(3, 4) -> bidirectional(gru(2, last = yes))", "(gru1(x) | gru2(~x))"),
    ("input(3, 4) -> bidirectional(gru(2), merge = ave)", "(gru1(x) ave ~gru2(~x))"),
    # the time of images is their first axis, not the one in front of the features
    (
        "input(3, 5, 5, 4) -> bidirectional(conv_lstm(2, 3))",
        "(conv_lstm1(x) | ~0~conv_lstm2(~0~x))",
    ),
    (
        "input(3, 5, 5, 4) -> bidirectional(conv_lstm(2, 3, last = yes))",
        "(conv_lstm1(x) | conv_lstm2(~0~x))",
    ),
    (
        "input(3, 5, 5, 4) -> bidirectional(conv_lstm(2, 3) -> layernorm)",
        "(layernorm1(conv_lstm1(x)) | ~0~layernorm2(conv_lstm2(~0~x)))",
    ),
    ("input(3, 4) -> bidirectional(gru(2) -> relu)", "(relu1(gru1(x)) | ~relu2(gru2(~x)))"),
    # a run of like signs is one join
    (
        "input(4) -> (relu + tanh - abs + exp)",
        "(((relu1(x) + tanh1(x)) - abs1(x)) + exp1(x))",
    ),
    (
        "input(4) -> (relu - tanh - abs + exp + log - sqrt)",
        "(((relu1(x) - tanh1(x) - abs1(x)) + exp1(x) + log1(x)) - sqrt1(x))",
    ),
    ("input(3, 4) -> bidirectional(gru(2), merge = none)", ("gru1(x)", "~gru2(~x)")),
    (
        "input(4) -> moe(dense(3), 2, 1)",
        "best 1 by linear1(x) of [dense1[0](x), dense1[1](x)]",
    ),
    (
        "block c on (y[d], s[h]) = (y | s) -> dense(h)\nmodel m = input(2, 4) -> recur(c, 3)",
        "[dense1((x@0 | 0)), dense1((x@1 | dense1((x@0 | 0))))]",
    ),
    (
        "block c on (y[d], s[h]) = (y, s + y)\n"
        "model m = { x = input(2, 4); x -> recur(c, x -> take(0) -> relu) }",
        "[x@0, x@1]",
    ),
    (
        "block c on (y[d], s[h]) = s - y\n"
        "model m = { x = input(2, 4); x -> recur(c, x -> take(0) -> relu) }",
        "[(relu1(take1(x)) - x@0), ((relu1(take1(x)) - x@0) - x@1)]",
    ),
    ("input(4) -> train_only(dense(3))", "dense1(x)"),
]


@pytest.mark.parametrize(("text", "meant"), MEANT)
def test_the_tensors_that_are_meant(text, meant):
    document = understand(Source("<text>", text))
    name = "m" if "m" in document.models else ""
    made = plan(document.definition(name))
    assert shapes(made) == axes_of(made.network.root.output)
    if meant is not None:
        assert words(made) == meant


@pytest.mark.parametrize("name", zoo.files())
def test_the_zoo(name):
    document = understand(zoo.source(name))
    first = name if name in document.models else next(iter(document.models))
    made = plan(document.definition(first))
    assert shapes(made) == axes_of(made.network.root.output)


@settings(max_examples=150)
@given(texts(), POINTS)
def test_a_drawn_network(text, point):
    """Each call gets what the network says; what leaves is the same; every weight has an owner."""
    try:
        network = build(definition(text.source()), point)
        made = plan(definition(text.source()), point)
    except SymparamsError:
        assume(False)
        raise
    assert shapes(made) == axes_of(network.root.output)
    total = 0
    for owner in made.owners:
        for weight in owner.node.weights:
            total += weight.count
    assert total == network.measure("total")


def test_a_repeat_that_grows_is_passed_through():
    made = planned("input(4) -> (id | dense(2)) * 5")
    assert [call.leaf.weights[0].shape for call in made.calls()] == [
        (4 + 2 * k, 2) for k in range(5)
    ]


def test_a_frozen_use_freezes_what_is_shared():
    made = planned("{ shared E = dense(4); input(4) -> E -> freeze(E) }")
    (owner,) = made.owners
    assert owner.told
    assert owner.node.frozen


def test_a_frozen_transposed_use_freezes_what_is_shared():
    made = planned("{ shared E = embed(9, 4); tokens(2) -> E -> freeze(E.T) }")
    (owner,) = made.owners
    assert owner.told
    assert owner.node.frozen
    assert made.network.measure("trainable") == 0


def test_the_innermost_of_freeze_and_train_holds():
    made = planned(
        "input(4) -> freeze(dense(4) -> train(dense(4) -> freeze(dense(4))) -> dense(4))"
    )
    assert [owner.told for owner in made.owners] == [True, False, True, True]
    assert [owner.node.frozen for owner in made.owners] == [True, False, True, True]


def test_a_precision_changes_nothing_that_is_built():
    text = "{ shared E = embed(9, 4); tokens(3) -> E -> dense(8) -> linear(4) -> E.T }"
    plain = planned(text)
    typed = planned(text.replace("dense(8) -> linear(4)", "precision(dense(8) -> linear(4), nf4)"))
    assert [[w.shape for w in c.leaf.weights] for c in typed.calls()] == [
        [w.shape for w in c.leaf.weights] for c in plain.calls()
    ]
    assert typed.network.measure("macs") == plain.network.measure("macs")


def test_what_is_fused_is_built_with_biases_and_without_norms():
    made = planned(
        "input(6, 6, 3) -> fuse(conv(4, 3, bias = no) -> bn -> relu -> conv(2, 1) -> bn)"
    )
    assert [call.leaf.layer.kind for call in made.calls()] == ["conv", "relu", "conv"]
    assert [[w.name for w in c.leaf.weights] for c in made.calls()] == [
        ["kernel", "bias"], [], ["kernel", "bias"],
    ]  # fmt: skip


REFUSED = [
    (
        "input(n) -> dense(h)",
        "network can be built where every size has a value; 'n' and 'h' have none\n"
        "    give a value, as in --set n=64 --set h=64",
    ),
    (
        "input(4) -> dense(h) * l",
        "network can be built where every size has a value; 'h' and 'l' have none\n"
        "    give a value, as in --set h=64 --set l=64",
    ),
    (
        "input(4) -> spectralnorm(weightnorm(dense(4)))",
        "<text>:1:37: not built: 'weightnorm' and 'spectralnorm' around one layer\n"
        "    input(4) -> spectralnorm(weightnorm(dense(4)))\n"
        "                                        ^^^^^^^^",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_cannot_be_written_out(text, message):
    with pytest.raises(SymparamsError) as caught:
        planned(text)
    assert str(caught.value) == message


def test_too_many_steps(monkeypatch):
    monkeypatch.setattr("symparams.frameworks.plan.MOST_STEPS", 10)
    planned("input(4) -> relu * 9")
    with pytest.raises(SymparamsError, match="takes more than 10 steps to run"):
        planned("input(4) -> relu * 11")


def test_nothing_of_a_framework_is_loaded_for_this():
    assert not {"torch", "keras"} & {name.partition(".")[0] for name in vars(base)}

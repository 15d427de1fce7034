"""Whatever a stranger's file says: an answer or a SymparamsError, and soon."""

import time

import pytest
from hypothesis import given, settings

from symparams.analysis.checks import check
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from symparams.language import parse
from symparams.network import MEASURES
from tests.language.strategies import files
from tests.language.tree_text import unparse

#: Seconds that any answer may take, as the issue has it; a few hundredths are usual.
PATIENCE = 2.0


def answered(text: str) -> str:
    """What building and measuring everything in a text ends with."""
    source = Source("net.arch", text)
    try:
        document = understand(source)
    except SymparamsError as error:
        return str(error)
    definitions = [*document.models.values(), *([document.bare] if document.bare else [])]
    told = []
    for definition in definitions:
        for defaults in (False, True):
            try:
                network = build(definition, defaults=defaults)
            except SymparamsError as error:
                told.append(str(error))
                continue
            for measure in MEASURES:
                try:
                    told.append(str(network.measure(measure)))
                except SymparamsError as error:
                    told.append(str(error))
    result = check([source])
    return "\n".join([*told, *map(str, result.errors)])


@settings(max_examples=150)
@given(files())
def test_random_files(file):
    text = unparse(file)
    assert parse(Source("net.arch", text)) == file
    answered(text)


#: Pieces that make sense together more often than random trees do.
PIECES = [
    "input(8)", "input(4, 4, 3)", "tokens(5)", "dense(h)", "dense(8)", "embed(9, h)", "id",
    "conv(4, 3)", "split(2)", "attention(2)", "lstm(h)", "(dense(8), id)", "f", "m", "E", "E.T",
    "moe(f, 4, 2)", "reshape(2, h)", "(id + dense(8))", "(id | f)", "f * n", "flatten", "freeze(f)",
    "(if h > 3 then f else id)", "[dense(k) for k in 1..n]", "residual(f)", "swiglu(h)", "{ x = f; x }",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_random_models(seed):
    import random

    draw = random.Random(seed)
    chain = " -> ".join(
        draw.choice(PIECES[:3] if not k else PIECES) for k in range(draw.randint(2, 6))
    )
    text = (
        "block f = dense(8)\n"
        f"model m(h = {draw.randint(1, 9)}, n = {draw.randint(1, 4)}) = {{\n"
        f"    shared E = {draw.choice(PIECES[3:])}\n    {chain}\n}}\n"
        f"model top(h, n) = {{ shared E = embed(9, h); {chain} }}\n"
        "expect m.params >= 0\n"
    )
    assert answered(text)


LIMITS = [
    ("(" * 100_000, "nest"),
    ("input(8) -> dense(9^9^9^9)", "more than 4,300 digits"),
    ("input(8) -> dense(2) * 10^18", "6000000000000000012"),
    ("input(8) -> dense(2) * 10^4000", "\n6" + "0" * 3_998 + "12\n"),
    ("input(8) -> " + "dense(2) -> " * 300_000 + "id", "larger than 1 MiB"),
    ("input(8) -> " + "-> ".join(["dense(2) "] * 11_000), "66012"),
    ("input(" + "9" * 5_000 + ")", "digits"),
    ("input(8) -> [dense(c) for c in 1..10^9]", "a range of more than 10,000"),
    ("input(8) -> [[dense(c) for c in 1..10000] for d in 1..10000]", "more than 12,000 layers"),
    ("model m(k[10^9]) = input(3) -> dense(k[0])", "the extent of 'k'"),
    ("input(8) -> moe(dense(8), 10^30, 10^20)", "\n8000000007200000000000000000000\n"),
    ("input(10^9, 10^9, 3) -> (conv(3, 3) -> maxpool(2)) * 40", "a kernel of 3 must fit into an axis of "),
    ("input(h) -> dense((a + b + c + d)^900)", "this product has 938,961 terms, more than 500,000"),
    ("input(h) -> dense(h^(10^18))", "exponent"),
    ("input(8) -> " + "{ " * 60 + "id" + " }" * 60, "braces nest"),
    ("block a = b -> b\nblock b = c -> c\nblock c = d -> d\nblock d = e -> e\nblock e = dense(8)\n"
     "model m = input(8) -> a", "1152"),
    ("block f = f\nmodel m = input(3) -> f", "uses itself"),
    ("block f(g) = g(f)\nmodel m = input(3) -> f(f)", "block 'f' uses itself"),
    ("input(H, W, 3) -> (conv(8, 3) -> maxpool(2)) * 9 -> flatten -> dense(10)", "80*floor((H + 2)/512)*floor((W + 2)/512)"),
    ("input(8) -> (id | (id | (id | id)) * n) * n", "a repeat of n has no closed form"),
    ("input(8) -> split(10^6)", "'split' into more than 10,000 parts"),
    ("\n".join(f"block b{k} = b{k + 1} -> b{k + 1}" for k in range(40))
     + "\nblock b40 = dense(8)\nmodel m = input(8) -> b0", "more than 12,000 layers"),
    ("input(8) -> tile(10^4000) -> dense(3)", "24" + "0" * 3_999 + "3\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), LIMITS, ids=[t[:50] for t, _ in LIMITS])
def test_limits(text, says):
    start = time.process_time()
    told = answered(text)
    spent = time.process_time() - start
    assert says in told
    # For each of the passes a network is built three times.
    assert spent < 15 * PATIENCE  # a bound on a hang, not a measurement: machines are shared

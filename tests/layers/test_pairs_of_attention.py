"""The pairs of a query and a key that attention computes, against a count of them."""

from __future__ import annotations

from itertools import product

import pytest

import symparams
from symparams.errors import SymparamsError
from symparams.layers import kinds

WINDOWS = (None, *range(1, 9))


def seen(causal: bool, window: int | None, queries: int, keys: int) -> int:
    """Pairs, one by one; the queries are the last of the positions."""
    found = 0
    for query, key in product(range(queries), range(keys)):
        back = query + keys - queries - key
        if causal:
            found += back >= 0 and (window is None or back < window)
        else:
            found += window is None or abs(back) <= window // 2
    return found


def text(causal: bool, window: str | None, keys: str) -> str:
    options = "causal = yes" if causal else "causal = no"
    options += "" if window is None else f", window = {window}"
    return f"{{ x = input(s, 3); y = input({keys}, 3); attend(x, y, y, {options}) }}"


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("window", WINDOWS)
def test_every_small_attention(causal, window):
    for queries, keys in product(range(1, 7), range(1, 9)):
        if (causal and keys < queries) or (not causal and window and keys != queries):
            continue
        layer = kinds()["attend"](causal=causal, window=window)
        shapes = (queries, 3), (keys, 3), (keys, 2)
        assert layer.costs(*shapes) == 5 * seen(causal, window, queries, keys), (queries, keys)


@pytest.mark.parametrize(
    ("causal", "window", "keys"),
    [(True, "w", "t"), (True, None, "t"), (True, "w", "s"), (True, None, "s"), (False, "w", "s")],
)
def test_a_formula_holds_at_every_small_size(causal, window, keys):
    model = symparams.parse(text(causal, window, keys))
    names = {str(s) for s in model.measure("macs").free_symbols}
    assert names == {"s", keys, window or "s"}
    for s, t, w in product(range(1, 6), range(1, 7), range(1, 7)):
        if t < s or (keys == "s" and t != s):
            continue
        values = {n: v for n, v in {"s": s, "t": t, "w": w}.items() if n in names}
        expected = 6 * seen(causal, w if window else None, s, t)
        assert model.count(measure="macs", **values) == expected, values


def within(causal: bool, block: int, queries: int, keys: int) -> int:
    """Pairs in one block, one by one; the queries are the last of the positions."""
    pairs = product(range(keys - queries, keys), range(keys))
    return sum(q // block == k // block and (k <= q or not causal) for q, k in pairs)


@pytest.mark.parametrize("block", range(1, 9))
@pytest.mark.parametrize("causal", [True, False])
def test_blocks(causal, block):
    for queries, keys in product(range(1, 7), range(1, 9)):
        if (keys < queries) or (not causal and keys != queries):
            continue
        layer = kinds()["attend"](causal=causal, blocks=block)
        shapes = (queries, 3), (keys, 3), (keys, 2)
        assert layer.costs(*shapes) == 5 * within(causal, block, queries, keys), (queries, keys)


@pytest.mark.parametrize(("causal", "keys"), [("yes", "t"), ("yes", "s"), ("no", "s")])
def test_a_formula_of_blocks_holds_at_every_small_size(causal, keys):
    source = f"attend(x, y, y, causal = {causal}, blocks = b)"
    model = symparams.parse(f"{{ x = input(s, 3); y = input({keys}, 3); {source} }}")
    for s, t, b in product(range(1, 6), range(1, 7), range(1, 8)):
        if t < s or (keys == "s" and t != s):
            continue
        values = {"s": s, "b": b} | ({"t": t} if keys == "t" else {})
        expected = 6 * within(causal == "yes", b, s, t)
        assert model.count(measure="macs", **values) == expected, values


@pytest.mark.parametrize(
    ("source", "formula"),
    [
        ("attend(x, x, x, blocks = s)", "s^2 * 2*d"),
        ("attend(x, x, x, blocks = 1)", "s * 2*d"),
        ("attend(x, x, x, causal = yes, blocks = s)", "s*(s + 1)/2 * 2*d"),
        ("attend(x, x, x, blocks = b)", "(b^2*(s // b) + (s % b)^2) * 2*d"),
        (
            "attend(x, x, x, causal = yes, blocks = b)",
            "(b*(b + 1)*(s // b) + (s % b)*(s % b + 1)) * d",
        ),
        ("attend(x, x, x, causal = yes)", "s*(s + 1)/2 * 2*d"),
        ("attend(x, x, x, causal = yes, window = s)", "s*(s + 1)/2 * 2*d"),
        ("attend(x, x, x, causal = yes, window = 1)", "s * 2*d"),
        ("attend(x, x, x, window = 1)", "s * 2*d"),
        ("attend(x, x, x, window = 2*s)", "s^2 * 2*d"),
        ("attend(x, x, x, causal = no, window = none)", "s^2 * 2*d"),
        ("attend(x -> mean(0) -> reshape(1, d), x, x, causal = yes)", "s * 2*d"),
        (
            "attend(x, x, x, causal = yes, window = w)",
            "(s*(s + 1) - max(0, s - w)*(max(0, s - w) + 1)) * d",
        ),
        (
            "attend(x, x, x, window = 2*w)",
            "(s^2 - max(0, s - w - 1)*(max(0, s - w - 1) + 1)) * 2*d",
        ),
    ],
)
def test_closed_forms(source, formula):
    model = symparams.parse(f"{{ x = input(s, d); {source} }}")
    assert model.prove(formula, "macs").verdict.equal is True


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "{ x = input(5, 4); y = input(3, 4); attend(x, y, y, causal = yes) }",
            "causal attention of 5 queries needs as many keys or more, not 3",
        ),
        (
            "{ x = input(5, 4); y = input(7, 4); attend(x, y, y, window = 2) }",
            "5 queries in windows over 7 keys",
        ),
        (
            "{ x = input(5, 4); y = input(7, 4); attend(x, y, y, blocks = 2) }",
            "5 queries in blocks over 7 keys",
        ),
        (
            "input(5, 4) -> (id, id, id) -> attend(window = 2, blocks = 2)",
            "'attend' takes a window or blocks, not both",
        ),
        (
            "input(5, 4) -> attention(2, bias_kv = yes, blocks = 2)",
            "'not bias_kv or blocks == none' does not hold: blocks = 2",
        ),
        (
            "input(5, 4) -> (id, id, id) -> attend(window = 0)",
            "'window' of 'attend' must be at least 1, not 0",
        ),
        (
            "input(5, 4) -> attention(2, bias_kv = yes, window = 2)",
            "5 queries in windows over 6 keys",
        ),
    ],
)
def test_what_is_ambiguous_is_refused(source, message):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(source)
    assert caught.value.message == message


def test_the_learned_key_is_seen_beside_a_window():
    """torch's add_bias_kv shows it to every query, whatever its mask hides."""
    source = "input(s, 4) -> attention(2, bias_kv = yes, causal = yes, window = w)"
    for s, w in product(range(1, 5), range(1, 6)):
        pairs = seen(True, w, s, s) + s
        assert symparams.parse(source).count(measure="attend.macs", s=s, w=w) == 8 * pairs


@pytest.mark.parametrize(
    "net",
    [
        "attention(2, {})",
        "encoder_layer(2, 5, {})",
        "decoder_layer(2, 5, input(7, 4), {})",
    ],
)
def test_blocks_pass_on_what_is_seen(net):
    def macs(options: str) -> int:
        source = f"input(6, 4) -> {net.format(options)}"
        return symparams.parse(source).count(measure="attend.macs")

    full = macs("causal = no")
    assert full - macs("causal = yes") == 8 * (36 - seen(True, None, 6, 6))
    assert full - macs("causal = yes, window = 3") == 8 * (36 - seen(True, 3, 6, 6))
    assert full - macs("window = 3") == 8 * (36 - seen(False, 3, 6, 6))
    assert full - macs("blocks = 4") == 8 * (36 - within(False, 4, 6, 6))
    assert full - macs("causal = yes, blocks = 4") == 8 * (36 - within(True, 4, 6, 6))


def test_models_take_it_as_an_argument():
    mistral, gemma = (symparams.load(f"zoo:{n}")[n] for n in ("mistral", "gemma"))
    assert mistral.count("attend.macs", causal=True, window=5, s=9) == 2**18 * seen(True, 5, 9, 9)
    assert gemma.count("attend.macs", causal=True, s=9) == 18 * 2**12 * seen(True, None, 9, 9)

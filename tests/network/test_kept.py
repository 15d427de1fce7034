"""What generation keeps: states of layers, what ``keep`` marks, and how often both count."""

import pytest

import symparams
from symparams.errors import SymparamsError
from symparams.network import MEASURES
from tests.cli.running import run

ELMAN = "block elman on (x[d], s[h]) = (x | s) -> dense(h) -> tanh\n"


@pytest.mark.parametrize(
    ("source", "formula"),
    [
        # states of layers: one for each sequence of a batch axis in front
        ("input(t, i) -> rnn(h)", "h"),
        ("input(t, i) -> gru(h, last = yes)", "h"),
        ("input(t, i) -> lstm(h)", "2*h"),
        ("input(t, i) -> lstm(h, proj = p, peephole = yes)", "h + p"),
        ("input(t, i) -> recurrent(h, gates = g)", "h"),
        ("input(n, t, i) -> lstm(h)", "2*n*h"),
        ("input(i) -> gru(h)", "h"),
        ("input(t, x, y, i) -> conv_lstm(o, 3)", "2*(x - 2)*(y - 2)*o"),
        ("input(t, x, y, i) -> conv_lstm(o, 3, pad = same, last = yes)", "2*x*y*o"),
        (
            "{ x = input(t, d); scan(x, x, zeros(d, n), zeros(t, n), zeros(t, n), zeros(d)) }",
            "d*n",
        ),
        ("input(t, i) -> bidirectional(gru(h))", "0"),
        ("input(t, i) -> bidirectional(keep(gru(h)), merge = sum)", "0"),
        ("input(x, y, i) -> conv(o, 3, pad = causal) -> bn -> relu -> flatten -> dense(1)", "0"),
        # a cell keeps its state, and once what is kept inside, whatever its steps
        (ELMAN + "model m(t, i, h) = input(t, i) -> recur(elman, h)", "h"),
        (ELMAN + "model m(t, i, h) = input(t, i) -> recur(keep(elman), h)", "2*h"),
        (ELMAN + "model m(t, i, h) = input(t, i) -> recur(elman, zeros(h)) -> recur(elman, 3)", "h + 3"),
        # keep
        ("input(s, d) -> keep(linear(h))", "s*h"),
        ("input(s, d) -> keep(linear(h)) * l where h == d", "l*s*h"),
        ("input(s, d) -> keep(id, last = w)", "min(s, w)*d"),
        ("input(a, s, d) -> keep(id, last = w)", "a*min(s, w)*d"),
        ("input(s, d) -> keep(id, last = none, values = none)", "s*d"),
        ("input(s, d) -> keep(linear(h), values = n)", "n"),
        ("input(s, d) -> keep((linear(h), linear(3)))", "s*h + 3*s"),
        ("input(s, d) -> keep((linear(h), linear(3)), last = w)", "min(s, w)*(h + 3)"),
        ("input(s, d) -> keep(keep(linear(h)) -> linear(3))", "s*h + 3*s"),
        ("tokens(s) -> keep(embed(V, d))", "s*d"),
        ("input(s, d) -> freeze(keep(train(linear(h))))", "s*h"),
        ("input(s, d) -> (keep(linear(h)), train_only(keep(linear(3))))", "s*h"),
        ("input(s, d) -> moe(keep(linear(h)), n, top)", "top*s*h"),
        ("{ shared f = keep(linear(8)); input(s, 8) -> f -> f * n }", "8*s*(n + 1)"),
        ("model m(s, l) = input(s, 3) -> [keep(linear(k)) for k in 1..l]", "s*l*(l + 1)/2"),
        # the library
        ("input(s, d) -> attention(a, kv) where d % a == 0, a % kv == 0", "2*s*kv*d/a"),
        ("input(s, d) -> attention(2, head_dim = k, value_dim = v)", "2*s*(k + v)"),
        ("input(s, d) -> attention(2, qk_norm = rmsnorm, bias_kv = yes, gate = yes)", "2*s*d"),
        ("input(s, d) -> attention(2, memory = input(t, 3))", "2*t*d"),
        ("input(s, d) -> attention(2, window = w)", "2*min(s, w)*d"),
        ("input(s, d) -> attention(2, window = w, held = n)", "2*min(s, n)*d"),
        ("input(s, d) -> attention(2, cache = no)", "0"),
        ("input(s, d) -> encoder_layer(2, f)", "0"),
        ("input(s, d) -> encoder_layer(2, f, cache = yes)", "2*s*d"),
        ("input(s, d) -> decoder_layer(2, f, input(t, d))", "2*s*d + 2*t*d"),
        ("input(s, d) -> decoder_layer(2, f, input(t, d), window = w)", "2*min(s, w)*d + 2*t*d"),
        ("input(s, d) -> latent_attention(a, r, n, p, v)", "s*(r + p)"),
        ("input(s, d) -> latent_attention(a, r, n, p, v, expanded = yes)", "s*a*(n + p + v)"),
        ("input(s, d) -> latent_attention(a, r, n, p, v, cache = no)", "0"),
        ("input(t, d) -> mamba(n, expand = 3, kernel = k)", "3*d*(n + k)"),
    ],
)  # fmt: skip
def test_kept(source, formula):
    assert symparams.parse(source).prove(formula, "kept").verdict.equal is True


@pytest.mark.parametrize("net", ["linear(6)", "lstm(6)", "attention(2)", "moe(dense(3), 4, 2)"])
@pytest.mark.parametrize("options", ["", ", last = 2", ", values = 5"])
def test_keep_changes_no_other_measure(net, options):
    plain, marked = (
        symparams.parse(f"input(5, 6) -> {written} -> bn")
        for written in (net, f"keep({net}{options})")
    )
    before, after = plain.network.measures(), marked.network.measures()
    assert before.pop("kept") < after.pop("kept")
    assert before == after
    assert before.keys() >= {m.name for m in MEASURES.values() if not m.storages} - {"kept"}
    for source in ("input(5, 6) -> {} -> bn", "{{ shared f = {}; input(5, 6) -> f -> f -> bn }}"):
        if "linear" in net or "{{" not in source:
            plain_rows, marked_rows = (
                run("show", source.format(written)).out
                for written in (net, f"keep({net}{options})")
            )
            assert plain_rows == marked_rows


def test_rows_and_addresses():
    source = "input(s, d) -> (attention(2, window = 4) -> keep(lstm(d))) * l"
    model = symparams.parse(source)
    counted = [row.name for row in model.report("kept").rows if row.total and not row.is_group]
    assert counted == ["key_cache", "value_cache", "lstm1", "keep1"]
    sizes = {"s": 7, "d": 6, "l": 3}
    assert model.count("attention.kept", **sizes) == 3 * 2 * 4 * 6
    assert model.count("value_cache.kept", **sizes) == 3 * 4 * 6
    assert model.count("lstm.kept", **sizes) == 3 * 2 * 6
    assert model.count("keep1.kept", **sizes) == 3 * 7 * 6
    assert model.count("lstm[-1].kept", **sizes) == 2 * 6


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("input(4) -> keep", "'keep' needs 'net'"),
        ("input(4) -> keep()", "'keep' needs 'net'"),
        ("input(4) -> keep(3)", "a net is needed here"),
        ("input(4) -> keep(dense(3), last = 2)", "'last' of 'keep' is of positions, and a vector"),
        ("input(4) -> keep(dense(3), last = 0)", "'last' of 'keep' must be at least 1, not 0"),
        ("input(4) -> keep(dense(3), values = 1/2)", "'values' of 'keep' must be an integer"),
        ("input(4) -> keep(dense(3), size = 2)", "'keep' has no option 'size'"),
    ],
)
def test_what_keep_refuses(source, message):
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(source)
    assert message in caught.value.message


def test_decisions_see_what_is_kept():
    """Branches that differ only in what they keep are told apart."""
    source = "model m(s = 4, w = 2) = input(s, 3) -> (if w > 1 then keep(id) else id)"
    assert symparams.parse(source).count("kept", w=1) == 0
    assert symparams.parse(source).count("kept", w=2) == 12

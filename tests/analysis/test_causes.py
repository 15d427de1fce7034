"""A wrong claim names the mistake that makes it; a right one names none."""

from __future__ import annotations

import pytest

import symparams
from symparams.analysis import check
from symparams.analysis.causes.catalogue import CAUSES
from symparams.analysis.claims import judge
from symparams.analysis.proofs import Proof, prove
from symparams.elaboration import understand, zoo
from symparams.errors import Source
from symparams.views import remarks
from tests.oracle.networks import VGG16
from tests.oracle.seed_sources import CLAIMS

#: Wrong claims of the articles → what makes them; () where no known mistake does.
SEEDS = {
    "cnn9: 512*128 + 512": ("a bias for each input",),
    "cnn9: its formula in letters": ("a bias for each input",),
    "lstm: 4(nm + n^2)u": ("time steps multiplied in",),
    "lstm: two biases in torch": ("another framework's convention",),
    "gru: 18624 in keras": ("another framework's convention",),
    "gru: 18816 in textbooks": ("another framework's convention", "bias counted twice"),
    "gru: one bias in keras": ("another framework's convention",),
    "gru: two biases in textbooks": ("another framework's convention", "bias counted twice"),
    "bigru: 450 in textbooks": ("another framework's convention", "bias counted twice"),
    "bigru: 420 in keras": ("another framework's convention", "bias left out"),
    "bigru: two biases in textbooks": ("another framework's convention", "bias counted twice"),
    "stack: 12620 in keras": ("another framework's convention",),
    "vgg: conv3-256 is 0.59M with biases": ("bias left out",),
    # The reference says of it that it is not the sum of the table's rows.
    "vgg: 24M activations": (),
    "vgg: 93 MB at 4 bytes": (),
    "vgg: 93 MiB at 4 bytes": (),
}

GQA = "model m(d = 64, a = 8, kv = 2) = input(9, d) -> attention(a, kv_heads = kv) where d % a == 0, a % kv == 0"
WIDE = "model m(d = 64, a = 4, k = 32) = input(9, d) -> attention(a, head_dim = k) where d % a == 0"
LM = """model lm(V = 32_768, h = 64, s = 16) = {
    shared E = embed(V, h)
    table places[s, h]
    ((tokens(s) -> E) + places) -> layernorm -> dense(h) * 4 -> E.T
}"""

#: (text or zoo, measure, wrong claim, the likeliest cause): each worked out by hand beside it.
PLANTED = [
    ("input(x, y, i) -> conv(o, f)", "params", "f^2*i*o", "bias left out"),
    ("input(i) -> dense(o)", "params", "i*o + 2*o", "bias counted twice"),
    ("input(i) -> dense(h) -> dense(o)", "params", "i*h + h*o + h", "bias left out"),
    ("input(t, i) -> lstm(h)", "params", "4*t*(h*(h + i) + h)", "time steps multiplied in"),
    ("input(t, i) -> lstm(h)", "params", "4*(t*(h*(h + i)) + h)", "time steps multiplied in"),
    ("input(t, i) -> lstm(h)", "params", "4*(h*(h + i*t) + h)", "time steps multiplied in"),
    ("input(t, i) -> lstm(h)", "params", "4*(h*i + h)", "gates miscounted"),
    ("input(t, i) -> lstm(h)", "params", "3*(h*(h + i) + h)", "gates miscounted"),
    ("input(t, i) -> gru(h)", "params", "3*(h*(h + i)) + h", "a bias for each input"),
    ("input(t, i) -> bidirectional(gru(h))", "params", "3*h*(h + i + 1)", "one direction counted"),
    # 124,439,808 with the matrix of 50,257 x 768 once; torch's untied GPT2LMHeadModel has it twice.
    ("zoo:gpt2", "params", "163_037_184", "tied weights counted twice"),
    ("zoo:gpt2", "params", "~= 163M", "tied weights counted twice"),
    ("zoo:albert", "params", "~= 89.7M", "tied weights counted twice"),
    ("input(x, y, k) -> conv(L, [n, m])", "params", "(n^2*k + 1)*L", "square for rectangular"),
    ("input(x, y, k) -> conv(L, [n, m])", "params", "(m^2*k + 1)*L", "square for rectangular"),
    (GQA, "params", "4*d^2", "kv heads as heads"),
    (WIDE, "params", "4*d^2", "head dimension confused"),
    ("input(t, d) -> attention(8)", "params", "3*8*d^2 + d^2", "head dimension confused"),
    ("input(t, d) -> attention(8)", "params", "3*d^2", "output projection left out"),
    # 51,281 rows of 768
    ("zoo:gpt2", "params", "85_056_000", "embedding left out"),
    ("zoo:gpt2", "params", "~= 12*l*h^2 within 5% for l >= 12, h >= 768", "embedding left out"),
    (LM, "params", "V*h + s*h + 4*(h^2 + h)", "normalisation left out"),
    # 60,950,432 bytes are 58.1 MiB
    (VGG16, "4*activations", "~= 58.1 MB", "a thousand for 1024"),
    (LM, "params", "32_000*64 + 16*64 + 128 + 4*4160", "a thousand for 1024"),
    ("zoo:resnet", "flops", "~= 4.1 GFLOPs", "MACs and FLOPs confused"),
    ("zoo:resnet", "macs", "~= 8.2 GMACs", "MACs and FLOPs confused"),
    ("input(H, 3) -> maxpool(2) -> flatten -> dense(1)", "params", "3*H/2 + 1", "rounding left out"),
    (VGG16, "params", "~= 553.4M", "bytes and values confused"),
    ("input(h) -> freeze(dense(h)) -> dense(o)", "params", "h*o + o", "trainable for all"),
    ("input(h) -> freeze(dense(h)) -> dense(o)", "trainable", "h^2 + h + h*o + o", "trainable for all"),
    ("zoo:mixtral", "params", "~= 12.9B", "experts at work for all"),
    ("input(x, y, i) -> conv(o, 3, bias = no) -> bn", "params", "9*i*o + 4*o", "buffers for parameters"),
    # torchvision's ResNet-50 without its fc of 2,048 x 1,000 and 1,000
    ("zoo:resnet", "params", "23_508_032", "classifier left out"),
    ("model m(h, l) = input(h) -> dense(h) * l", "params", "(l - 1)*(h^2 + h)", "one layer too few or too many"),
    ("model m(h, l) = input(h) -> dense(h) * l", "params", "h^2 + h", "repeats counted once"),
    ("input(x, y, 8) -> conv(16, 3, groups = 4)", "params", "9*8*16 + 16", "groups left out"),
    ("input(x, y, i) -> conv(o, 3)", "params", "3*i*o + o", "one side of the window"),
    ("input(i) -> linear(o)", "params", "i*o + o", "bias that is not there"),
    ("zoo:gpt2", "params", "12*l*h^2", "several parts left out"),
    ("input(i) -> dense(h) -> dense(o)", "params", "i*h + h^2 + 2*h", "one size for another"),
    ("input(t, i) -> lstm(h)", "params", "4*t*(h*(h + i))", "time steps multiplied in, bias left out"),
]  # fmt: skip


def proved(text: str, claim: str, measure: str = "params", convention: str | None = None) -> Proof:
    """The verdict on a claim about a text, or about an architecture of the zoo."""
    source = zoo.source(text.removeprefix("zoo:")) if text.startswith("zoo:") else Source("m", text)
    name = text.removeprefix("zoo:") if text.startswith("zoo:") else ""
    name = {"resnet": "resnet50"}.get(name, name)
    document = understand(source, convention)
    model = name if name in document.models else ""
    return prove(document.definition(model), Source("<formula>", claim), measure)


def names(proof: Proof) -> tuple[str, ...] | None:
    return None if proof.causes is None else tuple(cause.name for cause in proof.causes)


def test_every_wrong_claim_of_the_articles_has_its_cause():
    assert SEEDS.keys() == {name for name, claim in CLAIMS.items() if not claim.right}


@pytest.mark.parametrize("name", CLAIMS)
def test_claims_of_the_articles(name):
    claim = CLAIMS[name]
    proof = proved(claim.text, claim.formula, claim.measure, claim.convention)
    assert proof.verdict.equal is claim.right
    assert names(proof) == SEEDS.get(name)


@pytest.mark.parametrize(("text", "measure", "claim", "cause"), PLANTED)
def test_planted_claims(text, measure, claim, cause):
    proof = proved(text, claim, measure)
    assert proof.verdict.equal is False
    assert names(proof)[0] == cause


@pytest.mark.parametrize(("text", "measure", "claim", "cause"), PLANTED)
def test_a_cause_makes_what_is_claimed(text, measure, claim, cause):
    """What is counted under the cause is proved equal to the claim by itself."""
    proof = proved(text, claim, measure)
    first = proof.causes[0]
    if proof.relation == "==":
        assert first.count == proof.right
    else:
        assert first.count != proof.left


def test_every_cause_is_planted():
    assert {cause.name for cause in CAUSES} <= {cause for *_, cause in PLANTED} | {
        "another framework's convention",
        "taken for tied",
    }
    assert len({cause.name for cause in CAUSES}) == len(CAUSES)


def test_taken_for_tied():
    text = "model m(V = 99, h = 8) = tokens(5) -> embed(V, h) -> dense(h) -> linear(V)"
    assert names(proved(text, "V*h + h^2 + h")) == ("taken for tied", "embedding left out", "classifier left out")  # fmt: skip


def test_a_right_claim_has_no_cause():
    assert proved("input(i) -> dense(o)", "i*o + o").causes is None
    assert proved("zoo:gpt2", "~= 124M").causes is None


def test_none_is_said_where_none_fits():
    assert proved("input(i) -> dense(o)", "i*o + 17*o").causes == ()


def test_an_expectation_names_its_cause():
    text = "model m(h = 64, l = 12) = input(h) -> dense(h) * l"
    document = understand(Source("m", f"{text}\nexpect 2*m.params == 2*l*h^2"))
    found = judge(*document.claims, document)
    assert [(c.name, str(c.count)) for c in found.causes] == [("bias left out", "2*h^2*l")]
    document = understand(Source("m", f"{text}\nexpect m.params < 3"))
    assert judge(*document.claims, document).causes is None


def test_python_is_handed_sympy():
    proof = symparams.parse("input(i) -> dense(o)").prove("i*o + 2*o")
    assert str(proof.causes[0].count) == "i*o + 2*o"


def test_the_search_for_causes_is_bounded():
    """Of many wrong claims about large networks the first are searched; that is said."""
    text = "model m(h = 8) = input(9, 9, h)" + " -> conv(h, 3, pad = same)" * 400
    claims = "".join(f"\nexpect m.params == {k}" for k in range(20))
    found = check([Source("m", text + claims)]).judgements
    assert [j.holds for j in found] == [False] * 20
    assert not found[0].given_up
    assert found[0].causes == ()
    assert found[-1].given_up
    assert found[-1].causes is None
    page = "\n".join(map(str, remarks.causes(found[-1].causes, found[-1].given_up)))
    assert "none was found before the bound of work was met" in page

"""Two sides of tensors, without a framework: what is one and several, and what differs where."""

from __future__ import annotations

import pytest

from symparams.elaboration import understand
from symparams.errors import Source, SymparamsError
from symparams.frameworks.checking.compared import module_tensors, numberless, text_tensors
from symparams.frameworks.checking.differing import differences_of
from symparams.frameworks.checking.mapping import WrittenMap, mapped
from symparams.frameworks.checking.parts import left_over, reshaped, taken_apart
from symparams.frameworks.inference.tensors import BuiltModule, BuiltTensor

LAYERS = (
    "model m = input(5, 16) -> (residual(layernorm -> attention(4, kv_heads = 2, bias = no))) * 3"
)


def said(text):
    return text_tensors(understand(Source("<text>", text), "pytorch").definition(), {}, "torch")


def built(shapes, frozen=()):
    return module_tensors(
        BuiltModule(
            tuple(
                BuiltTensor(n, s, "frozen" if n in frozen else "trainable", "Linear" if len(s) == 2 else "")
                for n, s in shapes.items()
            )
        ),
        "torch",
    )  # fmt: skip


def decoder(fused=False, layers=3):
    found = {}
    for k in range(layers):
        found |= {f"h.{k}.norm.weight": (16,), f"h.{k}.norm.bias": (16,)}
        if fused:
            found[f"h.{k}.attn.qkv.weight"] = (32, 16)
        else:
            found |= {f"h.{k}.attn.{n}.weight": (8 if n in "kv" else 16, 16) for n in "qkv"}
        found[f"h.{k}.attn.o.weight"] = (16, 16)
    return found


def test_equal_sides():
    assert differences_of(said(LAYERS), built(decoder())) == ()


def test_order_is_no_evidence():
    shapes = dict(reversed(decoder().items()))
    assert differences_of(said(LAYERS), built(shapes)) == ()


def test_what_is_fused_is_taken_apart():
    text, module, (rule,) = taken_apart(said(LAYERS), built(decoder(fused=True)))
    assert left_over(text, module) == ({}, {})
    assert (rule.side, rule.pattern) == ("module", "h.#.attn.qkv.weight")
    assert sorted(rule.pieces) == [(16, 8), (16, 8), (16, 16)]


def test_the_text_may_be_the_one_that_is_fused():
    text = "model m = input(5, 16) -> dense(48, bias = no)"
    shapes = {f"attn.{n}.weight": (16, 16) for n in "qkv"}
    text, module, (rule,) = taken_apart(said(text), built(shapes))
    assert left_over(text, module) == ({}, {})
    assert rule.side == "text"


def test_pieces_of_one_tensor_stand_together():
    """What is anywhere in a network is no part of one tensor: a wrong width stays one."""
    text = "model m = input(16) -> dense(8) * 8 -> dense(32)"
    shapes = {f"a.{k}.weight": (8, 8) if k else (8, 16) for k in range(8)} | {"b.c.weight": (8, 32)}
    _, _, rules = taken_apart(said(text), built(shapes))
    assert rules == ()


def test_fusing_does_not_hide_another_layer():
    module = built(decoder(fused=True, layers=4))
    text, module, rules = taken_apart(said(LAYERS), module)
    assert len(rules) == 1
    (found,) = differences_of(text, module)
    assert (found.what, found.module, found.tensors) == ("only in the module", "h.3", 6)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ((3, 16, 16, 768), (768, 768), True),
        ((2, 3, 4), (6, 4), True),
        ((2, 3, 4), (24,), True),
        ((2, 3, 4), (4, 7), False),
        ((6, 4), (4, 6), False),
        ((2, 12), (3, 8), False),
    ],
)
def test_shapes_that_are_one_reshaped(one, other, equal):
    assert reshaped(tuple(sorted(one)), tuple(sorted(other))) is equal


def test_the_layer_that_lacks_a_tensor_is_named():
    shapes = decoder()
    del shapes["h.1.attn.k.weight"]
    (found,) = differences_of(said(LAYERS), built(shapes))
    assert (found.what, found.declared) == ("only in the text", "16x8 trainable")
    assert found.text.startswith("attention[1].k")


def test_a_frozen_tensor_is_another_role():
    (found,) = differences_of(said(LAYERS), built(decoder(), frozen={"h.2.attn.o.weight"}))
    assert (found.what, found.module) == ("another role", "h.2.attn.o")
    assert (found.declared, found.found) == ("16x16 trainable", "16x16 frozen")


def test_two_faults_that_cancel_in_the_total_do_not_cancel():
    shapes = decoder()
    shapes["h.0.norm.weight"], shapes["h.0.norm.bias"] = (15,), (17,)
    assert differences_of(said(LAYERS), built(shapes))


def test_numbers_of_names():
    assert numberless("layers.12.conv1.weight") == "layers.#.conv1.weight"
    assert numberless("attention[3].linear2") == "attention[#].linear2"


def test_a_map_says_what_a_tensor_is_made_of():
    text, module = said(LAYERS), built(decoder(fused=True))
    named = sorted(
        {
            t.place.split("[")[0] + "." + t.place.rpartition(".")[2]
            for t in text
            if t.place.count(".")
        }
    )
    whole = [n for n in named if n.rpartition(".")[2] in "qkv"]
    assert whole == ["attention.k", "attention.q", "attention.v"]
    made, (rule,) = mapped(module, text, [WrittenMap.read(f"h.#.attn.qkv = {'|'.join(whole)}")])
    assert rule.told
    assert left_over(text, made) == ({}, {})


MAPS = [
    ("h.#.attn.qkv", "--map h.#.attn.qkv: write PREFIX = LAYER|LAYER"),
    ("h.#.attn.qvk = x", "--map: nothing of the module is called 'h.#.attn.qvk'"),
    ("h.#.attn.qkv = layernor1", "--map: the text has no layer 'layernor1'"),
]


@pytest.mark.parametrize(("written", "message"), MAPS)
def test_a_wrong_map(written, message):
    with pytest.raises(SymparamsError) as raised:
        mapped(built(decoder(fused=True)), said(LAYERS), [WrittenMap.read(written)])
    assert str(raised.value).startswith(message)

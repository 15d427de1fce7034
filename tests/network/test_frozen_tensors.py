"""``freeze`` and ``train`` around a tensor that was made before them are refused."""

from __future__ import annotations

import pytest

import symparams
from symparams.errors import SymparamsError

HEAD = "model m(a = 4) = { x = input(a); y = x -> dense(a); "

#: Behind HEAD: what is trained, of two layers of 20 values; the word that cannot reach weights.
MODELS = [
    ("x -> freeze((id + (x -> dense(a)))) }", "freeze"),
    ("x -> freeze(relu -> (id + (x -> dense(a)))) }", "freeze"),
    ("x -> freeze((id + (x -> train(dense(a))))) }", "freeze"),
    ("x -> freeze((id + y) -> dense(a)) }", 20),
    ("x -> (id + (y -> freeze(dense(a)))) }", 20),
    ("x -> freeze((id + (y -> freeze(dense(a))))) }", 20),
    ("x -> freeze(id + dense(a)) }", 0),
    ("x -> freeze(train((id + (x -> dense(a))))) }", 20),
    ("x -> freeze({ weight w[a]; (id + w) }) }", 0),
]


@pytest.mark.parametrize(("text", "trained"), MODELS)
def test_what_is_trained(text, trained):
    head = HEAD if "y" in text else HEAD.replace("y = x -> dense(a); ", "")
    if isinstance(trained, int):
        assert symparams.parse(head + text).count("trainable") == trained
        return
    with pytest.raises(SymparamsError) as caught:
        symparams.parse(head + text)
    assert caught.value.message == (
        f"'{trained}' around a tensor whose weights are made outside of it"
    )
    assert caught.value.hint == "put it around the layers that own the weights"


def test_a_condition_with_or_inside_and_has_brackets():
    """Without them what is printed would hold at h = 2, where the shared net is not used."""
    model = symparams.parse(
        "model m(h in {2, 3, 4, 6}) = { shared S = linear(6); input(h, 8, h)"
        " -> [(if (q == 3) or (q % 2 == 1) then S else linear(6)) for q in 2..h] -> flatten }"
    )
    printed = " ".join(map(str, model.network.conditions))
    assert "h >= 3 and (0 == 0 or 0 == 0)" in printed
    assert model.count("params", h=2) == 12

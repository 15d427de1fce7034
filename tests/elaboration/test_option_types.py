"""Each type of option: what a call may give, what is refused, and how a new one is added."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from symparams.algebra import text
from symparams.elaboration import build, understand, vocabulary
from symparams.elaboration.callables import KindTarget
from symparams.elaboration.combinators import COMBINATORS
from symparams.elaboration.option_types import READERS, SizeReader
from symparams.errors import Source, SymparamsError
from symparams.layers import Layer, Option, kinds
from symparams.layers.options import REQUIRED, SizeOption
from symparams.views.pages import layers as page


def network(text):
    return build(understand(Source("net.arch", text)).definition())


def types(base: type[Option] = Option) -> Iterator[type[Option]]:
    for each in base.__subclasses__():
        if each.__module__.startswith("symparams."):
            yield each
            yield from types(each)


def test_each_type_has_a_name_of_its_own_and_a_reader():
    names = [each.type for each in types()]
    assert len(set(names)) == len(names)
    assert [each.type for each in types() if not READERS.keys() & set(each.types())] == []
    assert READERS.keys() <= set(names), "a reader of a type that is not declared"


def test_each_type_is_an_option_of_some_kind():
    declared = [*kinds().values(), *COMBINATORS.values()]
    used = {type(o) for kind in declared for o in kind.options.values()}
    assert used == set(types())


#: Type → a call with an option of it that is read, and one that is refused, and how.
CALLS = {
    "size": ("input(4) -> dense(3)", "input(4) -> dense(no)", "'units' of 'dense' must be a size"),
    "row": (
        "input(4) -> einsum_dense(\"a,abc->bc\", [2, 3])",
        "input(4) -> einsum_dense(\"a,abc->bc\", (2, 3))",
        "'out' of 'einsum_dense' must be a list, not a bundle",
    ),
    "sizes": (
        "input(9, 9, 4) -> conv(8, [3, 2], pad = same)",
        "input(9, 9, 4) -> conv(8, [3, 0])",
        "each of 'kernel' of 'conv' must be at least 1, not 0",
    ),
    "many": (
        "input(12) -> reshape(3, [2, 2])",
        "input(12) -> reshape((3, 4))",
        "each size of 'reshape' must be a size, not a bundle",
    ),
    "number": (
        "input(4) -> dropout(1/2)",
        "input(4) -> dropout(-1/2)",
        "'rate' of 'dropout' must be at least 0, not -1/2",
    ),
    "count": (
        "input(5, 4) -> gru(3, bias_vectors = 2)",
        "input(5, 4) -> gru(3, bias_vectors = 3)",
        "'bias_vectors' of 'gru' must be at most 2, not 3",
    ),
    "state": (
        "{ x = input(5, 4); x -> recur(cat -> dense(3), x -> take(0) -> dense(3)) }",
        "input(5, 4) -> recur(cat -> dense(3), no)",
        "'h' of 'recur' must be a size, not a flag",
    ),
    "precision": (
        "input(5, 4) -> precision(dense(3), nf4)",
        "input(5, 4) -> precision(dense(3), relu)",
        "'bits' of 'precision' must be a number of bits or a layout, not the layer kind 'relu'",
    ),
    "word": (
        "input(5, 4) -> bidirectional(gru(3), merge = sum)",
        "input(5, 4) -> bidirectional(gru(3), merge = 3)",
        "'merge' of 'bidirectional' must be one of",
    ),
    "flag": (
        "input(4) -> dense(3, bias = no)",
        "input(4) -> dense(3, bias = 0)",
        "'bias' of 'dense' must be yes or no, not a size",
    ),
    "axis": (
        "input(9, 4) -> bn(axis = 0)",
        "input(9, 4) -> bn(axis = 1/2)",
        "'axis' of 'bn' must be an integer, not 1/2",
    ),
    "axes": (
        "input(9, 4) -> layernorm(axis = [0, -1])",
        "input(9, 4) -> layernorm(axis = (0, 1))",
        "'axis' of 'layernorm' must be a list, not a bundle",
    ),
    "equation": (
        'input(4) -> einsum_dense("a,ab->b", 3, bias = "b")',
        "input(4) -> einsum_dense(3)",
        "'equation' of 'einsum_dense' must be an equation in quotes, not a size",
    ),
    "tensor": (
        "{ x = input(5, 4); attend(x, x, x, bias = none) }",
        "{ x = input(5, 4); attend(x, x, x, bias = tokens(5)) }",
        "'bias' of 'attend' must be a tensor of numbers",
    ),
    "net": (
        "input(4) -> weightnorm(dense(3))",
        "input(4) -> weightnorm(3)",
        "a net is needed here, but this is a size",
    ),
}  # fmt: skip


def test_the_calls_are_of_every_type():
    assert CALLS.keys() == {each.type for each in types()}


@pytest.mark.parametrize("name", CALLS)
def test_each_type_reads_its_values_and_refuses_others(name):
    read, refused, says = CALLS[name]
    network(read)
    with pytest.raises(SymparamsError) as caught:
        network(refused)
    assert says in caught.value.message


# --- a new type: one class where it is declared, one where it is read ------


class EvenOption(SizeOption):
    type = "even"
    beside = "an even size"


class LargerEvenOption(EvenOption):
    type = "larger even"


class Probe(Layer):
    """A layer with a new type of option."""

    kind = "probe"
    example = "input(4) -> probe(2)"
    units = EvenOption("h", "how many", REQUIRED, 0, ("few",))
    more = LargerEvenOption("", "and more", 4, low=4)

    def output(self, shape):
        return (*shape[:-1], 2 if self.units == "few" else self.units)


@pytest.fixture
def probe(monkeypatch):
    class EvenReader(SizeReader, reads="even"):
        takes_symbols = False

        def accepted(self, value, node, scope):
            size = super().accepted(value, node, scope)
            return size if size % 2 == 0 else self.refuse("even", value, node)

    monkeypatch.setitem(vocabulary.built_in(), "probe", KindTarget(Probe))
    monkeypatch.setattr(vocabulary, "words_known", lambda: frozenset({"few"}))
    yield
    del READERS["even"]


def test_a_new_type(probe):
    assert text(network("input(4) -> probe(6) -> dense(1)").measure("params")) == "7"
    assert text(network("input(4) -> probe(few) -> dense(1)").measure("params")) == "3"
    for call, says, hint in (
        ("probe(3)", "'units' of 'probe' must be even, not a size", ""),
        ("probe(6, more = 5)", "'more' of 'probe' must be even, not a size", ""),
        ("probe(6, more = 2)", "'more' of 'probe' must be at least 4, not 2", ""),
        ("probe(x)", "'units' of 'probe' cannot be 'x'", "it may be few or an even size"),
    ):
        with pytest.raises(SymparamsError) as caught:
            network(f"input(4) -> {call}")
        assert (caught.value.message, caught.value.hint) == (says, hint)
    assert page._option("units", Probe.options["units"]).cells == (
        "units", "h", "how many (few, or an even size)"
    )  # fmt: skip

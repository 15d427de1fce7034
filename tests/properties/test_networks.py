"""Whole networks: the formula at a point is the network built there."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings, strategies as st

from symparams.algebra import Polynomial, add_up, substitute, symbols_of
from symparams.analysis.reports import layers_of, report
from symparams.elaboration.definition import Network, build
from symparams.elaboration.shipped_files import conventions
from symparams.errors import NeedsValue, SymparamsError
from symparams.network import MEASURES
from tests.properties.networks import POINTS, SYMBOLS, Text, definition, nets, texts


def network(source: str, convention: str | None = None) -> Network:
    """The general network; a text that has none is not of interest here."""
    try:
        return build(definition(source, convention))
    except NeedsValue:
        assume(False)
        raise
    except SymparamsError as error:
        # Sizes that are not known to be equal, and windows that can never fit.
        assume("not known to be equal" not in str(error) and "differ" not in str(error))
        assume("must fit" not in str(error) and "must be at least 1, not 0" not in str(error))
        raise


def output(net: Network):
    return net.root.output.axes


MANY = settings(max_examples=120)


@MANY
@given(texts(), POINTS)
def test_a_formula_at_a_point_is_the_network_there(text, point):
    general = network(text.source())
    allowed = general.allows(point)
    try:
        concrete = build(definition(text.source()), point)
    except SymparamsError:
        assert not allowed
        return
    assert not concrete.symbols
    if allowed:
        for name, formula in general.measures().items():
            assert substitute(formula, point) == concrete.measure(name), name
        assert tuple(substitute(x, point) for x in output(general)) == output(concrete)


@MANY
@given(texts(), POINTS, st.sets(st.sampled_from(SYMBOLS)))
def test_values_in_two_steps(text, point, first):
    general = network(text.source())
    assume(general.allows(point))
    some = {name: point[name] for name in first}
    try:
        halfway = build(definition(text.source()), some)
    except NeedsValue:
        assume(False)
    assert set(halfway.symbols) == set(SYMBOLS) - first
    assert halfway.allows({n: v for n, v in point.items() if n not in first})
    for name, formula in halfway.measures().items():
        assert {s.name for s in symbols_of(formula)} <= set(halfway.symbols)
        assert substitute(formula, point) == substitute(general.measure(name), point), name


@given(texts())
def test_counts_are_whole_and_not_negative(text):
    general = network(text.source())
    for point in (dict.fromkeys(SYMBOLS, k) for k in (1, 2, 7)):
        if general.allows(point):
            for formula in general.measures().values():
                value = substitute(formula, point)
                assert isinstance(value, int)
                assert value >= 0


@given(texts())
def test_measures_fit_together(text):
    measures = network(text.source()).measures()
    assert measures["params"] == measures["trainable"] + measures["frozen"]
    assert measures["total"] == measures["params"] + measures["buffers"]


@given(texts(), st.sampled_from(sorted(MEASURES)))
def test_rows_add_up_to_the_total(text, measure):
    made = report(network(text.source()), measure)
    assert (
        made.network.facts.reduce(add_up(row.total for row in layers_of(made.rows))) == made.total
    )
    assert not any(row.total == 0 and row.count != 0 for row in made.rows if row.times != 0)


# --- order and grouping ----------------------------------------------------


def same(left: Network, right: Network) -> None:
    assert left.measures() == right.measures()
    assert output(left) == output(right)


@given(nets(3))
def test_chains_are_associative(text):
    start, a, b, c = text.links
    plain = network(text.source())
    same(plain, network(text.source(f"{start} -> ({a} -> ({b} -> {c}))")))
    same(plain, network(text.source(f"{start} -> ({a} -> {b}) -> {c}")))
    same(plain, network(text.source(f"({start} -> {a}) -> ({b} -> {c})")))
    same(plain, network(text.source(f"{start} -> id -> {a} -> ({b} -> id) -> {c} -> id")))


@settings(max_examples=60)
@given(nets(1), st.integers(0, 6))
def test_a_repeat_is_what_it_stands_for(text, times):
    start, net = text.links
    chain = " -> ".join([start, *[f"({net})"] * times])
    unrolled = network(text.source(chain))
    same(network(text.source(f"{start} -> ({net}) * {times}")), unrolled)
    same(network(text.source(f"{start} -> {times} * ({net})")), unrolled)


@settings(max_examples=60)
@given(nets(1), st.integers(1, 6), POINTS)
def test_a_symbolic_repeat_is_what_it_stands_for(text, times, point):
    start, net = text.links
    model = f"{text.source(f'{start} -> ({net}) * k')}".replace("model m(", "model m(k, ")
    general = network(model)
    unrolled = network(text.source(" -> ".join([start, *[f"({net})"] * times])))
    point = {**point, "k": times}
    assume(general.allows(point))
    for name, formula in general.measures().items():
        assert substitute(formula, point) == substitute(unrolled.measure(name), point), name


@given(nets(2), st.sampled_from("+|*"))
def test_sides_of_a_join_may_change_places(text, op):
    start, a, b = text.links
    left = network(text.source(f"{start} -> (({a} -> linear(c)) {op} ({b} -> linear(c)))"))
    right = network(text.source(f"{start} -> (({b} -> linear(c)) {op} ({a} -> linear(c)))"))
    same(left, right)


@given(nets(1))
def test_a_block_is_its_body(text):
    start, net = text.links
    wrapped = Text(text.links, (*text.blocks, f"block whole(a, c, h, n, w) = {net}"))
    same(network(text.source()), network(wrapped.source(f"{start} -> whole(a, c, h, n, w)")))


@given(nets(1), st.integers(1, 4))
def test_a_comprehension_is_a_chain(text, times):
    start, net = text.links
    chain = " -> ".join([start, *[f"({net})"] * times])
    made = f"{start} -> [{net} for k in 1..{times}]"
    same(network(text.source(chain)), network(text.source(made)))


# --- conventions -----------------------------------------------------------


@given(texts())
def test_no_convention_changes_a_shape(text):
    plain = network(text.source())
    for convention in conventions():
        other = network(text.source(), convention)
        assert output(other) == output(plain)
        assert other.measure("activations") == plain.measure("activations")


@given(texts())
def test_the_same_text_gives_the_same_network(text):
    first, second = (report(network(text.source())) for _ in range(2))
    assert [(r.name, r.total, r.depth) for r in first.rows] == [
        (r.name, r.total, r.depth) for r in second.rows
    ]
    assert first.conditions == second.conditions
    same(first.network, second.network)


# --- the strategies themselves ---------------------------------------------


def test_the_strategies_reach_every_part_of_the_language():
    """Random texts are no good when most of them are refused or alike."""
    found = {"drawn": 0, "built": 0, "allowed": 0}
    parts = ("block", "residual(", ") * n", "|", "embed", "flatten", "maxpool",
             "conv(", "globalavgpool", " - ", "pad = same", "t = 0")  # fmt: skip
    words = dict.fromkeys(parts, 0)

    @settings(max_examples=200)
    @given(texts(), POINTS)
    def count(text: Text, point: dict[str, int]) -> None:
        found["drawn"] += 1
        for word in words:
            words[word] += word in text.source()
        try:
            general = build(definition(text.source()))
        except SymparamsError:
            return
        found["built"] += 1
        found["allowed"] += general.allows(point)
        assert isinstance(general.measure("activations"), int | Polynomial)

    count()
    assert found["built"] > 0.7 * found["drawn"], found
    assert found["allowed"] > 0.5 * found["drawn"], found
    assert all(words.values()), words


def test_a_text_that_does_not_fit_is_refused_by_both():
    source = "model m(w) = input(w, w, 3) -> conv(8, 5)"
    general = build(definition(source))
    assert not general.allows({"w": 4})
    with pytest.raises(SymparamsError, match="must fit"):
        build(definition(source), {"w": 4})
    assert general.allows({"w": 5})
    assert build(definition(source), {"w": 5}).measure("params") == 608

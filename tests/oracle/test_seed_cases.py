"""Counts, closed forms and claims of five articles, reproduced, proved or refuted."""

from __future__ import annotations

import re

import pytest

from symparams.algebra import substitute, symbols_of
from symparams.algebra.proof import compare

from .counting import facts, network, size
from .seed_sources import CASES, CLAIMS, WRONG_FORMULAS, WRONG_NUMBERS

ROWS = {row["id"]: row for row in facts("seed_cases")}
PRINTED = [id_ for id_, row in ROWS.items() if row["formula_as_printed"]]
IN_NUMBERS = [id_ for id_ in PRINTED if not re.search("[a-zA-Z]", CASES[id_].formula)]
IN_SYMBOLS = [id_ for id_ in PRINTED if id_ not in IN_NUMBERS]
WITH_TEXTS = [(id_, text) for id_, case in CASES.items() for text in case.texts]
NUMBERED = [(i, text) for i, text in WITH_TEXTS if ROWS[i]["expected"] and i not in WRONG_NUMBERS]


def sizes_of(id_: str) -> dict[str, int]:
    """The sizes a row gives to letters."""
    pairs = re.findall(r"(\w+)=(\d+)(?=,|$)", ROWS[id_]["sizes"])
    return {name: int(value) for name, value in pairs}


def in_notation(printed: str) -> str:
    """A printed formula without what the language writes differently."""
    formula = printed.split(" = ")[0].replace("[", "(").replace("]", ")")
    return re.sub(r"(?<=[\d)])x(?=[\d(])", "*", formula)


def test_every_row_has_a_case() -> None:
    assert list(CASES) == list(ROWS)
    assert len(ROWS) == 41


@pytest.mark.parametrize("id_", PRINTED)
def test_the_formula_is_the_printed_one(id_: str) -> None:
    assert CASES[id_].formula == in_notation(ROWS[id_]["formula_as_printed"])


def test_only_a_row_without_a_printed_formula_has_none() -> None:
    assert [id_ for id_, case in CASES.items() if case.formula] == PRINTED


@pytest.mark.parametrize(("id_", "text"), NUMBERED)
def test_the_number_is_reproduced(id_: str, text: str) -> None:
    row, case = ROWS[id_], CASES[id_]
    general = network(text)
    sizes = {k: v for k, v in sizes_of(id_).items() if k in general.symbols}
    expected = int(row["expected"])
    assert network(text, sizes=sizes).measure(case.measure) == expected
    assert substitute(general.measure(case.measure), sizes) == expected


@pytest.mark.parametrize("id_", [id_ for id_ in PRINTED if ROWS[id_]["expected"]])
def test_the_printed_formula_gives_the_number(id_: str) -> None:
    formula, expected = CASES[id_].formula, int(ROWS[id_]["expected"])
    value = size(formula, sizes_of(id_))
    if id_ in IN_NUMBERS:  # Python's own arithmetic says the same
        assert value == eval(formula, {"__builtins__": {}})
    if id_ == "cnn9_wrong_claim":
        assert (value, expected) == (66_048, 65_664)
    else:
        assert value == expected


PROVED = [
    (id_, text, formula)
    for id_, text in WITH_TEXTS
    for formula in (CASES[id_].formula if id_ in IN_SYMBOLS else "", CASES[id_].closed)
    if formula and id_ not in WRONG_FORMULAS
]


@pytest.mark.parametrize(("id_", "text", "formula"), PROVED)
def test_a_formula_in_symbols_is_proved(id_: str, text: str, formula: str) -> None:
    net = network(text)
    verdict = compare(net.measure("params"), size(formula), net.facts, net.allows)
    assert verdict.equal is True
    assert verdict.difference == 0


def test_every_formula_in_symbols_is_proved_or_refuted() -> None:
    proved = {id_ for id_, _, formula in PROVED if formula == CASES[id_].formula}
    assert proved | set(WRONG_FORMULAS) >= set(IN_SYMBOLS)
    assert len(proved) == 7


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_is_proved_or_refuted(name: str) -> None:
    claim = CLAIMS[name]
    net = network(claim.text, claim.convention)
    verdict = compare(net.measure(claim.measure), size(claim.formula), net.facts, net.allows)
    assert verdict.equal is claim.right
    assert verdict.difference == size(claim.difference)
    if not claim.right:
        # The counterexample really is one: both sides built again at that point.
        there = network(claim.text, claim.convention, dict(verdict.point))
        assert there.measure(claim.measure) == verdict.left
        assert size(claim.formula, verdict.point) == verdict.right
        assert verdict.left != verdict.right
        assert verdict.left - verdict.right == size(claim.difference, verdict.point)


def test_the_wrong_lstm_number_is_no_count_of_an_lstm() -> None:
    row = ROWS["lstm_wrong_claim"]
    sizes = sizes_of("lstm_wrong_claim")
    assert sizes == {"m": 16, "n": 4096, "u": 256}
    (text,) = CASES["lstm_wrong_claim"].texts
    count = network(text, sizes=sizes).measure("params")
    assert count == int(ROWS["lstm_256"]["expected"]) == 4_457_472
    assert int(row["expected"]) - count == 17_242_520_576


@pytest.mark.parametrize("convention", ["textbook", "keras", "pytorch"])
@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm"])
def test_a_recurrent_count_does_not_depend_on_time_steps(kind: str, convention: str) -> None:
    text = f"input(m, n) -> {kind}(u)"
    names = {s.name for s in symbols_of(network(text, convention).measure("params"))}
    assert names == {"n", "u"}
    counts = {
        network(text, convention, {"m": m, "n": 4096, "u": 256}).measure("params")
        for m in (1, 16, 1000)
    }
    assert len(counts) == 1


def test_fc1_is_a_convolution_over_the_whole_image() -> None:
    dense, conv = (network(text) for text in CASES["vgg_fc1"].texts)
    assert dense.measure("params") == conv.measure("params") == 102_764_544
    assert dense.measure("macs") == conv.measure("macs")
    assert dense.root.output.axes == (4096,)
    assert conv.root.output.axes == (1, 1, 4096)
    # For every image size and both widths, not only at 7, 512 and 4096:
    dense = network("input(n, n, i) -> flatten -> dense(o)")
    conv = network("input(n, n, i) -> conv(o, n)")
    verdict = compare(dense.measure("params"), conv.measure("params"), dense.facts)
    assert verdict.equal is True

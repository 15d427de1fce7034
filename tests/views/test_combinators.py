"""The combinators, each from its declaration: example, errors, pages."""

from __future__ import annotations

import pytest

from symparams.elaboration.combinators import COMBINATORS
from symparams.errors import SymparamsError
from symparams.layers import kinds
from symparams.network import MEASURES
from symparams.views.pages import layers
from symparams.views.rendering import render
from tests.oracle.counting import network

from .combinators_page import PAGE, written


@pytest.mark.parametrize("name", COMBINATORS)
def test_an_unknown_option_leads_to_the_nearest(name):
    combinator = COMBINATORS[name]
    longest = max(combinator.options, key=len, default="")
    over = "dense(c) for c in [1, 2], " if combinator.form else ""
    with pytest.raises(SymparamsError) as caught:
        network(f"input(8) -> {name}({over}{longest}x = relu)")
    assert caught.value.message == f"'{name}' has no option '{longest}x'"
    assert caught.value.hint == (f"did you mean '{longest}'?" if longest else "it has none")


@pytest.mark.parametrize("name", COMBINATORS)
def test_an_example_counts_and_is_of_its_combinator(name):
    example = COMBINATORS[name].example
    assert f"{name}(" in example
    found = network(example)
    assert found.measure("params") != 0 != found.measure("macs")


@pytest.mark.parametrize("name", COMBINATORS)
def test_its_page_shows_its_options_and_what_it_counts(name):
    combinator = COMBINATORS[name]
    data = layers.described(combinator).data
    assert data["family"] == "combinators"
    assert data["signature"].startswith(f"{name}(")
    assert [row["option"] for row in data["rows"]] == list(combinator.options)
    assert data["example"] == combinator.example
    assert data["measures"].keys() <= MEASURES.keys()


def test_the_catalogue_has_a_section_of_them():
    rows = layers.catalogue().data["rows"]
    listed = {row["name"] for row in rows if row["family"] == "combinators"}
    assert listed == COMBINATORS.keys() - kinds().keys()
    assert "Combinators" in render(layers.catalogue()).splitlines()


def test_a_kind_that_goes_over_lists_too_says_so():
    assert "cat(net for c in list, axis = -1): Nets on the same input" in render(layers.kind("cat"))


def test_the_page_of_the_docs_is_that_of_the_declarations():
    assert PAGE.read_text("utf-8") == written(), "python -m tests.views.combinators_page"
    assert [line[3:] for line in written().splitlines() if line.startswith("## ")] == sorted(
        COMBINATORS
    )


def test_a_slip_leads_to_a_combinator():
    with pytest.raises(SymparamsError, match=r"unknown layer kind 'mo'\n +did you mean 'moe'\?"):
        layers.kind("mo")

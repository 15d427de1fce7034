"""The tables of ``docs/measures.md`` are those of the code and the facts."""

from __future__ import annotations

import pytest

from .measures_page import LANGUAGE, PAGE, TABLES, tables, written


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_page(name: str) -> None:
    there = tables(PAGE.read_text("utf-8"))
    assert there[name] == written(name), "python -m tests.oracle.measures_page writes it anew"


def test_the_page_has_every_table_and_no_other() -> None:
    assert tables(PAGE.read_text("utf-8")).keys() == TABLES.keys()


def test_the_measures_stand_in_the_page_on_the_language_too() -> None:
    assert tables(LANGUAGE.read_text("utf-8")) == {"measures": written("measures")}

"""Tables in a terminal's width: exact ones at some widths, and what holds at all of them."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given, strategies as st

from symparams.views.folding import fitted, longest_word, wrapped
from symparams.views.rendering import render
from symparams.views.sheet import RULE, Column, Line, Sheet, section
from symparams.views.written import width
from tests.views.nets import explained, sheets, shown_sheet

SMALL = Sheet(
    "Model: small",
    (
        Column("name", "Layer"),
        Column("formula", "Formula of it"),
        Column("count", "Param #", "right"),
        Column("says", "What it is", prose=True),
    ),
    (
        section("First"),
        Line(("a.long.name", "4*h^2 + 4*h*i + 4*h", 1_048_576, "A layer that says much."), 0),
        Line(("inner one", "h", 7, ""), 1),
        RULE,
        Line(("Total", None, 1_048_583, None), style="total"),
    ),
    footer=(("Total params", "4*h^2 + 4*h*i + 5*h"), ("  at h = 64, i = 32", "24,896")),
    notes=("a remark of several words, longer than any terminal",),  # type: ignore[arg-type]
    lead=("one sentence above",),
)

WIDTHS = {
    None: """\
Model: small
one sentence above
Layer        Formula of it          Param #  What it is
--------------------------------------------------------------------
First
a.long.name  4*h^2 + 4*h*i + 4*h  1,048,576  A layer that says much.
  inner one  h                            7
--------------------------------------------------------------------
Total                             1,048,583
Total params: 4*h^2 + 4*h*i + 5*h
  at h = 64, i = 32: 24,896
a remark of several words, longer than any terminal""",
    50: """\
Model: small
one sentence above
Layer        Formula of      Param #  What it is
             it
--------------------------------------------------
First
a.long.name  4*h^2 +       1,048,576  A layer that
             4*h*i + 4*h              says much.
  inner one  h                     7
--------------------------------------------------
Total                      1,048,583
Total params: 4*h^2 + 4*h*i + 5*h
  at h = 64, i = 32: 24,896
a remark of several words, longer than any
  terminal""",
    30: """\
Model: small
one sentence above
First
a.long.name
  Formula of it: 4*h^2 + 4*h*i
    + 4*h
  Param #: 1,048,576
  What it is: A layer that
    says much.
  inner one
    Formula of it: h
    Param #: 7
------------------------------
Total
  Param #: 1,048,583
Total params: 4*h^2 + 4*h*i +
  5*h
  at h = 64, i = 32: 24,896
a remark of several words,
  longer than any terminal""",
}


@pytest.mark.parametrize("places", WIDTHS)
def test_a_table_at_a_width(places):
    assert render(SMALL, width=places) == WIDTHS[places]


def test_a_derivation_at_a_width():
    assert (
        render(explained("lstm"), width=56)
        == """\
Parameters of network
lstm1: 4·i·h + 4·h·h + 4·h = 4·(h·(i + h) + h)
         (kernel 4·h·i + recurrent_kernel 4·h^2 + bias
           4·h)
total: 4·(h·(i + h) + h) = 4·h·(i + h + 1)"""
    )
    assert (
        render(explained("lstm"), width=30)
        == """\
Parameters of network
lstm1:
  4·i·h + 4·h·h + 4·h =
    4·(h·(i + h) + h)
  (kernel 4·h·i +
    recurrent_kernel 4·h^2 +
    bias 4·h)
total:
  4·(h·(i + h) + h) = 4·h·(i +
    h + 1)"""
    )


def test_in_a_pipe_data_are_one_line_a_row_and_sentences_are_folded():
    says = " ".join(["word"] * 60)
    formula = " + ".join(["h"] * 60)
    columns = (Column("a", "A"), Column("b", "B"), Column("c", "C", prose=True))
    lines = render(Sheet("t", columns, (Line(("x", formula, says)),))).splitlines()
    assert lines[3].startswith(f"x  {formula}  word")
    assert {line[:3] for line in lines[4:]} == {"   "}
    assert " ".join(lines[3:]).split().count("word") == 60
    lines = render(Sheet("t", columns, (Line(("x", "h", says)),))).splitlines()
    assert max(map(len, lines)) == 100


# --- at every width ---------------------------------------------------------

WORDS = st.text(st.sampled_from("ab*^()+,.[層é]"), min_size=1, max_size=14)
TEXTS = st.lists(WORDS, max_size=9).map(" ".join)
NUMBERS = st.integers(0, 10**12)


@st.composite
def drawn_sheets(draw: st.DrawFn) -> Sheet:
    """A sheet with a number, texts and sentences in each row, and all that stands around."""
    shape = st.tuples(TEXTS, TEXTS, NUMBERS | st.none(), TEXTS)
    row = st.builds(Line, shape, st.integers(0, 3), st.sampled_from(["", "group", "dim"]))
    rows = draw(st.lists(row | st.just(RULE) | st.builds(section, TEXTS), max_size=5))
    heads = draw(st.tuples(*[TEXTS] * 4))
    aligned = zip("abcd", heads, ("left", "left", "right", "left"), strict=True)
    return Sheet(
        draw(TEXTS),
        tuple(Column(key, heading, align, key == "d") for key, heading, align in aligned),
        tuple(rows),
        tuple(draw(st.lists(st.tuples(TEXTS, TEXTS), max_size=2))),
        tuple(draw(st.lists(TEXTS, max_size=2))),  # type: ignore[arg-type]
        tuple(draw(st.lists(TEXTS, max_size=2))),
        draw(st.sampled_from(["table", "lines", "formula"])),
    )


def words(text: str) -> list[str]:
    """The words of a text in some order; rules are none."""
    return sorted(re.sub(r"^-+$", "", text, flags=re.MULTILINE).split())


@given(drawn_sheets(), st.integers(1, 120))
def test_no_line_is_longer_but_for_one_word_and_no_word_is_lost(sheet, places):
    folded, plain = render(sheet, width=places), render(sheet)
    for line in folded.splitlines():
        assert width(line) <= places or len(line.split()) == 1, line
    if ": " not in plain and sheet.layout != "table":
        assert words(folded) == words(plain)
    cells = [str(c) for row in sheet.told for c in row.cells if isinstance(c, str)]
    cells += [f"{c:,}" for row in sheet.told for c in row.cells if isinstance(c, int)]
    if sheet.layout != "formula":
        told = [*sheet.lead, *sheet.notes, sheet.title, *map(" ".join, sheet.footer)]
        left = words(folded)
        for word in words(" ".join([*cells, *told])):
            assert any(word in printed for printed in left), word


@given(TEXTS, st.integers(1, 60), st.integers(0, 6))
def test_wrapped(text, places, hang):
    lines = wrapped(text, places, hang)
    assert " ".join(lines).split() == text.split()
    assert all(width(line) <= places or len(line.split()) == 1 for line in lines)
    assert max(map(width, wrapped(text, longest_word(text), 0))) <= longest_word(text)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1), st.integers(0, 200))
def test_fitted(pairs, places):
    widest, narrowest = [max(pair) for pair in pairs], [min(pair) for pair in pairs]
    found = fitted(widest, narrowest, places)
    assert all(a <= b <= c for a, b, c in zip(narrowest, found, widest, strict=True))
    assert sum(found) == max(sum(narrowest), min(sum(widest), places))


@pytest.mark.parametrize("places", [20, 40, 60, 80, 120, 200])
def test_what_is_shown_at_every_width_is_what_is_counted(places):
    for name in ("numbers", "repeats", "floors", "huge"):
        plain, narrow = render(shown_sheet(name)), render(shown_sheet(name), width=places)
        numbers = re.findall(r"[\d,]{4,}", plain)
        assert sorted(re.findall(r"[\d,]{4,}", narrow)) == sorted(numbers)


@cache
def every_page() -> dict[str, Sheet]:
    return sheets()


@pytest.mark.parametrize("places", [40, 60, 80, 120, 200])
def test_every_page_stays_within_the_width_and_loses_nothing(places):
    for name, sheet in every_page().items():
        plain, narrow = render(sheet), render(sheet, width=places)
        for line in narrow.splitlines():
            assert width(line) <= places or len(line.split()) == 1, (name, line)
        said = {word for line in plain.splitlines() for word in line.split() if "---" not in word}
        left = {word for line in narrow.splitlines() for word in line.split()}
        heads = {word for column in sheet.columns for word in column.heading.split()}
        assert {w for w in said - left - heads if f"{w}:" not in left} == set(), name

"""What answers are outside of Python: a page in a notebook, the JSON of the command, a data frame.

Each answer is held against the command that gives the same.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
import sympy

import symparams
from symparams.analysis import check, swept
from symparams.answers import PublicAnswer, answered
from symparams.errors import Source, SymparamsError
from symparams.frameworks import Mismatch, Verification
from symparams.views.answers import PAGES
from tests.cli.running import run
from tests.frameworks.built import inferred, transformer
from tests.frameworks.sources import CHECKED, IMPORTED
from tests.views.nets import CLAIMS, VERIFIED, definition

TEXT = "input(t, i) -> lstm(h) -> dense(9)"
MODEL = symparams.parse(TEXT)
OTHER_TEXT = "input(t, i) -> gru(h) -> dense(9)"
OTHER = symparams.parse(OTHER_TEXT)
LSTM = definition("lstm")
OVER = {"h": "1..64", "i": "1..64"}
SPACE = MODEL.at(t=1).space.over(OVER).within("params <= 10_000")
SPACED = ("--set", "t=1", "--over", "h=1..64", "--over", "i=1..64", "--budget", "params <= 10_000")

#: What Python answers → what gives it, and the command that prints the same.
ANSWERS: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {
    "Model": (lambda: MODEL, ("show", TEXT)),
    "SizeTable": (lambda: symparams.sizes("zoo:gpt2"), ("sizes", "zoo:gpt2")),
    "Model at sizes": (lambda: MODEL.at(h=10**12, i=1), ("show", TEXT, "--set", "h=1_000_000_000_000,i=1")),
    "Model of the zoo": (lambda: symparams.load("zoo:gpt2")["gpt2"], ("show", "zoo:gpt2")),
    "Report": (lambda: MODEL.report("macs"), ("show", TEXT, "--measure", "macs")),
    "Proof": (lambda: MODEL.prove("4*h*(h+i+1)"), ("prove", TEXT, "4*h*(h+i+1)")),
    "Sensitivities": (lambda: MODEL.sensitivities(), ("sensitivity", TEXT)),
    "Sensitivities at": (
        lambda: MODEL.sensitivities("macs", t=1, i=2, h=3),
        ("sensitivity", TEXT, "--measure", "macs", "--set", "t=1,i=2,h=3"),
    ),
    "TradeOff": (lambda: MODEL.trade("i", "h", t=1, i=9, h=100), ("sensitivity", TEXT, "--trade", "i:h", "--set", "t=1,i=9,h=100")),
    "LeadingTerm": (lambda: MODEL.leading("h"), ("sensitivity", TEXT, "--leading", "h")),
    "PartCrossover": (lambda: MODEL.crossover("lstm", "dense"), ("sensitivity", TEXT, "--crossover", "lstm:dense")),
    "ModelDiff": (lambda: MODEL.diff(OTHER), ("diff", TEXT, OTHER_TEXT)),
    "PartShares": (lambda: MODEL.shares(t=1, i=2, h=3), ("sensitivity", TEXT, "--shares", "--set", "t=1,i=2,h=3")),
    "Solved": (lambda: MODEL.solve("params <= 10_000", "h", i=3), ("solve", TEXT, "params <= 10_000", "--for", "h", "--set", "i=3")),
    "Best": (lambda: SPACE.best("h*i"), ("search", TEXT, *SPACED, "--maximize", "h*i")),
    "Best by the model": (
        lambda: MODEL.at(t=1).search("h*i", ["params <= 10_000"], OVER),
        ("search", TEXT, *SPACED, "--maximize", "h*i"),
    ),
    "a front": (lambda: SPACE.front(["h", "i"]), ("search", TEXT, *SPACED, "--pareto", "h,i")),
    "Samples": (lambda: SPACE.samples(3, 7), ("search", TEXT, *SPACED, "--sample", "3", "--seed", "7")),
    "Counted": (lambda: SPACE.counted(), ("search", TEXT, *SPACED, "--count")),
}  # fmt: skip


@cache
def answer(name: str) -> Any:
    return ANSWERS[name][0]()


#: Class → an answer whose command needs a framework or a file; the page is that of the command.
BY_HAND: dict[str, Callable[[], PublicAnswer]] = {
    "Checked": lambda: check([Source("a.arch", CLAIMS)]),
    "ImportedModule": lambda: IMPORTED,
    "Inferred": lambda: answered(inferred(transformer, "h, l, a, kv, f")),
    "ModuleCheck": lambda: answered(CHECKED, convention="pytorch", said_by="the text"),
    "Swept": lambda: swept(LSTM, ["h=1..9"], ["params <= 5K"], ["params"], {"t": 3, "i": 2}),
    "Verification": lambda: answered(
        Verification("vgg16", "torch", "2.13.0", 32, 1_234, 40, 2, 24, VERIFIED["differences"]),
        convention="pytorch",
        said_by="",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_to_dict_is_what_the_command_prints(name):
    told = run(*ANSWERS[name][1], "--format", "json")
    assert told.code in (0, 1), told.err
    assert answer(name).to_dict() == json.loads(told.out)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_page_is_what_the_command_prints(name):
    told = run(*ANSWERS[name][1], "--format", "html")
    assert answer(name)._repr_html_() == told.out.rstrip("\n")
    assert answer(name)._repr_svg_() is None


def test_every_answer_has_a_page():
    """Whoever makes an answer public says which page it has, and that is asked here."""
    kinds = {type(answer(name)).__name__ for name in ANSWERS} - {"Model"}
    own = {"Model", "Figure"}  # which make their pages themselves
    named = {k.__name__ for k in PublicAnswer.__subclasses__()} - own
    assert named == PAGES.keys()
    assert named - kinds == set(BY_HAND)


@pytest.mark.parametrize("name", BY_HAND)
def test_an_answer_made_by_hand_has_its_page(name):
    made = BY_HAND[name]()
    assert type(made).__name__ == name
    html, data = made._repr_html_(), made.to_dict()
    assert html is not None
    assert html.startswith('<div class="symparams">\n<p><strong>')
    assert json.loads(json.dumps(data)) == data
    assert len(made.to_pandas()) == len(data.get("rows", [data]))


# --- formulas ---------------------------------------------------------------

LATEX = {
    "Model": r"$h\,(4\,i + 4\,h + 13) + 9$",
    "Report": r"$h\,t\,(4\,i + 4\,h + 9)$",
    "LeadingTerm": r"$4\,h^{2}$",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_a_formula_is_latex(name):
    assert answer(name)._repr_latex_() == LATEX.get(name, answer(name)._repr_latex_())
    is_formula = name.split()[0] in LATEX
    assert (answer(name)._repr_latex_() is not None) == is_formula


def test_a_picture_is_shown_instead_of_the_table():
    """A page that is drawn gives SVG; notebooks would prefer its HTML, so that it gives none."""
    from symparams.views import answers
    from symparams.views.sheet import Sheet

    drawn = Sheet("t", (), (), picture=lambda: "<svg/>")
    assert (answers.html(drawn), answers.picture(drawn)) == (None, "<svg/>")
    assert answers.picture(Sheet("t", (), ())) is None


# --- strangers --------------------------------------------------------------


def test_names_of_strangers_are_no_markup_and_no_formula():
    """Names of tensors come from files: in a notebook they run nothing."""
    evil = r"<img src=x onerror=alert(1)> $\href{javascript:alert(1)}{x}$ \(y\)"
    (mismatch,) = (Mismatch(evil, evil, "3x4 frozen", "4x3 frozen"),)
    found = Verification("m", "torch", "2.13.0", 1, 12, 1, 1, 12, (mismatch,))
    html = answered(found, convention="pytorch", said_by="")._repr_html_()
    assert html is not None
    assert "<img" not in html
    assert not re.search(r"[$\\][^<]", html)


# --- data frames ------------------------------------------------------------


@pytest.mark.parametrize("name", ANSWERS)
def test_frames_have_the_rows_of_the_json(name):
    """Every number of a row of the JSON stands in the frame as an exact int."""
    pytest.importorskip("pandas")
    frame, rows = answer(name).to_pandas(), answer(name).to_dict()["rows"]
    assert len(frame) == len(rows)
    for record, row in zip(frame.to_dict("records"), rows, strict=True):
        for key, value in row.items():
            if isinstance(value, int | str) and key in record:
                found = record[key]
                same = Fraction(found) == Fraction(value) if is_number(value) else found == value
                assert same, (key, found, value)
                assert not isinstance(found, float), key


def is_number(value: object) -> bool:
    return isinstance(value, int) or bool(re.fullmatch(r"-?\d+(/\d+)?", str(value)))


def test_a_frame_adds_up_to_the_count_whatever_its_size():
    pandas = pytest.importorskip("pandas")
    for h in (64, 10**12):
        model = MODEL.at(h=h, i=1, t=1)
        frame = model.to_pandas()
        assert frame["number"].sum() == model.count()
        assert frame["number"].dtype == ("int64" if h == 64 else object)
    assert list(frame["output"]) == [(1, 1), (1, 10**12), (1, 9)]
    assert isinstance(frame, pandas.DataFrame)


def test_formulas_in_a_frame():
    pytest.importorskip("pandas")
    text, formulas = MODEL.to_pandas(), MODEL.report().to_pandas("sympy")
    assert text["total"][1] == "4*h*i + 4*h^2 + 4*h"
    assert formulas["total"].sum() == MODEL.params
    assert list(formulas["output"][1]) == [MODEL.s.t, MODEL.s.h]
    shares = MODEL.shares().to_pandas(formulas="sympy")
    assert sympy.simplify(shares["fraction"].sum()) == 1


@pytest.mark.parametrize(
    ("formulas", "says"),
    [
        ("simpy", "formulas cannot be 'simpy'\n    did you mean 'sympy'?"),
        ("latex", "formulas cannot be 'latex'\n    they are text or sympy"),
        (None, "formulas must be a text, not None\n    text or sympy"),
    ],
)
def test_what_formulas_cannot_be(formulas, says):
    with pytest.raises(SymparamsError, match=re.escape(says)):
        MODEL.to_pandas(formulas)


def test_without_pandas(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(SymparamsError) as caught:
        MODEL.to_pandas()
    assert (
        str(caught.value) == "pandas is not installed\n    run: pip install 'symparams[notebook]'"
    )

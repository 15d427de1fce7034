"""Figures: what is drawn is what the table has, in every format; and how it looks."""

import csv
import io
import json
import re
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, strategies as st

from symparams.algebra import symbol
from symparams.errors import SymparamsError
from symparams.language import own_command, read_notation
from symparams.views import FORMATS, render
from symparams.views.cells import phrase
from symparams.views.plots import KINDS, Plotted, drawn, pgf
from symparams.views.plots.names import drawn_name, drawn_text
from symparams.views.plots.picture import (
    GREY,
    PALETTE,
    Area,
    Bar,
    Bars,
    Curve,
    Picture,
    Stack,
    Star,
    axis_of,
    set_apart,
    short_number,
)
from symparams.views.sheet import Sheet
from symparams.views.typeset_names import Naming, conventional
from symparams.views.typesetting import Typesetting
from tests.cli.running import run
from tests.views.plotted import MAKERS, figure


def answer(name):
    return json.loads(render(figure(name).sheet, "json"))


def marks(name, kind):
    return [mark for mark in figure(name).picture.marks if isinstance(mark, kind)]


# --- the picture has what the table has ---

PARTS = [name for name in MAKERS if name.startswith("parts")]


@pytest.mark.parametrize("name", PARTS)
def test_bands_are_the_rows_of_the_table(name):
    (stack,) = marks(name, Stack)
    found = answer(name)
    rows, size, parts = found["rows"], found["size"], found["parts"]
    assert [area.name for area in stack.areas] == parts
    assert list(stack.places) == [row[size] for row in rows]
    for area in stack.areas:
        counts = [int(row[area.name]) for row in rows]
        if "percent" in name:
            totals = [int(row["total"]) for row in rows]
            counts = [Fraction(100 * n, t) for n, t in zip(counts, totals, strict=True)]
        assert list(area.heights) == counts
    for row, *heights in zip(rows, *(area.heights for area in stack.areas), strict=True):
        assert sum(int(row[part]) for part in parts) == int(row["total"])
        assert sum(heights) == (100 if "percent" in name else int(row["total"]))


def test_the_smallest_parts_are_one_band_that_says_so():
    found = answer("parts, many")
    (stack,) = marks("parts, many", Stack)
    assert len(stack.areas) == len(PALETTE) + 1
    assert (stack.areas[-1].name, stack.areas[-1].color) == ("others", GREY)
    assert found["others"]
    assert any(note.pieces[0].startswith("others: ") for note in figure("parts, many").sheet.notes
               if isinstance(note.pieces[0], str))  # fmt: skip


@pytest.mark.parametrize("name", ["sensitivity", "sensitivity of a ratio", "shares"])
def test_bars_are_the_rows_of_the_table(name):
    (bars,) = marks(name, Bars)
    key = "share" if name == "shares" else "elasticity"
    rows = [row for row in answer(name)["rows"] if row[key] is not None]
    drawn_rows = rows[: len(bars.bars)]
    value = "value" if name == "shares" else "elasticity"
    assert [bar.pieces[0][0] for bar in bars.bars] == [Fraction(row[value]) for row in drawn_rows]
    if name == "shares":
        assert sum(Fraction(row["share"]) for row in rows) == 1
        assert sum(int(row["value"]) for row in rows) == int(answer(name)["value"])


def test_what_makes_less_goes_to_the_left():
    (bars,) = marks("sensitivity of a ratio", Bars)
    for bar in bars.bars:
        ((end, _),) = bar.pieces
        assert end < 0
        assert bar.low.startswith("−")
        assert not bar.high


@pytest.mark.parametrize("name", ["tornado", "tornado, macs"])
def test_a_tornado_is_the_rows_of_the_table(name):
    (bars,) = marks(name, Bars)
    found = answer(name)
    assert bars.base == int(found["value"])
    for bar, row in zip(bars.bars, found["rows"], strict=False):
        ends = {int(row["at_low"]), int(row["at_high"])}
        assert {end for end, _ in bar.pieces} == ends
        if len(ends) == 2:
            ends_of = (f"{row['low']:,}", f"{row['high']:,}")
            falls = int(row["at_low"]) > int(row["at_high"])
            assert (bar.low, bar.high) == (ends_of[::-1] if falls else ends_of)


@pytest.mark.parametrize("name", ["iso", "iso, linear"])
def test_curves_and_optima_are_those_of_the_table(name):
    found = answer(name)
    targets = list(dict.fromkeys(row["target"] for row in found["rows"]))
    lines = [mark for mark in marks(name, Curve) if mark.line]
    dots = [mark for mark in marks(name, Curve) if not mark.line]
    for target, line, below in zip(targets, lines, dots, strict=True):
        rows = [row for row in found["rows"] if row["target"] == target]
        assert list(line.points) == [(Fraction(r["crossing"]), r["line"]) for r in rows]
        assert list(below.points) == [(r["below"], r["line"]) for r in rows if r["below"]]
        assert line.label == short_number(target)
    optima = [o for o in found["optima"] if o["sizes"]]
    one, other = found["axes"]
    assert [s.point for s in marks(name, Star)] == [
        (o["sizes"][one], o["sizes"][other]) for o in optima
    ]


@pytest.mark.parametrize("name", ["pareto", "pareto, few"])
def test_a_front_is_the_rows_of_the_table(name):
    found = answer(name)
    (curve,) = marks(name, Curve)
    assert list(curve.points) == [(int(r["params"]), int(r["macs"])) for r in found["rows"]]
    assert all(star.point in curve.points for star in marks(name, Star))
    assert list(curve.points) == sorted(curve.points)
    assert found["proved"] is True


@pytest.mark.parametrize("name", MAKERS)
def test_everything_drawn_is_within_the_axes(name):
    picture = figure(name).picture
    for mark in picture.marks:
        match mark:
            case Stack():
                xs, ys = (
                    mark.places,
                    [sum(h) for h in zip(*(a.heights for a in mark.areas), strict=True)],
                )
            case Curve():
                xs, ys = zip(*mark.points, strict=True) if mark.points else ((), ())
            case Star():
                xs, ys = [mark.point[0]], [mark.point[1]]
            case Bars():
                xs, ys = [e for bar in mark.bars for e in mark.ends(bar)], ()
        assert all(picture.x.low <= x <= picture.x.high for x in xs)
        assert all(picture.y.low <= y <= picture.y.high for y in ys)
    for axis in filter(None, (picture.x, picture.y)):
        places = [place for place, _ in axis.ticks]
        assert len(places) >= 2
        assert places == sorted(set(places))
        assert all(axis.low <= place <= axis.high for place in places)
        assert len({words for _, words in axis.ticks}) == len(places)


# --- the table, in every format ---


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("name", MAKERS)
def test_every_format_has_the_numbers_of_the_rows(name, form):
    sheet = figure(name).sheet
    printed = render(sheet, form)
    separated = "" if form == "csv" else r"(?<=\d)(\{,\}|,|\\,)(?=\d)"
    digits = re.sub(separated, "", printed) if separated else printed
    minus = re.sub(r"-(</mo><mn>| (?=\d))", "-", digits.replace("\u2212", "-"))
    for row in sheet.told:
        for cell in row.cells:
            if isinstance(cell, int):
                assert re.search(rf"(?<!\d){cell}(?!\d)", minus), (
                    cell,
                    form,
                )


@pytest.mark.parametrize("name", PARTS)
def test_the_table_adds_up_row_by_row(name):
    head, *rows = csv.reader(io.StringIO(render(figure(name).sheet, "csv")))
    for row in rows:
        assert len(row) == len(head)
        *parts, total = map(int, row[1:])
        assert sum(parts) == total


# --- drawings ---


@pytest.mark.parametrize("suffix", KINDS)
@pytest.mark.parametrize("name", ["parts", "tornado", "iso"])
def test_a_drawing_is_the_same_each_time(name, suffix):
    pytest.importorskip("matplotlib")
    once, again = (drawn(figure(name), suffix) for _ in range(2))
    assert once == again
    assert once.startswith({".svg": b"<?xml", ".pdf": b"%PDF", ".png": b"\x89PNG"}[suffix])
    assert len(once) < 400_000


SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", MAKERS)
def test_svg_is_well_formed_and_dateless(name):
    pytest.importorskip("matplotlib")
    text = drawn(figure(name), ".svg").decode()
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("width") == "244.8pt"  # 3.4 inches
    assert {e.tag for e in root.iter() if e.tag.startswith(SVG)} <= {
        SVG + tag
        for tag in (
            "svg",
            "title",
            "metadata",
            "defs",
            "style",
            "g",
            "path",
            "use",
            "clipPath",
            "rect",
        )
    }
    assert not re.search(r"20\d\d-\d\d-\d\d", text)


def test_the_settings_of_the_reader_change_nothing(monkeypatch):
    matplotlib = pytest.importorskip("matplotlib")
    before = drawn(figure("tornado"), ".svg")
    monkeypatch.setitem(matplotlib.rcParams, "font.size", 30)
    monkeypatch.setitem(matplotlib.rcParams, "svg.hashsalt", "other")
    assert drawn(figure("tornado"), ".svg") == before
    assert matplotlib.rcParams["font.size"] == 30


def _drawing(plotted, width):
    from symparams.views.plots.drawing import _figure

    return _figure(plotted.picture, width, Typesetting().setter(plotted.sheet).naming)


def texts_of(name, width=3.4):
    """The words of a drawing: (text, box in pixels), and the size of the figure."""
    from matplotlib.text import Text

    from symparams.views.plots.drawing import _settings

    with _settings():
        made = _drawing(figure(name), width)
        made.draw_without_rendering()
        renderer = made.canvas.get_renderer()
        axes = made.axes[0]
        found = [*axes.texts, axes.xaxis.label, axes.yaxis.label]
        found += [*axes.get_xticklabels(), *axes.get_yticklabels()]
        boxes = [(t.get_text(), Text.get_window_extent(t, renderer)) for t in found if t.get_text()]
        return boxes, made.bbox, renderer


@pytest.mark.parametrize("name", MAKERS)
def test_no_word_hides_another_or_leaves_the_figure(name):
    pytest.importorskip("matplotlib")
    boxes, whole, _ = texts_of(name)
    for k, (words, box) in enumerate(boxes):
        assert whole.x0 <= box.x0, words
        assert box.x1 <= whole.x1 + 0.5, words
        assert whole.y0 <= box.y0, words
        assert box.y1 <= whole.y1 + 0.5, words
        for other, there in boxes[k + 1 :]:
            assert not box.padded(-0.5).overlaps(there.padded(-0.5)), (words, other)


@pytest.mark.parametrize("name", PARTS)
def test_every_band_has_its_name_beside_it(name):
    pytest.importorskip("matplotlib")
    (stack,) = marks(name, Stack)
    words = [words for words, _ in texts_of(name)[0]]
    assert [area.name for area in stack.areas if area.name not in words] == []


def test_what_matplotlib_draws_is_the_picture():
    pytest.importorskip("matplotlib")
    from symparams.views.plots.drawing import _settings

    (stack,) = marks("parts", Stack)
    with _settings():
        axes = _drawing(figure("parts"), 3.4).axes[0]
    below = [0] * len(stack.places)
    for area, band in zip(stack.areas, axes.collections, strict=True):
        above = [a + b for a, b in zip(below, area.heights, strict=True)]
        (path,) = band.get_paths()
        seen = {tuple(map(float, vertex)) for vertex in path.vertices}
        wanted = {(float(x), float(y)) for ys in (above, below)
                  for x, y in zip(stack.places, ys, strict=True)}  # fmt: skip
        assert wanted <= seen
        below = above


def test_the_file_says_which_table_it_was_drawn_from():
    pytest.importorskip("matplotlib")
    one, other = (drawn(figure(name), ".svg").decode() for name in ("iso", "iso, linear"))
    known = [re.findall(r"sha256:[0-9a-f]{64}", text) for text in (one, other)]
    assert [len(found) for found in known] == [1, 1]
    assert known[0] != known[1]


# --- names of strangers ---

STRANGE = '<script>alert("&")</script> $\\frac{1}{ \\input{x} %'


def strange():
    """A figure whose every word is hostile."""
    x = axis_of(phrase(STRANGE), (1, 100))
    y = axis_of(phrase(STRANGE), (1, 100))
    return Plotted(
        Sheet(STRANGE, (), ()),
        Picture(
            STRANGE,
            x,
            y,
            (
                Stack((1, 50), (Area(STRANGE, PALETTE[0], (5, 9)),)),
                Curve(((1, 1), (90, 90)), PALETTE[1], STRANGE),
                Star((30, 30), PALETTE[2], (phrase(STRANGE, symbol("d_model")),)),
            ),
        ),
    )


def test_names_are_no_commands_to_a_drawing():
    pytest.importorskip("matplotlib")
    text = drawn(strange(), ".svg").decode()
    root = ElementTree.fromstring(text)
    assert "<script" not in text
    assert not [e for e in root.iter() if "script" in e.tag]
    assert all(not key.startswith("on") for e in root.iter() for key in e.attrib)
    assert drawn(strange(), ".pdf")
    assert drawn(strange(), ".png")


def test_names_are_no_commands_to_tex():
    text = pgf(strange())
    assert r"\input" not in text
    assert r"\frac" not in text
    assert len(re.findall(r"(?<!\\)\$", text)) % 2 == 0
    assert "<script" not in text


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("h", "$h$"),
        ("d_model", r"$d_{\text{model}}$"),
        ("h_1", "$h_{1}$"),
        ("h12", "$h_{12}$"),
        ("lambda_k", r"$\lambda_{k}$"),
        ("kv_heads", r"$\mathrm{kv}_{\text{heads}}$"),
        ("k[0]", "$k_{0}$"),
        ("xhat", r"$\hat{x}$"),
        ("hprime", "$h'$"),
        ("größe", "größe"),
        ("层", "层"),
        ("a$b", r"a\$b"),
    ],
)
def test_names_as_mathematics(name, written):
    pytest.importorskip("matplotlib")
    assert drawn_name(name) == written


#: What a file may say, or a command of the author's own → what matplotlib is handed.
NOTATIONS = {
    r"d_{\mathrm{model}}": r"$d_{\mathrm{model}}$",
    r"\hat h'_1": r"$\hat{h}_{1}'$",
    r"\mathcal{L}\alpha": r"$\mathcal{L}\alpha$",
    r"d_\text{ff dim}": r"$d_{\text{ff dim}}$",
    r"\mathbb{N}^{(l)}": r"$\mathbb{N}^{(l)}$",
    r"\dmodel": "$h$",
}


@pytest.mark.parametrize("written", NOTATIONS)
def test_a_notation_is_drawn(written):
    pytest.importorskip("matplotlib")
    node = own_command(written, conventional("h")) or read_notation(written)
    assert drawn_name("h", Naming({"h": node})) == NOTATIONS[written]


def test_a_notation_that_matplotlib_does_not_read_is_the_name(monkeypatch):
    monkeypatch.setattr("symparams.views.plots.names._is_set", lambda written: False)
    assert drawn_name("d_k", Naming({"d_k": read_notation(r"\hat d")})) == "d_k"


def test_a_figure_has_the_notations_of_the_file_and_of_the_command_line(tmp_path):
    pytest.importorskip("matplotlib")
    (tmp_path / "m.arch").write_text(
        'symbol h as "d_{\\mathrm{model}}"\nmodel m(h = 64, l = 2) = input(h) -> dense(h) * l\n'
    )
    given = ("--symbol", r"l=\ell")
    for figure_of in (("--tornado",), ("--bars", "sensitivity"), ("--over", "h=8..64")):
        asked = ("plot", "m.arch", *figure_of, "--format", "pgf")
        assert "$d_{\\mathrm{model}}$" in run(*asked, cwd=tmp_path).out
        told = run(*asked, *given, cwd=tmp_path).out
        assert ("$\\ell$" in told) is (figure_of[0] != "--over")
        made = run("plot", "m.arch", *figure_of, *given, "--out", "a.svg", cwd=tmp_path)
        assert (made.code, made.err) == (0, "")
    table = run("plot", "m.arch", "--over", "h=8..64", "--format", "latex", cwd=tmp_path).out
    assert "$d_{\\mathrm{model}}$ & dense" in table


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--tornado",), "--symbol goes with --out, or --format latex or mathml or typst or pgf"),
        (("--graph",), "--symbol does not go with --graph"),
        (("--tornado", "--format", "pgf", "--symbol", "q=a"), "--symbol q: no size is called 'q'"),
        (("--tornado", "--format", "pgf", "--symbol", r"l=\input"), "--symbol l:1:1: '"),
    ],
)
def test_symbols_that_are_refused(options, error):
    done = run("plot", "zoo:gpt2", *options, "--symbol", "h=d")
    assert done.code == 2
    assert done.err.startswith(error)


def test_a_phrase_has_names_and_words():
    pytest.importorskip("matplotlib")
    assert drawn_text(phrase(symbol("d_k"), " = ", 1152, ", $")) == r"$d_{k}$ = 1,152, \$"
    assert drawn_text(phrase(2 * symbol("h"))) == "2*h"


def test_a_character_that_the_font_lacks_is_told():
    pytest.importorskip("matplotlib")
    picture = figure("tornado").picture
    bars = Bars(1, (Bar(phrase("层"), ((2, PALETTE[0]),), "", ""),))
    with pytest.raises(SymparamsError, match="the font has no sign"):
        drawn(figure("tornado").but(picture=picture.but(marks=(bars,))), ".svg")


# --- numbers and labels ---


@given(st.fractions(min_value=Fraction(1, 10**6), max_value=10**17))
def test_a_short_number_is_near(number):
    written = short_number(number)
    letter = written[-1] if written[-1] in "KMBT" else ""
    value = Fraction(written.removesuffix(letter)) * {"": 1, "K": 10**3, "M": 10**6, "B": 10**9,
                                                       "T": 10**12}[letter]  # fmt: skip
    assert abs(value - number) <= number / 200
    assert len(written) <= 8


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.floats(0.01, 0.1))
def test_labels_are_set_apart_in_their_order(wanted, gap):
    placed = set_apart(wanted, gap)
    ordered = sorted(placed)
    assert all(b - a >= gap - 1e-9 for a, b in pairwise(ordered))
    assert sorted(range(len(wanted)), key=lambda k: (placed[k],)) == sorted(
        range(len(wanted)), key=lambda k: (wanted[k], placed[k])
    )
    assert all(-1e-9 <= y <= 1 + 1e-9 for y in placed)


@given(st.lists(st.integers(1, 10**30), min_size=1, max_size=5), st.booleans(), st.booleans())
def test_ticks_of_any_axis(values, logarithmic, of_sizes):
    axis = axis_of(phrase("x"), values, logarithmic, of_sizes=of_sizes)
    assert 2 <= len(axis.ticks) <= 8
    assert all(axis.low <= place <= axis.high for place, _ in axis.ticks)
    assert axis.low <= min(values) <= max(values) <= axis.high


def test_what_no_axis_has_a_place_for():
    with pytest.raises(SymparamsError, match=r"numbers above 10\^300 cannot be drawn"):
        axis_of(phrase("x"), (1, 10**301))
    with pytest.raises(SymparamsError, match="a logarithmic axis has no place for 0"):
        axis_of(phrase("x"), (0, 10), logarithmic=True)


# --- pgfplots ---


@pytest.mark.parametrize("name", MAKERS)
def test_pgf_has_the_same_points(name):
    text = pgf(figure(name))
    assert text.count("{") == text.count("}")
    for mark in figure(name).picture.marks:
        if isinstance(mark, Stack):
            total = sum(area.heights[-1] for area in mark.areas)
            assert f"({mark.places[-1]},{total})" in text
        if isinstance(mark, Bars):
            for bar in mark.bars:
                for end, _ in bar.pieces:
                    shown = f"{float(end):.9g}" if isinstance(end, Fraction) else end
                    assert f"(axis cs:{shown}," in text
        if isinstance(mark, Star):
            assert f"coordinates {{({mark.point[0]},{mark.point[1]})}}" in text


# --- nothing is loaded that is not needed ---

LOADED = """
import sys
from symparams.cli.main import run
try:
    run({args!r})
except SystemExit:
    pass
assert "matplotlib" not in sys.modules, "matplotlib"
"""


@pytest.mark.parametrize(
    "args",
    [
        ["count", "zoo:gpt2"],
        ["plot", "--help"],
        ["plot", "zoo:gpt2", "--over", "h=64..128"],
        ["plot", "zoo:gpt2", "--tornado", "--format", "pgf"],
        ["plot", "zoo:gpt2", "--graph"],
    ],
    ids=" ".join,
)
def test_matplotlib_is_loaded_to_draw_alone(args):
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(args=args)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr

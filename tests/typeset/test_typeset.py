"""Pages for papers: names, notations, widths, lines, options; and TeX, where there is one."""

from __future__ import annotations

import re
import subprocess

import pytest

from symparams.algebra import expanded, short, symbol
from symparams.elaboration import build
from symparams.elaboration.document import understand
from symparams.errors import Source, SymparamsError
from symparams.language import NotationProblem, own_command, read_notation
from symparams.views.latex import tex
from symparams.views.line_filling import LineFiller
from symparams.views.mathematics import Digits, MathSetter
from symparams.views.pages import formula
from symparams.views.rendering import render
from symparams.views.tex_widths import DISPLAY, TEXT, Measurer, text_width
from symparams.views.typeset_names import Naming, conventional
from symparams.views.typesetting import Typesetting, length
from tests.cli.running import run
from tests.typeset import papers
from tests.typeset.needed import needs_tex
from tests.typeset.reading import read_back, same

HYBRID = "docs/typesetting/hybrid.arch"


def network(text):
    return build(understand(Source("<text>", text)).definition())


# --- notations -------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("h", "h"),
        (r"d_{\mathrm{model}}", r"d_{\mathrm{model}}"),
        (r"d_\text{ff dim}", r"d_{\text{ff dim}}"),
        (r"\hat h'_1", r"\hat{h}_{1}'"),
        (r"\lambda_k^{(l)}", r"\lambda_{k}^{(l)}"),
        (r"\mathcal{L}\alpha b", r"\mathcal{L}\alpha b"),
        ("h''", "h''"),
        (r"\operatorname{size}", r"\mathrm{size}"),
    ],
)
def test_notation(written, printed):
    assert tex(read_notation(written)) == printed


@pytest.mark.parametrize(
    ("written", "message", "offset"),
    [
        ("", "the notation is empty", 0),
        (r"\input{x}", r"'\input' may not stand in a notation", 0),
        (r"h\write18", r"'\write' may not stand in a notation", 1),
        ("h$", "'$' may not stand in a notation", 1),
        ("h%", "'%' may not stand in a notation", 1),
        ("ü", "'ü' may not stand in a notation", 0),
        ("a_1_2", "two '_' on one base", 3),
        ("_a", "'_' has nothing before it", 0),
        ("a_", "it ends too soon", 2),
        ("{a", "this '{' is never closed", 0),
        ("a}", "this '}' closes nothing", 1),
        (r"\mathrm{a_b}", r"'\mathrm' holds letters and digits only", 0),
        (r"\mathrm{a}{", "it ends too soon", 11),
        (r"\mathbb{r}", r"'\mathbb' has capital letters only", 0),
        ("{" * 9 + "a" + "}" * 9, "more than 8 braces in braces", 8),
        ("h" * 201, "a notation has at most 200 characters, not 201", 0),
    ],
)
def test_what_is_no_notation(written, message, offset):
    with pytest.raises(NotationProblem) as found:
        read_notation(written)
    if message != "it ends too soon" or offset != 11:
        assert (str(found.value), found.value.offset) == (message, offset)


def test_a_command_of_ones_own():
    node = own_command(r"\dmodel", conventional("h"))
    assert node is not None
    assert tex(node) == r"\dmodel"
    assert own_command(r"\lambda", conventional("h")) is None
    for written in (r"\input", r"\def", r"\hat", r"\mathrm"):
        with pytest.raises(NotationProblem, match="a command of TeX"):
            own_command(written, conventional("h"))


@pytest.mark.parametrize(
    "names",
    [("h1", "h_1"), ("λ", "lambda"), ("ж", "zh"), ("é", "e_"), ("h", "h_"), ("a_b", "a__b")],
)
def test_no_two_names_look_the_same(names):
    naming = Naming()
    assert len({tex(naming(name)) for name in names}) == len(names)
    assert [naming(name) for name in names] == [naming(name) for name in names]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            'symbol y as "y"; input(x) -> dense(x)',
            "<text>:1:8: no size is called 'y'\n"
            '    symbol y as "y"; input(x) -> dense(x)\n           ^ there are x',
        ),
        (
            'symbol x as "a"; symbol x as "b"; input(x) -> dense(x)',
            "<text>:1:25: 'x' has two notations\n"
            '    symbol x as "a"; symbol x as "b"; input(x) -> dense(x)\n                            ^\n'
            '<text>:1:8: first here\n    symbol x as "a"; symbol x as "b"; input(x) -> dense(x)\n'
            "           ^",
        ),
        (
            "symbol x as y; input(x)",
            "<text>:1:13: how a size is typeset stands in quotes\n    symbol x as y; input(x)\n"
            "                ^ write 'symbol h as \"d_{\\mathrm{model}}\"'",
        ),
        (
            'symbol x "y"; input(x)',
            "<text>:1:10: expected 'as' between 'x' and \"y\"\n    symbol x \"y\"; input(x)\n"
            "             ^^^ write 'symbol h as \"d_{\\mathrm{model}}\"'",
        ),
    ],
)
def test_errors_of_symbol_lines(text, error):
    with pytest.raises(SymparamsError) as found:
        understand(Source("<text>", text))
    assert str(found.value) == error


def test_a_notation_is_not_imported_and_changes_no_count(tmp_path):
    (tmp_path / "a.arch").write_text('symbol h as "x"\nmodel a(h = 2) = input(h) -> dense(h)\n')
    (tmp_path / "b.arch").write_text('import "a.arch"\nmodel b(h = 3) = input(h) -> dense(h)\n')
    for file, printed in (("a", "x^{2} + x"), ("b", "h^{2} + h")):
        done = run("formula", str(tmp_path / f"{file}.arch"), "--format", "latex", "--bare")
        assert done.out == f"{printed}\n"
    assert run("formula", str(tmp_path / "a.arch")).out == "h^2 + h\n"


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        (("explain",), r"i \cdot o = d_{\mathrm{model}} \cdot d_{\mathrm{ff}}"),
        (("formula", "--approx"), r"d_{\mathrm{model}}\,l\,(4\,d_{\mathrm{model}} + 3\,d_{\mathrm{ff}})"),
        (("sizes", "--set", "h=256,512"), r"Model & $d_{\mathrm{model}}$ & params"),
        (("search", "--maximize", "params", "--over", "h={256, 512}", "--set", "V=9"), r"$d_{\mathrm{model}}$ &"),
        (("diff", HYBRID, "--set", "V=9"), r"$d_{\mathrm{model}}\,"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["latex", "typst", "mathml"])
def test_every_page_has_the_notations_of_the_file(command, printed, form):
    name, *options = command
    done = run(name, HYBRID, *options, "--format", form)
    assert (done.code, done.err) == (0, "")
    if form == "latex":
        assert printed in done.out
    assert {"latex": "{model}", "typst": 'upright("model")', "mathml": "<mi>model</mi>"}[
        form
    ] in done.out


def test_a_letter_of_a_layer_does_not_look_like_a_size():
    source = 'symbol h as "d"; model m(V = 9, h = 4) = tokens(3) -> embed(V, h)'
    page = run("explain", source, "--format", "latex").out
    assert r"V \cdot \text{d} = V\,d" in page


def test_models_that_are_typeset_differently_are_typeset_as_usual(tmp_path):
    for file, said in (
        ("a", 'symbol h as "x"'),
        ("b", 'symbol h as "y"'),
        ("c", 'symbol h as "x"'),
    ):
        (tmp_path / f"{file}.arch").write_text(
            f"{said}\nmodel {file}(h = 2) = input(h) -> dense(h)\n"
        )
    for files, heading in ((("a", "c"), "x"), (("a", "b", "c"), "h")):
        paths = [str(tmp_path / f"{file}.arch") for file in files]
        done = run("sizes", *paths, "--set", "h=2,3", "--format", "latex")
        assert f"Model & ${heading}$ & params" in done.out


def test_a_table_across_both_columns():
    for command in (("sizes", "zoo:gpt2"), ("show", "zoo:inception_v3")):
        page = run(*command, "--format", "latex", "--span").out
        assert page.startswith(r"\begin{table*}[tbp]")
        assert page.rstrip().endswith(r"\end{table*}")
    assert 'scope: "parent"' in run("sizes", "zoo:gpt2", "--format", "typst", "--span").out


def test_symbol_and_as_are_names_elsewhere():
    text = "model m(symbol, as) = input(symbol) -> dense(as)"
    assert str(network(text).measure("params")) == "as*symbol + as"


# --- widths ----------------------------------------------------------------


def test_widths_of_computer_modern():
    # The TeXbook, chapter 4 and appendix F: digits of cmr10 are half an em, 5pt.
    assert text_width("0123456789") == pytest.approx(50.00002, abs=1e-3)
    assert Measurer().width(Digits(1234), DISPLAY) == pytest.approx(22.77782, abs=1e-3)
    assert text_width("be") - text_width("b") - text_width("e") == pytest.approx(0.27779, abs=1e-4)


@pytest.mark.parametrize(
    ("written", "points"), [("246pt", 246), ("8.6cm", 244.69), ("3in", 216.81), ("86 mm", 244.69)]
)
def test_length(written, points):
    assert length(written) == pytest.approx(points, abs=0.01)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--width", "246"), "--width 246: a length is a number and a unit (pt, in, cm, mm, pc)"),
        (("--width", "3pt"), "--width 3pt: a line is 100pt to 5000pt wide"),
        (("--symbol", "h"), "--symbol h: write NAME=MATHS"),
        (("--symbol", "h=a", "--symbol", "h=b"), "--symbol gives 'h' twice"),
        (("--symbol", "q=a"), "--symbol q: no size is called 'q'"),
        (("--symbol", r"h=\input"), r"--symbol h:1:1: '\input' is a command of TeX"),
    ],
)
def test_wrong_options(options, error):
    done = run("formula", HYBRID, "--format", "latex", *options)
    assert done.code == 2
    assert done.err.startswith(error)


@pytest.mark.parametrize("form", ["table", "json", "python"])
def test_options_of_typeset_pages_go_with_them_only(form):
    done = run("formula", HYBRID, "--format", form, "--width", "246pt")
    assert done.err == "--width goes with --format latex or mathml or typst\n"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--columns", "name,shap"), "--columns: no column 'shap'\n    did you mean 'shape'?\n"),
        (("--columns", "name,name"), "--columns has 'name' twice\n"),
        (("--columns", "name", "--measure", "params,macs"), "--columns goes with one measure\n"),
        (("--what", "equation", "--collapse"), "--collapse goes with --what table\n"),
        (("--what", "derivation", "--measure", "macs"), "--what derivation is of params\n"),
    ],
)
def test_wrong_options_of_show(options, error):
    assert run("show", "zoo:gpt2", *options).err == error


def test_a_share_needs_numbers():
    done = run("show", "input(i) -> dense(o)", "--columns", "name,share")
    assert done.err.startswith("--columns: a share of params needs a number above 0")


@pytest.mark.parametrize(
    ("what", "command"),
    [("equation", "formula"), ("derivation", "explain"), ("sensitivities", "sensitivity")],
)
def test_what_is_that_of_its_command(what, command):
    for form in ("latex", "json"):
        same_as = run(command, "zoo:gpt2", "--format", form).out
        assert run("show", "zoo:gpt2", "--what", what, "--format", form).out == same_as


# --- lines -----------------------------------------------------------------

LONG = (
    "input(i) -> dense(a*b + max(c, d + e, 7)) -> dense((a + b)*(c + d)/2) -> dense(floor(a*b/c))"
)


@pytest.mark.parametrize("room", [60, 90, 130, 200, 10_000])
@pytest.mark.parametrize("write", [short, expanded])
def test_lines_fit_and_lose_nothing(room, write):
    size = network(LONG).measure("params")
    setter, measurer = MathSetter(), Measurer()
    filler = LineFiller(measurer, DISPLAY, room)
    lines = filler.terms(setter.terms(write(size)))
    if room >= 90:
        assert all(filler.fits([line.node], line.level) for line in lines)
    assert (len(lines) == 1) is (room == 10_000)
    whole = tex(setter.formula(write(size)))
    printed = " ".join(tex(line.node) for line in lines)
    assert letters(printed) == letters(whole)


def letters(written: str) -> list[str]:
    return sorted(re.findall("[a-z]", re.sub(r"\\[A-Za-z]+", "", written)))


def test_free_layers_are_left_out_and_the_total_is_a_row():
    page = run("show", "zoo:gpt2", "--format", "latex").out
    assert "gelu1" not in page
    assert "Total" in page
    assert "124{,}439{,}808" in page
    assert "gelu1" in run("show", "zoo:gpt2", "--format", "latex", "--free").out


def test_a_long_table_goes_over_pages():
    assert r"\begin{longtable}" in run("show", "zoo:inception_v3", "--format", "latex").out
    assert r"\begin{table}" in run("show", "zoo:gpt2", "--format", "latex").out


# --- other readers ---------------------------------------------------------


@pytest.mark.parametrize("source", ["input(t, i) -> lstm(h)", LONG, "input(θ) -> dense(n_1)"])
def test_sympy_reads_the_formula_back(source):
    made = network(source)
    for form in ("short", "expanded", "grouped"):
        sheet = formula.page(made, "params", form)
        written = render(sheet, "latex", typesetting=Typesetting(bare=True))
        assert same(read_back(written, made.symbols), made.measure("params"))
        assert not same(read_back(written, made.symbols), made.measure("params") + symbol("i"))


@needs_tex
@pytest.mark.parametrize(
    ("points", "font"),
    [(10, r"\normalsize"), (9, r"\small"), (8, r"\footnotesize"), (7, r"\scriptsize")],
)
def test_tex_sets_formulas_as_wide_as_measured(points, font, tmp_path):
    size = network(LONG).measure("params")
    setter = MathSetter()
    nodes = [setter.formula(write(size)) for write in (short, expanded)]
    nodes += [conventional(name) for name in ("d_model", "λ", "xhat_2", "kv_heads", "hprime")]
    styles = ((DISPLAY, r"\displaystyle"), (TEXT, ""))
    head = r"\documentclass{article}\usepackage{amsmath,amssymb}\begin{document}\newbox\b"
    lines = [head + font]
    nodes.append(
        setter.formula(network("input(h) -> linear(h/16 + floor((h + 15)/7))").measure("params"))
    )
    words = "Output Shape, Param rmsnorm1 of the window"
    lines.append(rf"\setbox\b\hbox{{{words}}}\typeout{{WIDTH \the\wd\b}}")
    for node in nodes:
        for _, style in styles:
            lines.append(rf"\setbox\b\hbox{{${style} {tex(node)}$}}\typeout{{WIDTH \the\wd\b}}")
    (tmp_path / "a.tex").write_text("\n".join([*lines, r"\end{document}"]))
    subprocess.run(
        ["pdflatex", "-halt-on-error", "a.tex"], cwd=tmp_path, check=True, capture_output=True
    )
    found = re.findall(r"WIDTH ([\d.]+)pt", (tmp_path / "a.log").read_text())
    measurer = Measurer(points)
    measured = [text_width(words, points)]
    measured += [measurer.width(node, style) for node in nodes for style, _ in styles]
    assert [float(w) for w in found] == pytest.approx(measured, rel=0.01, abs=0.1)


@needs_tex
@pytest.mark.parametrize("width", papers.WIDTHS)
@pytest.mark.parametrize("source", [HYBRID, "zoo:unet"])
def test_every_page_compiles_and_no_line_is_too_wide(source, width, tmp_path):
    assert list(papers.problems(papers.document(source, width), tmp_path, "page")) == []


@needs_tex
def test_any_alphabet_compiles(tmp_path):
    names = ["h_θ", "модель", "模型", "größe", "حجم", "ガ", "ḥ", "x_ß", "lambda", "class_"]
    sizes = ", ".join(f"{name} = {k + 2}" for k, name in enumerate(names))
    text = f"model m({sizes}) = input(3) -> dense({' + '.join(names)})"
    for command in ("formula", "show", "explain", "sensitivity"):
        done = run(command, text, "--format", "latex", "--standalone")
        assert (done.code, done.err) == (0, "")
        assert done.out.isascii()
        assert list(papers.problems(done.out, tmp_path, command)) == []

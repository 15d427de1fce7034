"""One sheet in each format, and strangers' text in all of them."""

import csv
import io
import json
import re
import subprocess
import sys
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from symparams.algebra import symbol
from symparams.algebra.forms import FormLeaf
from symparams.elaboration import build
from symparams.elaboration.document import understand
from symparams.errors import Source
from symparams.views import formats
from symparams.views.cells import phrase
from symparams.views.pages import formula
from symparams.views.rendering import FORMATS, render
from symparams.views.sheet import RULE, Column, Line, Sheet, section
from symparams.views.written import clean, shown, width
from tests.views.nets import explained, shown_sheet

MARKDOWN = """\
**Model: m**

| Layer | Output Shape | Formula | Param \\# |
| --- | --- | --- | ---: |
| input1 | 20x32 |  | 0 |
| **bidirectional1** | 20 x 2\\*h | `6*(h^2 + 34*h)` | 37,632 |
| &nbsp;&nbsp;gru1 | 20 x h | `3*(h^2 + 34*h)` | 18,816 |
| &nbsp;&nbsp;gru2 | 20 x h | `3*(h^2 + 34*h)` | 18,816 |
| lstm1 | 20 x h | `4*(3*h^2 + h)` | 49,408 |
| dense1 | 20x10 | `10*(h + 1)` | 650 |

- Total params: `18*h^2 + 218*h + 10`
- at h = 64: 87,690

- symbols: `h` = 64
- gru1, gru2: bias\\_vectors = 2 (convention keras, keras.arch:4): `3*h*(h + 34)`\
 instead of `3*h*(h + 33)` each"""

LATEX = r"""\begin{table}[tbp]
\centering
\caption{Layers of m}\label{tab:m}
\small\setlength{\tabcolsep}{4pt}\renewcommand{\arraystretch}{1.1}
\begin{tabular}{@{}llll@{}}
\toprule
Layer & Output Shape & Copies & Formula \\
\midrule
linear1 & $t \times \frac{h}{a}$ & $\times l$ & $\frac{h^{2}\,l}{a}$ \\
linear2 & $t \times h$ & $\times l$ & $\frac{h^{2}\,l}{a}$ \\
bn1 & $t \times h$ &  & $2\,h$ \\
dense1 & $t \times 10$ &  & $10\,(h + 1)$ \\
\midrule
Total &  &  & $\frac{2\,h^{2}\,l}{a} + 12\,h + 10$ \\
\bottomrule
\end{tabular}
\par\smallskip{\footnotesize\raggedright\noindent Buffers: $2\,h$ \\
symbols: $l$, $t$, $h$ = $64$, $a$ = $4$ \\
if $a \mid h$\par}
\end{table}"""

ALIGNED = r"""\begingroup\allowdisplaybreaks
\begin{alignat*}{2}
  3 \times{}\, & \text{dense1} &\quad& i \cdot o + o = h \cdot h + h = h^{2} + h\quad \
\text{(kernel }h^{2}\text{ + bias }h\text{)} \\
  l \times{}\, & \text{dense2} &\quad& i \cdot o + o = h \cdot h + h = h^{2} + h\quad \
\text{(kernel }h^{2}\text{ + bias }h\text{)} \\
   & \text{total} &\quad& (l + 3) \cdot (h^{2} + h) = h\,(l + 3)\,(h + 1)
\end{alignat*}
\endgroup
\par\smallskip{\footnotesize\raggedright\noindent letters: i: input features or channels, \
o: output features\par}""".replace("\\\n\\text", r"\text").replace("\\\no:", "o:")

TYPST = """\
#math.equation(block: true, numbering: "(1)", $
  upright("params") &= 4 thin h thin lr(( i + h + 1 ))
$) <eq:network-params>"""

CSV = """\
name,kind,depth,group,output,times,count,total,number
input1,input,0,no,32x32x3,1,0,0,0
conv1,conv,0,no,30x30x32,1,896,896,896
relu1,relu,0,no,30x30x32,1,0,0,0
conv2,conv,0,no,28x28x64,1,18496,18496,18496
maxpool1,maxpool,0,no,14x14x64,1,0,0,0
flatten1,flatten,0,no,12544,1,0,0,0
dropout1,dropout,0,no,12544,1,0,0,0
dense1,dense,0,no,10,1,125450,125450,125450"""


def test_markdown():
    assert render(shown_sheet("convention"), "markdown") == MARKDOWN


def test_latex_table():
    assert render(shown_sheet("assumed"), "latex") == LATEX


def test_latex_derivation():
    assert render(explained("repeats"), "latex") == ALIGNED


def test_csv():
    assert render(shown_sheet("numbers"), "csv") == CSV


def test_csv_reads_back():
    sheet = shown_sheet("assumed")
    rows = list(csv.DictReader(io.StringIO(render(sheet, "csv"))))
    assert [row["total"] for row in rows] == [str(row["total"]) for row in sheet.data["rows"]]
    assert rows[1]["output"] == "t x h/a"


def test_json_is_exact():
    data = json.loads(render(shown_sheet("huge"), "json"))
    # Beyond 2^53 - 1 JavaScript would round a number: it is text.
    assert data["total"] == str(10**35 + 10**15)
    assert data["rows"][1]["output"] == [10**15]
    assert type(data["rows"][1]["output"][0]) is int


def test_json_formulas_are_text():
    data = json.loads(render(shown_sheet("convention"), "json"))
    assert data["total"] == "18*h^2 + 218*h + 10"
    assert data["number"] == 87_690
    assert data["symbols"] == [{"name": "h", "default": 64, "domain": None}]
    assert data["measures"]["buffers"] == 0
    assert data["differences"][0] == {
        "layer": "gru1",
        "kind": "gru",
        "option": "bias_vectors",
        "value": "2",
        "convention": "keras",
        "source": "keras.arch",
        "line": 4,
        "count": "3*h^2 + 102*h",
        "without": "3*h^2 + 99*h",
    }


# --- strangers' text -------------------------------------------------------

EVIL = "<script>alert(1)</script>|`*_\\ $x$ #%&{}~^ [a](b) \x1b[31m\x07\u202e\nend\udcff"


def hostile(layout: str) -> Sheet:
    columns = (Column("a", EVIL), Column("b", "n", "right"))
    return Sheet(
        EVIL,
        columns,
        (
            section(EVIL),
            Line((EVIL, 12), 1),
            Line((symbol(EVIL), FormLeaf(symbol(EVIL))), 0, "group"),
            RULE,
        ),
        ((EVIL, EVIL),),
        (phrase(EVIL, symbol(EVIL)),),
        (EVIL,),
        layout,
        {"rows": [{"a": EVIL, "shape": [EVIL, 3]}], EVIL: EVIL},
    )


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("layout", ["table", "lines", "formula"])
def test_no_character_is_a_command(form, layout):
    text = render(hostile(layout), form)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", text)
    assert text.encode("utf-8")


@pytest.mark.parametrize("layout", ["table", "lines", "formula"])
def test_html_has_no_tags_of_strangers(layout):
    tags = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            tags.append(tag)

    Reader().feed(render(hostile(layout), "html"))
    assert tags
    assert set(tags) <= {
        "div",
        "p",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "span",
        "ul",
        "li",
    }


@pytest.mark.parametrize("layout", ["table", "lines", "formula"])
def test_html_has_no_formulas_of_strangers(layout):
    """MathJax sees no delimiter but ours: it looks within one run of text, between two tags."""
    runs = [r for r in re.split(r"<[^>]*>", render(hostile(layout), "html")) if r not in "$\\"]
    formulas = [f for run in runs for f in re.findall(r"\\\(.*?\\\)", run)]
    assert len(formulas) == {"table": 3, "lines": 3, "formula": 2}[layout]
    assert not re.search(r"[$\\]", re.sub(r"\\\(.*?\\\)", "", "\n".join(runs)))
    commands = {c for f in formulas for c in re.findall(r"\\([a-zA-Z]+|.)", f)}
    assert commands <= {*"()_$#%&{}", "mathrm", "sim", "text", *(f"text{c}" for c in TEXT_COMMANDS)}


TEXT_COMMANDS = ("asciicircum", "asciitilde", "backslash", "bar", "greater", "less")


def test_html_sets_formulas():
    text = render(shown_sheet("convention"), "html")
    assert r"<strong>\(6\,(h^{2} + 34\,h)\)</strong>" in text
    assert r"<p>Total params: \(18\,h^{2} + 218\,h + 10\)</p>" in text
    assert "<code>" not in text


def test_latex_has_no_commands_of_strangers():
    text = render(hostile("table"), "latex")
    assert r"\textbackslash{} \$x\$ \#\%\&\{\}$\sim$\textasciicircum{}" in text
    assert text.replace(r"\$", "").count("$") % 2 == 0


@pytest.mark.parametrize("layout", ["table", "lines", "formula"])
def test_mathml_has_no_tags_of_strangers(layout):
    tree = ElementTree.fromstring(f"<div>{render(hostile(layout), 'mathml')}</div>")
    tags = {node.tag.rpartition("}")[2] for node in tree.iter()}
    assert "script" not in tags
    html = {"div", "p", "table", "caption", "thead", "tbody", "tr", "th", "td", "math"}
    assert {tag for tag in tags if not tag.startswith("m")} <= html


def test_typst_has_no_markup_of_strangers():
    text = render(hostile("table"), "typst")
    assert r"\ \$x\$ \#\%\&\{\}\~\^ \[a\]\(b\)" in text.replace("\\\\", "\\")


def test_typst_equation():
    lstm = understand(Source("<text>", "input(t, i) -> lstm(h)")).definition()
    assert render(formula.page(build(lstm), "params", "short"), "typst") == TYPST


def test_markdown_has_no_markup_of_strangers():
    lines = render(hostile("table"), "markdown").splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {3}
    outside_code = re.sub(r"(?<!\\)(`+).*?(?<!`)\1(?!`)", "", "\n".join(lines))
    assert "<script>" not in outside_code


def test_a_csv_of_strangers_reads_back():
    (row,) = csv.DictReader(io.StringIO(render(hostile("table"), "csv")))
    assert row["a"] == clean(EVIL)


@pytest.mark.parametrize(
    ("words", "cleaned"),
    [
        ("a\tb\nc", "a b c"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202eabc", "\\u202eabc"),
        ("λ·×…", "λ·×…"),
        ("\udc80", "\\udc80"),
        ("a\u00a0b", "a\u00a0b"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_clean(words, cleaned):
    assert clean(words) == cleaned


# --- the terminal ----------------------------------------------------------


def test_colour_only_if_asked_and_the_words_are_the_same():
    sheet = shown_sheet("convention")
    plain, painted = render(sheet), render(sheet, color=True)
    assert "\x1b" not in plain
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == plain


def test_only_terminals_take_colour():
    sheet = shown_sheet("numbers")
    assert render(sheet, "markdown", color=True, width=20) == render(sheet, "markdown")


def test_a_narrow_terminal_folds_formulas_between_terms_only():
    wide, narrow = render(shown_sheet("floors")), render(shown_sheet("floors"), width=70)
    assert max(map(len, narrow.splitlines())) < max(map(len, wide.splitlines()))
    assert sorted(narrow.replace("-", "").split()) == sorted(wide.replace("-", "").split())


def test_numbers_are_never_folded():
    table = render(shown_sheet("huge"), width=10)
    assert "100,000,000,000,000,000,001,000,000,000,000,000" in table


def test_wide_letters_keep_the_columns():
    sheet = Sheet(
        "t", (Column("a", "A"), Column("b", "B", "right")), (Line(("層", 1)), Line(("xyz", 22)))
    )
    assert render(sheet).splitlines()[1:] == ["A     B", "-------", "層    1", "xyz  22"]
    assert width("層x") == 3
    assert width("e\u0301") == 1


def test_a_fraction_has_separators_too():
    assert shown(Fraction(4097, 2)) == "4,097/2"


def test_neither_sympy_nor_rich_is_loaded_without_need():
    code = (
        "import sys\n"
        "from tests.views.nets import network, explained, shown_sheet\n"
        "from symparams.views.rendering import render\n"
        "for form in ('table', 'csv', 'json', 'html', 'markdown', 'latex'):\n"
        "    render(shown_sheet('numbers'), form); render(explained('numbers'), form)\n"
        "assert not {'sympy', 'rich'} & set(sys.modules), 'loaded'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_new_format_is_one_file(tmp_path):
    (tmp_path / "shout.py").write_text(
        "TERMINAL = True\n"
        "def render(sheet, color, width): return f'{sheet.title.upper()} {color} {width}'\n",
        "utf-8",
    )
    code = (
        "import sys\n"
        "from symparams.views import formats\n"
        "formats.__path__.append(sys.argv.pop(1))\n"
        "from symparams.cli.main import run\n"
        "run(sys.argv[1:])\n"
    )
    for asked, says in (
        (("show", "input(3)", "--format", "shout"), "MODEL: NETWORK False None"),
        (("show", "--help"), f"[{'|'.join(formats.names())}|shout]"),
    ):
        line = [sys.executable, "-c", code, str(tmp_path), *asked]
        done = subprocess.run(line, capture_output=True, text=True, check=True)
        assert says in done.stdout


def test_the_readme_names_every_format():
    told = (
        (Path(__file__).parents[2] / "README.md").read_text("utf-8").split("`--format` prints")[1]
    )
    assert re.findall(r"`(\w+)`", told.split(";")[0]) == formats.names()

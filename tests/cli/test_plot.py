"""``symparams plot`` as a user types it: files, formats, what it refuses."""

import json
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.running import run

ROOT = Path(__file__).resolve().parents[2]
GPT2 = "zoo:gpt2"
OVER = ["plot", GPT2, "--over", "h=768..1536", "--points", "3"]
ISO = ["plot", GPT2, "--iso", "params=1B", "--axes", "h,l", "--over", "h=256..8192:64,l=6..96"]
PARETO = ["plot", GPT2, "--pareto", "params,min:macs", "--over", "h=96..192:96,l=1..2"]
FIGURES = {
    "over": OVER,
    "bars": ["plot", GPT2, "--bars", "sensitivity"],
    "tornado": ["plot", GPT2, "--tornado"],
    "iso": [*ISO, "--points", "3"],
    "pareto": PARETO,
    "graph": ["plot", GPT2, "--graph"],
}


@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png", ".tex"])
def test_a_file_by_its_suffix(tmp_path, suffix):
    if suffix != ".tex":
        pytest.importorskip("matplotlib")
    out = tmp_path / f"Figure{suffix}"
    result = run(*FIGURES["tornado"], "--out", str(out))
    assert (result.code, result.out, result.err) == (0, f"written to {out}\n", "")
    begins = {".svg": b"<?xml", ".pdf": b"%PDF", ".png": b"\x89PNG", ".tex": b"% Made by"}
    assert out.read_bytes().startswith(begins[suffix])


def test_a_file_and_its_table(tmp_path):
    pytest.importorskip("matplotlib")
    out = tmp_path / "a.svg"
    result = run(*OVER, "--out", str(out), "--format", "json")
    assert result.code == 0
    assert result.err == f"written to {out}\n"
    found = json.loads(result.out)
    assert [row["h"] for row in found["rows"]] == [768, 1152, 1536]
    assert f"sha256:{sha256(result.out.encode()).hexdigest()}" in out.read_text("utf-8")


def test_the_width_is_that_of_the_file(tmp_path):
    pytest.importorskip("matplotlib")
    for width, points in (("7in", "504pt"), ("361.35pt", "360pt"), ("12.7 cm", "360pt")):
        out = tmp_path / "a.svg"
        assert run(*FIGURES["tornado"], "--out", str(out), "--width", width).code == 0
        assert ElementTree.parse(out).getroot().get("width") == points


def test_numbers_of_the_table_are_those_of_count():
    for row in json.loads(run(*OVER, "--format", "json").out)["rows"]:
        counted = run("count", GPT2, "--set", f"h={row['h']}").out
        assert int(counted) == row["total"]


def test_a_front_is_that_of_search():
    figure = json.loads(run(*PARETO, "--format", "json").out)
    found = json.loads(run("search", *PARETO[1:], "--format", "json").out)
    assert sorted(map(str, figure["rows"])) == sorted(map(str, found["rows"]))


def test_bars_are_those_of_sensitivity():
    figure = json.loads(run(*FIGURES["bars"], "--format", "json").out)
    found = json.loads(run("sensitivity", GPT2, "--format", "json").out)
    told = [(r["symbol"], r["elasticity"]) for r in found["rows"]]
    assert [(r["symbol"], r["elasticity"]) for r in figure["rows"]] == told


def test_shares_are_those_of_sensitivity():
    figure = json.loads(run("plot", GPT2, "--bars", "shares", "--format", "json").out)
    found = json.loads(run("sensitivity", GPT2, "--shares", "--format", "json").out)
    told = [(r["part"], r["value"], r["share"]) for r in found["rows"]]
    assert [(r["part"], r["value"], r["share"]) for r in figure["rows"]] == told


def test_a_measure_of_a_part_has_bars_and_curves():
    assert run(*FIGURES["tornado"], "--measure", "attention.macs").code == 0
    assert run("plot", GPT2, "--iso", "attention.params=10M", *ISO[4:]).code == 0


def test_a_front_keeps_its_time():
    asked = ["--pareto", "params,min:macs", "--over", "h=64..16384,l=1..999,a=1..64,V=1..99999"]
    result = run("plot", GPT2, *asked, "--time-limit", "0.001")
    assert result.code == 3
    assert result.err.startswith("the time limit of 0.001 s came before a") or result.out
    late = run("plot", GPT2, *asked, "--time-limit", "0.001", "--format", "json")
    assert late.code == 3
    assert json.loads(late.out)["proved"] is False
    assert run(*PARETO, "--time-limit", "100").code == 0


# --- graphs ---


def test_a_graph_is_dot_text_and_more(tmp_path):
    text = run(*FIGURES["graph"]).out
    assert text.startswith('digraph "gpt2" {')
    assert run(*FIGURES["graph"], "--format", "dot").out == text
    for suffix in (".dot", ".gv"):
        out = tmp_path / f"g{suffix}"
        assert run(*FIGURES["graph"], "--out", str(out)).code == 0
        assert out.read_text("utf-8") == text
    found = json.loads(run(*FIGURES["graph"], "--format", "json").out)
    assert sum(row["value"] for row in found["rows"]) == found["value"] == 124_439_808
    assert len(re.findall(r"^ *n\d+ \[", text, re.MULTILINE)) == len(found["rows"])
    assert len(re.findall(r"^ *n\d+ -> n\d+", text, re.MULTILINE)) == len(found["edges"])


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
@pytest.mark.parametrize("source", [GPT2, "zoo:yolov8", "zoo:albert", "zoo:unet"])
def test_graphviz_draws_it(tmp_path, source):
    out = tmp_path / "g.svg"
    assert run("plot", source, "--graph", "--out", str(out)).code == 0
    words = {e.text for e in ElementTree.parse(out).iter("{http://www.w3.org/2000/svg}text")}
    rows = json.loads(run("plot", source, "--graph", "--format", "json").out)["rows"]
    assert {row["name"] for row in rows} <= words


def test_without_graphviz_a_graph_is_text(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(*FIGURES["graph"], "--out", str(tmp_path / "g.svg"))
    assert result.code == 2
    assert result.err == (
        "a .svg of a graph needs Graphviz, whose program 'dot' was not found\n"
        "    install Graphviz, or write --out graph.dot\n"
    )


def test_a_name_is_no_command_to_graphviz():
    from symparams.views.plots.dot_graph import _quoted

    told = _quoted('x"]; y [URL="javascript:1', "\\N\n</svg>")
    assert told == '"x\\"]; y [URL=\\"javascript:1\\n\\\\N </svg>"'


# --- what is refused ---


def test_without_matplotlib_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    out = tmp_path / "a.svg"
    result = run(*FIGURES["tornado"], "--out", str(out))
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "a figure needs matplotlib, which is not installed\n"
        "    pip install 'symparams[plot]'; --format pgf and the tables need nothing\n"
    )
    assert not out.exists()
    for more in ([], ["--format", "pgf"], ["--out", str(tmp_path / "a.tex")]):
        assert run(*FIGURES["tornado"], *more).code == 0


REFUSED = [
    ([], "nothing is asked to be drawn\n    give --over h=64..4096, --bars sensitivity, --tornado, --iso, --pareto or --graph\n"),
    (["--tornado", "--graph"], "--tornado and --graph are different figures\n    ask for one at a time\n"),
    (["--tornado", "--points", "9"], "--points goes with --over or --iso\n"),
    (["--tornado", "--linear"], "--linear goes with --over or --iso or --pareto\n"),
    (["--bars", "shares", "--over", "h=1..9"], "--over goes with --tornado or --iso or --pareto\n"),
    (["--bars", "sensitivty"], "no bars 'sensitivty'\n    did you mean 'sensitivity'?\n"),
    (["--iso", "1B", "--axes", "h,l"], "--iso 1B: write measure=values\n    as in params=1B,3B\n"),
    (["--iso", "params=1B", "--measure", "macs"], "--measure does not go with --iso, which names what it counts\n"),
    (["--tornado", "--time-limit", "3"], "--time-limit goes with --pareto\n"),
    (["--iso", "params=1B"], "--iso needs two sizes\n    as in --axes h,l\n"),
    (["--iso", "params=1B", "--axes", "h"], "--axes h: write names as A,B\n"),
    (["--iso", "params=1B", "--axes", "h,l"], "'h' has no domain to draw\n    give it one, as in --over h=64..1024:64\n"),
    (["--iso", "params=[1]", "--axes", "h,l"], "--iso: a number is needed, not a list\n"),
    (["--pareto", "params"], "--pareto params: a figure of a front has two goals\n    as in params,min:macs; symparams search has the table of more\n"),
    (["--tornado", "--factor", "1"], "a factor must be greater than 1\n    as in --factor 2 or 3/2\n"),
    (["--tornado", "--out", "a.jpg"], "--out a.jpg: nothing is drawn to such a file\n    it ends in .svg, .pdf, .png or .tex\n"),
    (["--tornado", "--out", "a.sgv"], "--out a.sgv: nothing is drawn to such a file\n    did you mean '.svg'?\n"),
    (["--graph", "--out", "a.tex"], "--out a.tex: nothing is drawn to such a file\n    it ends in .dot, .gv, .svg, .pdf or .png\n"),
    (["--tornado", "--width", "3in"], "--width is that of a figure in a file\n    --out figure.svg\n"),
    (["--tornado", "--out", "a.svg", "--width", "3"], "--width 3: no length\n    as in 3.4in, 246pt or 8.6cm\n"),
    (["--tornado", "--out", "a.svg", "--width", "99in"], "--width 99in: a figure is 1.5 to 20 inches wide\n"),
    (["--tornado", "--format", "dot"], "--format dot is not of this figure\n    it has pgf\n"),
    (["--graph", "--format", "pgf"], "--format pgf is not of this figure\n    it has dot\n"),
    (["--over", "h=64..128", "--out", "no/such/a.tex"], "'no/such/a.tex' cannot be written: no such file or directory\n"),
]  # fmt: skip


@pytest.mark.parametrize(("args", "says"), REFUSED, ids=[" ".join(a) for a, _ in REFUSED])
def test_what_is_refused(args, says, tmp_path):
    result = run("plot", GPT2, *args, cwd=tmp_path)
    assert (result.code, result.out, result.err) == (2, "", says)


def test_a_measure_without_rows_says_where_it_is():
    result = run("plot", GPT2, "--over", "l=1..3", "--measure", "peak_activations")
    assert result.code == 2
    assert "Traceback" not in result.err


# --- TeX ---


def has_pgfplots():
    if shutil.which("pdflatex") is None or shutil.which("kpsewhich") is None:
        return False
    found = subprocess.run(["kpsewhich", "pgfplots.sty"], capture_output=True, check=False)
    return bool(found.stdout.strip())


@pytest.mark.skipif(not has_pgfplots(), reason="needs pdflatex and pgfplots")
def test_pgfplots_compiles_it_within_the_column(tmp_path):
    names = [name for name in FIGURES if name != "graph"]
    for name in names:
        assert run(*FIGURES[name], "--out", str(tmp_path / f"{name}.tex")).code == 0
    inputs = "\n\n".join(rf"\noindent\input{{{name}}}" for name in names)
    (tmp_path / "paper.tex").write_text(
        "\\documentclass[twocolumn]{article}\\usepackage{pgfplots}\\pgfplotsset{compat=1.16}"
        f"\\begin{{document}}{inputs}\\end{{document}}"
    )
    done = subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "paper.tex"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in (tmp_path / "paper.log").read_text("latin-1")

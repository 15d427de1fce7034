"""``%%symparams`` in IPython: cells that are sources and commands, and errors without tracebacks."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

import symparams
from symparams import notebooks
from symparams.errors import SymparamsError
from symparams.notebooks import CellError, Magic, ShownSheet
from symparams.views import Sheet

SOURCE = "model m(h = 4) = input(3) -> dense(h)\n"
TWO = SOURCE + "model n = input(3) -> dense(2)\nexpect m.params == 4*h\nexpect n.params == 9\n"
WRONG = "model m(h) = input(3) -> dens(h)\n"


class Shell:
    """A shell as the magic knows it, and what was displayed in it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.user_ns: dict[str, Any] = {}
        self.shown: list[Sheet] = []
        monkeypatch.setattr(notebooks, "_display", self.shown.append)
        self.magic = Magic(self)

    @property
    def titles(self) -> list[str]:
        return [sheet.title for sheet in self.shown]


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(monkeypatch)


# --- cells that are sources --------------------------------------------------


def test_a_cell_is_a_source_and_a_name_is_bound(shell):
    shell.magic("net", SOURCE)
    assert shell.titles == ["Model: m"]
    assert isinstance(shell.user_ns["net"], symparams.Model)
    assert shell.user_ns["net"].count() == 16


def test_without_a_name_nothing_is_bound(shell):
    shell.magic("", "input(3) -> dense(4)")
    assert shell.titles == ["Model: network"]
    assert shell.user_ns == {}


def test_of_several_models_each_is_shown_and_the_library_is_bound(shell):
    shell.magic("both", TWO)
    assert shell.titles == ["Model: m", "Model: n", "Expectations"]
    assert list(shell.user_ns["both"]) == ["m", "n"]
    verdicts = [row["verdict"] for row in shell.shown[-1].data["rows"]]
    assert verdicts == ["holds", "fails"]


def test_a_wrong_cell_is_told_with_a_caret_and_binds_nothing(shell):
    with pytest.raises(CellError) as caught:
        shell.magic("net", WRONG)
    assert caught.value._render_traceback_() == [
        "<cell>:1:26: unknown layer kind 'dens'",
        "    model m(h) = input(3) -> dens(h)",
        "                             ^^^^ did you mean 'dense'?",
    ]
    assert (shell.user_ns, shell.shown) == ({}, [])


def test_a_claim_that_makes_no_sense_is_an_error_of_the_cell(shell):
    with pytest.raises(CellError, match="<cell>:2:10: unknown measure 'parms'"):
        shell.magic("net", SOURCE + "expect m.parms == 16\n")
    assert shell.user_ns == {}


# --- commands ----------------------------------------------------------------


def test_a_line_is_a_command(shell, capsys):
    shell.magic("count zoo:vgg16")
    assert capsys.readouterr().out == "138357544\n"
    shell.magic("show zoo:vgg16 --measure macs")
    assert shell.titles == ["Model: vgg16"]
    shell.magic("formula zoo:gpt2 --format latex")
    assert "h" in capsys.readouterr().out


def test_a_cell_is_the_standard_input_of_a_command(shell, capsys):
    before = sys.stdin
    shell.magic("solve - --for h 'params <= 99'", "input(3) -> dense(h)")
    assert shell.shown[0].data["rows"][0]["value"] == 24
    shell.magic("count -", "input(3) -> dense(4)")
    assert capsys.readouterr().out == "16\n"
    assert sys.stdin is before


def test_a_failed_claim_is_shown_and_no_error(shell):
    shell.magic("prove 'input(3) -> dense(h)' '3*h'")
    assert shell.shown[0].data["equal"] is False


@pytest.mark.parametrize(
    ("line", "cell", "says"),
    [
        ("count zoo:vgg61", None, "the zoo has no 'vgg61'"),
        ("cuont zoo:vgg16", None, "no command 'cuont'. did you mean 'count'?"),
        ("count", None, "Missing argument 'SOURCE'."),
        ("count 'x", None, "this is no command line: no closing quotation"),
        ("shw -", SOURCE, "'shw -' is no name and no command\n    did you mean 'show'?"),
        ("2x", SOURCE, "'2x' is no name and no command\n    write a name for the model, or a command"),
        ("show zoo:gpt2", SOURCE, "the command does not read the cell\n    as in %%symparams show -"),
        ("net", "", "<cell>:1:1: the text is empty"),
    ],
)  # fmt: skip
def test_refused(shell, line, cell, says):
    with pytest.raises(SymparamsError) as caught:
        shell.magic(line, cell)
    assert says in str(caught.value)
    assert shell.shown == []


def test_a_page_is_html_and_text():
    page = ShownSheet(symparams.parse(SOURCE)._sheet())
    assert repr(page) == str(symparams.parse(SOURCE))
    assert page._repr_html_() == symparams.parse(SOURCE)._repr_html_()
    assert page._repr_svg_() is None


def test_ipython_is_loaded_by_nothing_but_the_magic():
    code = (
        "import sys, symparams, symparams.notebooks\n"
        "symparams.parse('input(3)')._repr_html_()\n"
        "assert not {'IPython', 'pandas', 'rich'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# --- in IPython itself -------------------------------------------------------

REQUIRED = "SYMPARAMS_REQUIRE_NOTEBOOK" in os.environ


def needed(name: str) -> Any:
    """A package of the extra; the test is skipped without it, unless CI asks for it."""
    if REQUIRED:
        return __import__(name)
    return pytest.importorskip(name)


@pytest.mark.notebook
def test_ipython_runs_it(capsys):
    needed("IPython")
    from IPython.core.interactiveshell import InteractiveShell

    ipython = InteractiveShell.instance()
    for cell in ("%load_ext symparams", f"%%symparams net\n{SOURCE}"):
        assert ipython.run_cell(cell).success
    assert ipython.user_ns["net"].count() == 16
    assert "Total params: 4*h" in capsys.readouterr().out
    assert not ipython.run_cell(f"%%symparams wrong\n{WRONG}").success
    told = capsys.readouterr()
    assert "^^^^ did you mean 'dense'?" in told.out + told.err
    assert "Traceback" not in told.out + told.err
    assert "wrong" not in ipython.user_ns


CELLS = {
    "%load_ext symparams": {},
    f"%%symparams net\n{SOURCE}": {"text/html", "text/plain"},
    "net": {"text/html", "text/latex", "text/plain"},
    "net.report('macs')": {"text/html", "text/latex", "text/plain"},
    "net.prove('4*h')": {"text/html", "text/plain"},
    "net.at(h=3).to_pandas()": {"text/html", "text/plain"},
    "%symparams count zoo:vgg16": {},
}


@pytest.mark.notebook
def test_a_notebook_is_executed():
    nbclient, nbformat = needed("nbclient"), needed("nbformat")
    needed("ipykernel")
    needed("pandas")
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    done = nbclient.NotebookClient(made, timeout=120, kernel_name="python3").execute()
    for cell, kinds in zip(done.cells, CELLS.values(), strict=True):
        data = [output.data for output in cell.outputs if "data" in output]
        assert {kind for one in data for kind in one} == set(kinds), cell.source
    assert r"\(4\,h\)" in done.cells[1].outputs[0].data["text/html"]
    assert done.cells[2].outputs[0].data["text/latex"] == "$4\\,h$"
    assert done.cells[-1].outputs[0].text == "138357544\n"
    wrong = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("%load_ext symparams\n"),
            nbformat.v4.new_code_cell(f"%%symparams\n{WRONG}"),
        ]
    )
    client = nbclient.NotebookClient(wrong, timeout=120, kernel_name="python3", allow_errors=True)
    (error,) = client.execute().cells[1].outputs
    assert error.traceback == [
        "<cell>:1:26: unknown layer kind 'dens'",
        "    model m(h) = input(3) -> dens(h)",
        "                             ^^^^ did you mean 'dense'?",
    ]

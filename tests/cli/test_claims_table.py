"""``prove --claims``: each line by itself, every format, and what a stranger's table may not do."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings, strategies as st

from symparams.analysis.claim_tables import MOST_CLAIMS, read_claims, said_by
from symparams.errors import Source, SymparamsError
from symparams.views.formats import names
from tests.cli.running import run

MODELS = """model small(h = 8) = input(4) -> dense(h)
model deep(h = 8, l = 3) = input(h) -> dense(h) * l
"""

#: small has 4*h + h params, 40 at h = 8; deep l*(h^2 + h), 216.
TABLE = """model,measure,printed,where,note
small,params,40,Table 1,ok
small,,4*h + h,eq. 2,=1+2
deep,params,h^3,p. 3,
"deep(l = 4)",params,288,p. 3,
nodel,params,1,p. 4,
deep,,"≈ 0.2K",p. 5,
small,params,32,p. 6,
"""


def written(tmp_path, table=TABLE, models=MODELS):
    (tmp_path / "models.arch").write_text(models, "utf-8")
    (tmp_path / "claims.csv").write_text(table, "utf-8")
    return tmp_path


def judged(tmp_path, *more):
    return run("prove", "models.arch", "--claims", "claims.csv", *more, cwd=tmp_path)


def test_every_line_has_its_verdict(tmp_path):
    found = judged(written(tmp_path), "--format", "json")
    assert found.code == 2
    answer = json.loads(found.out)
    assert [(r["line"], r["verdict"], r["cause"]) for r in answer["rows"]] == [
        (2, "holds", ""),
        (3, "holds", ""),
        (4, "refuted", "none of the known mistakes"),
        (5, "holds", ""),
        (6, "bad input", ""),
        (7, "holds", ""),
        (8, "refuted", "bias left out: biases left out"),
    ]
    assert (answer["holds"], answer["proved"], answer["refuted"], answer["bad_lines"]) == (False, 4, 2, 1)  # fmt: skip
    assert answer["rows"][1]["note"] == "=1+2"
    assert answer["rows"][6]["causes"] == [
        {"name": "bias left out", "says": "biases left out", "count": 32}
    ]
    assert found.err == "claims.csv:6:model:1:1: models.arch has no model 'nodel'\n    nodel\n    ^^^^^ it has small, deep\n"  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("small,params,40", 0),
        ("small,params,41", 1),
        ("small,params,41\nsmall,params,(", 2),  # bad input goes before a refuted claim
        ("small,params,(\nsmall,params,40", 2),
        ('"small(h = h)",params,"<= 5*h for h >= 2"', 0),
        ('wide,params,"n*m"', 3),
        ('wide,params,"n*m"\nsmall,params,41', 1),
    ],
)
def test_exit_codes(tmp_path, lines, code):
    models = MODELS + "model wide(n, m) = input(max(n, m)) -> linear(min(n, m))\n"
    table = f"model,measure,printed\n{lines}\n"
    assert judged(written(tmp_path, table, models)).code == code


@pytest.mark.parametrize("name", names())
def test_every_format(tmp_path, name):
    found = judged(written(tmp_path), "--format", name)
    assert found.code == 2
    assert "biases left out" in found.out
    if name == "csv":
        rows = list(csv.DictReader(io.StringIO(found.out)))
        assert [r["verdict"] for r in rows].count("refuted") == 2
        assert rows[1]["note"] == "'=1+2"  # no formula of a spreadsheet
        again = run("prove", "models.arch", "--claims", "-", cwd=tmp_path, stdin=found.out.encode())
        assert again.code == 2  # what was answered is a table again


def test_models_by_sources(tmp_path):
    table = 'model,measure,printed\nzoo:gpt2,,124M\n"zoo:gpt2(l = 24, h = 1024, a = 16)",,"354,823,168"\nmodels.arch:deep,,216\ninput(i) -> dense(o),,i*o + o\n'
    folder = written(tmp_path, table)
    found = run("prove", "--claims", str(folder / "claims.csv"))
    assert found.code == 0, found.err


@pytest.mark.parametrize(
    "model",
    [
        "/etc/passwd",
        "../models.arch",
        "hf:config.json",
        "-",
        "models.arch/../../x.arch",
        "/x.arch",
        "C:\\x.arch",
        "",
    ],
)
def test_a_table_opens_no_file_but_its_own(tmp_path, model):
    found = run(
        "prove", "--claims", "claims.csv", cwd=written(tmp_path, f"model,printed\n{model},3\n")
    )
    assert found.code == 2
    told = "no model is named" if not model else f"'{model}' is no model of a table"
    assert told in found.err


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "claims.csv is empty"),
        ("model,measure\n", "claims.csv:1: no column 'printed'"),
        ("printd\n3\n", "did you mean 'printed'?"),
        ("printed,value\n3,3\n", "claims.csv:1: 'printed' and 'value' both are 'printed'"),
        ("printed\n" + "3\n" * (MOST_CLAIMS + 1), "claims.csv has more than 10,000 claims"),
        ("printed" + ",x" * 100 + "\n", "claims.csv has more than 100 columns"),
    ],
)
def test_what_is_no_table(tmp_path, table, message):
    found = judged(written(tmp_path, table))
    assert (found.code, found.out) == (2, "")
    assert message in found.err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("small", "claims.csv:2:1:1: 1 cell under 2 headings"),
        ("small,1,2", "claims.csv:2:1:1: 3 cells under 2 headings"),
        ("small,", "claims.csv:2:1:1: nothing is printed"),
        ("small,4*", "claims.csv:2:printed:1:3: a value is missing after '*'"),
        ("small,4*x", "'x' is not a size of the model"),
        ('small,"4', "claims.csv:2:1:1: this is no line of a CSV: unexpected end of data"),
        ('"small"x,4', "claims.csv:2:1:1: this is no line of a CSV: ',' expected after '\"'"),
        ("small(h = ),4", "claims.csv:2:model:1:1: a claim's sizes: h = : write name=value"),
        ("small(h = 1..2),4", "claims.csv:2"),
        ("small,__import__('os')", "claims.csv:2:printed:1:1"),
        ("small,9^9^9^9", "this number has more than 4,300 digits"),
        ("small," + "(" * 300, "nested more than 200 deep"),
    ],
)
def test_a_wrong_line_spoils_no_other(tmp_path, line, message):
    found = judged(written(tmp_path, f"model,printed\n{line}\n"))
    assert found.code == 2
    assert message in found.err
    both = judged(written(tmp_path, f"model,printed\nsmall,40\n{line}\n"), "--format", "json")
    assert [r["verdict"] for r in json.loads(both.out)["rows"]] == ["holds", "bad input"]


@pytest.mark.parametrize(
    ("cell", "relation", "value"),
    [
        ("25.6M", "~=", 25_600_000),
        ("138,357,544", "~=", 138_357_544),
        ("~ 1.5B", "~=", 1_500_000_000),
        ("≈3.8 GMACs", "~=", 3_800_000_000),
        ("about 61.0 MB", "~=", 61_000_000),
        ("== 3", "==", 3),
        ("<= 1,000", "<=", 1_000),
        ("124M within 1%", "~=", 124_000_000),
    ],
)
def test_what_a_cell_says(cell, relation, value):
    said = said_by(Source("cell", cell))
    assert (said.relation, said.formula.value) == (relation, value)


def test_a_formula_is_equal_unless_it_says_otherwise():
    assert said_by(Source("cell", "max(1,200)*h")).relation == "=="
    assert said_by(Source("cell", "12*l*h^2 within 5%")).relation == "~="


def test_tables_of_other_spreadsheets():
    for table in ("model;printed;note\nm;1,5M;x\n", "model\tprinted\tnote\r\nm\t1,5M\tx\r\n"):
        further, (claim,) = read_claims(Source("t.csv", "\ufeff" + table))
        assert (further, claim.model, claim.printed, claim.line) == (("note",), "m", "1,5M", 2)


def test_what_goes_together_with_a_table(tmp_path):
    written(tmp_path)
    for more in (["4*h"], ["--rename", "a=b"]):
        assert judged(tmp_path, *more).code == 2
    assert run("prove", "zoo:gpt2").code == 2
    assert run("prove").code == 2
    assert judged(tmp_path, "--set", "h=2", "--format", "json").code == 2


def test_names_of_a_paper(tmp_path):
    table = 'model,measure,printed,sizes,rename\ndeep,params,L*(d^2 + d),,"L=l,d=h"\ndeep,params,2,"h=1, l=1",\n'
    assert judged(written(tmp_path, table)).code == 0


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_text_is_more_than_an_error(text):
    try:
        read_claims(Source("t.csv", f"model,printed\n{text}"))
        said_by(Source("cell", text))
    except SymparamsError:
        pass

"""The paper of ``docs/papers``: its commands, its numbers, its two pages."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess

import pytest

from symparams.elaboration import build
from symparams.elaboration.document import understand
from symparams.errors import Source
from tests.cli.running import run
from tests.typeset import paper
from tests.typeset.needed import needs_tex
from tests.typeset.reading import read_back, same

TEXT = (paper.FOLDER / "main.tex").read_text("utf-8").split(r"\begin{document}")[1]
BODY = TEXT.split(r"\begin{thebibliography}")[0]
RULES = {rule.file: rule for rule in paper.rules()}
CLAIMS = list(csv.DictReader((paper.FOLDER / "claims.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The paper with everything that is printed for it, but the figure."""
    made = tmp_path_factory.mktemp("paper")
    paper.copy(made)
    for rule in RULES.values():
        if rule.file != "parts.pdf":
            result = rule.make(made)
            assert result.code == 0 or rule.may_fail, f"{rule.file}: {result.err}"
    return made


def test_every_file_that_is_put_in_has_a_rule():
    put_in = set(re.findall(r"\\input\{(\w+)\}", TEXT))
    drawn = set(re.findall(r"\\includegraphics\{(\w+)\}", TEXT))
    assert {f"{name}.tex" for name in put_in} | {f"{name}.pdf" for name in drawn} == set(RULES)
    needed = re.search(r"^main\.pdf: (.*)$", (paper.FOLDER / "Makefile").read_text("utf-8"), re.M)
    assert needed is not None
    assert set(needed[1].split()) == {"main.tex", *RULES}
    assert [rule.file for rule in RULES.values() if rule.may_fail] == ["published.tex"]


def test_every_number_of_the_text_is_a_claim_that_holds(folder):
    judged = run("prove", "tern.arch", "--claims", "claims.csv", "--format", "json", cwd=folder)
    rows = json.loads(judged.out)["rows"]
    assert [row["verdict"] for row in rows] == ["holds"] * len(CLAIMS)
    sections = BODY.split(r"\section")
    told = [
        (words, f"Section {k - 1}")  # the abstract is a section without a number
        for k, section in enumerate(sections)
        for words in re.findall(r"\\claimed\{([^}]*)\}", section)
    ]
    assert sorted(told) == sorted(
        (c["printed"], c["where"]) for c in CLAIMS if "*" not in c["printed"]
    )
    bare = re.sub(r"\\claimed\{[^}]*\}", "", BODY)
    assert re.findall(r"\d[\d.]*\s?[KMBG]", bare) == []
    large = [int(n.replace("{,}", "")) for n in re.findall(r"\d+(?:\{,\}\d{3})+", bare)]
    assert large == [4096]
    assert any("w = 4096" in c["model"] for c in CLAIMS)


def test_the_short_formula_of_the_text_is_the_one_that_is_judged():
    found = re.search(r"\\label\{eq:short\}(.*?),\s*\\end", BODY, re.S)
    assert found is not None
    written = re.sub(r"\\[Bb]igg?[lr]", "", found[1]).replace(r"\tfrac", r"\frac")
    (claim,) = [c for c in CLAIMS if "*" in c["printed"]]
    formula, tolerance = claim["printed"].split(" within ")
    assert tolerance == "3% for d >= 768, m >= 3"
    size = build(understand(Source("<text>", f"input(1) -> linear({formula})")).definition())
    assert same(read_back(written.replace(r"d_{\mathrm{ff}}", "f"), "gdmf"), size.measure("params"))


def test_the_table_of_sizes_has_the_counts(folder):
    rows = re.findall(r"^(tern\.\w+) & (.*) \\\\$", (folder / "sizes.tex").read_text(), re.M)
    assert [name for name, _ in rows] == ["tern.small", "tern.base", "tern.large"]
    for name, cells in rows:
        numbers = [int(cell.strip(" $").replace("{,}", "")) for cell in cells.split("&")]
        counted = run(
            "count", f"tern.arch:{name}", "--measure", "params, work = macs/s, kept",
            "--format", "json", cwd=folder,
        )  # fmt: skip
        assert numbers[2:] == list(json.loads(counted.out).values())


def test_the_table_of_blocks_adds_up_to_the_total(folder):
    text = (folder / "layers.tex").read_text()
    numbers = [
        int(n.replace("{,}", "")) for n in re.findall(r"& \$([\d{},]+)\$ & [\d.]+ \\%", text)
    ]
    total = run("count", "tern.arch:tern.small", "--format", "json", cwd=folder)
    assert sum(numbers[:-1]) == numbers[-1] == json.loads(total.out)["params"]


@needs_tex
def test_it_has_two_pages_and_no_line_is_too_wide(folder, tmp_path):
    pytest.importorskip("matplotlib")
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    assert RULES["parts.pdf"].make(tmp_path).code == 0
    log = paper.compiled(tmp_path)
    assert re.findall(r"^Overfull .*", log, re.M) == []
    assert re.findall(r"(?:undefined|multiply.defined)", log) == []
    assert re.findall(r"Output written on main\.pdf \((\d+) pages", log) == ["2"]
    if shutil.which("pdftotext") is None:
        return
    subprocess.run(["pdftotext", "main.pdf"], cwd=tmp_path, check=True)
    set_text = (tmp_path / "main.txt").read_text("utf-8")
    for claim in CLAIMS:
        if "*" not in claim["printed"]:
            assert claim["printed"] in " ".join(set_text.split())

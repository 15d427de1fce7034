"""The figures of the docs: made by the commands that the page prints, of the data there is now."""

import re
from hashlib import sha256
from xml.etree import ElementTree

import pytest

from tests.cli.running import run

from . import pages
from .figures import FOLDER, PAGE, ROOT, drawn_by

FIGURES = drawn_by()
SVG = "{http://www.w3.org/2000/svg}"


def test_the_page_shows_every_figure():
    shown = re.findall(r"!\[.+\]\(figures/(\S+)\)", PAGE.read_text("utf-8"))
    assert shown == list(FIGURES)
    assert sorted(shown) == sorted(file.name for file in FOLDER.iterdir())
    assert len(shown) == 7


@pytest.mark.parametrize("file", FIGURES)
def test_a_figure_is_drawn_from_the_table_of_today(file):
    """``python -m tests.documents.figures`` draws them anew."""
    text = (FOLDER / file).read_text("utf-8")
    ElementTree.fromstring(text)
    if "--graph" in FIGURES[file]:
        made = run(*FIGURES[file], cwd=ROOT)
        words = {str(e.text).strip() for e in ElementTree.fromstring(text).iter(f"{SVG}text")}
        labels = re.findall(r'label="((?:[^"\\]|\\.)*)"', made.out)
        assert words == {line.strip() for label in labels for line in label.split("\\n")}
        return
    made = run(*FIGURES[file], "--format", "json", cwd=ROOT)
    assert f"sha256:{sha256(made.out.encode()).hexdigest()}" in text


@pytest.mark.parametrize("file", FIGURES)
def test_the_command_of_the_page_draws_it(file, tmp_path):
    """With the same versions of what draws, it is the same file."""
    pytest.importorskip("matplotlib")
    if "--graph" in FIGURES[file]:
        return
    out = tmp_path / file
    assert run(*FIGURES[file], "--out", str(out), cwd=ROOT).code == 0
    kept = ElementTree.fromstring((FOLDER / file).read_text("utf-8"))
    made = ElementTree.fromstring(out.read_text("utf-8"))
    marks = [[e.tag for e in root.iter() if e.tag == f"{SVG}path"] for root in (kept, made)]
    assert marks[0]
    assert marks[0] == marks[1]


# --- pages ---

PAGES = pages.printed_by()
#: Of all pictures in the docs, in bytes.
LARGEST = 2_000_000


def test_the_page_shows_every_picture():
    shown = re.findall(r"!\[.+\]\(typesetting/(\S+)\)", pages.PAGE.read_text("utf-8"))
    assert shown == list(PAGES)
    assert sorted(shown) == sorted(file.name for file in pages.FOLDER.glob("*.png"))
    assert len(shown) == 7
    docs = ROOT / "docs"
    drawn = [file for end in ("png", "svg", "pdf") for file in docs.rglob(f"*.{end}")]
    assert sum(file.stat().st_size for file in drawn) < LARGEST


@pytest.mark.parametrize("picture", PAGES)
def test_a_picture_is_of_what_is_printed_today(picture):
    """``python -m tests.documents.figures`` makes them anew."""
    assert pages.made_of(pages.FOLDER / picture) == pages.digest(pages.source_of(picture))


def test_the_pages_of_the_paper_are_those_of_today(tmp_path):
    known = pages.digest(*pages.sources_of_the_paper(tmp_path))
    assert [pages.made_of(pages.paper.FOLDER / f"page-{k}.png") for k in (1, 2)] == [known] * 2

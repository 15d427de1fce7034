"""The tables of ``docs/measures.md``, from the declarations and the tables of facts.

That of the measures stands in ``docs/language.md`` too.

``python -m tests.oracle.measures_page`` writes them anew, between their marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from symparams.algebra import Polynomial, Size
from symparams.algebra.forms import text_of
from symparams.algebra.writing import short
from symparams.elaboration.shipped_files import layout_names
from symparams.elaboration.vocabulary import shipped_layouts
from symparams.elaboration.written_measures import known_measures
from symparams.layers import kinds
from symparams.network import LARGEST, MEASURES
from symparams.views.pages import library
from symparams.views.pages.layers import example

from .mac_questions import ANSWERS, QUESTIONS, REFUSED, Answer
from .public_questions import QUESTIONS as PUBLIC, answered
from .torchvision_models import BEYOND, ROWS

PAGE = Path(__file__).parents[2] / "docs" / "measures.md"
LANGUAGE = PAGE.with_name("language.md")

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]

#: Column of the table of figures → tool, and what it was asked.
FIGURES = {
    "fvcore": ("fvcore", "macs"),
    "torchinfo": ("torchinfo", "macs"),
    "ptflops": ("ptflops", "macs"),
    "ptflops, aten": ("ptflops aten", "macs"),
    "thop": ("thop", "macs"),
    "calflops": ("calflops", "macs"),
    "torchvision": ("flop_counter", "torchvision"),
    "flop_counter, flops": ("flop_counter", "flops"),
    "tf.profiler, flops": ("profiler", "flops"),
}

#: What a tool calls what it was asked for, where that is not its name alone.
CALLED = {
    ("flop_counter", "torchvision"): "torchvision",
    ("flop_counter", "flops"): "flop_counter flops",
    ("calflops", "flops"): "calflops flops",
    ("profiler", "flops"): "tf.profiler flops",
    ("ptflops aten", "macs"): "ptflops, aten",
}


def formula(size: Size) -> str:
    return text_of(short(size)) if isinstance(size, Polynomial) else f"{size:,}"


def measures() -> Table:
    """The measures, as their declarations say."""
    rows = [(f"`{m.name}`", m.unit, m.says) for m in (*MEASURES.values(), *LARGEST.values())]
    return ("measure", "unit", "counts"), rows


def written_measures() -> Table:
    """The measures of the library, with their formulas and the comments above them."""
    rows = []
    for measure in known_measures().values():
        head = measure.name
        if measure.parameters:
            head += f"({', '.join(p.span.text for p in measure.parameters)})"
        rows.append((f"`{head}`", measure.unit, f"`{measure.body.span.text}`", measure.says))
    return ("measure", "unit", "formula", "counts"), rows


def layouts() -> Table:
    """The layouts of the library, with their bytes and the comments above them."""
    rows = []
    for name in layout_names():
        written = shipped_layouts()[name].target.written
        body, found = " ".join(written.body.span.text.split()), library.entry(name)
        rows.append((f"`{found.signature}`", f"`{body}`", found.says))
    return ("layout", "bytes of a matrix [i, o]", "whose"), rows


def weights() -> Table:
    """Kinds with weights or MACs: params, buffers, MACs and activations of their examples."""
    rows = []
    for kind in kinds().values():
        measures = ("params", "buffers", "macs")
        found = [example(kind, measure=m).total for m in measures]
        if any(size != 0 for size in found):
            rows.append((f"`{kind.example}`", *(f"`{formula(size)}`" for size in found)))
    return ("Example", "params", "buffers", "macs"), rows


def first_points() -> Iterator[tuple[str, str]]:
    """(question, the sizes of its first point)."""
    seen: dict[str, str] = {}
    for answer in ANSWERS:
        seen.setdefault(answer.question, answer.sizes)
    yield from seen.items()


def figures() -> Table:
    """What each tool prints, at the first point of a question; bold where it is not ours."""
    told = {(a.question, a.sizes, a.tool, a.asked): a for a in ANSWERS}
    rows = []
    for question, sizes in first_points():
        own = told[question, sizes, "flop_counter", "torchvision"].ours
        cells = [_figure(told.get((question, sizes, *column))) for column in FIGURES.values()]
        at = sizes.replace(" ", ", ")
        text = QUESTIONS[question].text
        rows.append((question, f"`{text}`", at, f"{own:,}", *cells))
    return ("Question", "Network", "at", "ours", *FIGURES), rows


def _figure(answer: Answer | None) -> str:
    if answer is None:
        return ""
    if answer.answer.startswith("error"):
        return "fails"
    shown = f"{int(answer.answer):,}"
    return shown if answer.beyond == "0" else f"**{shown}**"


def differences() -> Table:
    """Every difference as a formula, and the tools that have it."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for answer in ANSWERS:
        if answer.beyond not in ("0", REFUSED):
            counted = "flops" if answer.asked == "flops" else answer.asked
            counted = "macs" if counted == "torchvision" else counted
            name = CALLED.get((answer.tool, answer.asked), answer.tool.replace(" aten", ", aten"))
            names = found.setdefault((answer.question, counted, answer.beyond), [])
            if name not in names:
                names.append(name)
    order = list(QUESTIONS)
    rows = [
        (question, "; ".join(names), f"`{_ours(counted)} {_signed(beyond)}`")
        for (question, counted, beyond), names in sorted(
            found.items(), key=lambda item: order.index(item[0][0])
        )
    ]
    return ("Question", "Tool", "counts"), rows


def _ours(counted: str) -> str:
    return "2*macs" if counted == "flops" else counted


def _signed(formula: str) -> str:
    """``+ t*o``, ``- 2*t^2*d``."""
    return f"- {formula[1:]}" if formula.startswith("-") else f"+ {formula}"


def torchvision() -> Table:
    """Our MACs of the zoo's models, and torchvision's figures."""
    rows = []
    for row in sorted(ROWS, key=str):
        _, macs, _ = row.measures()
        more = f"{row.more:,}" if row.file in BEYOND else "0"
        rows.append((row.model, str(row.side), f"`{row.call}`", f"{macs:,}", row.ops, more))
    heads = ("Model", "Image", "In the zoo", "macs", "`_ops`", "of which not in modules")
    return heads, rows


def versions() -> Table:
    """The tools and their versions."""
    found = dict.fromkeys((a.tool.partition(" ")[0], a.version) for a in ANSWERS)
    names = {"flop_counter": "torch (flop_counter)", "profiler": "tensorflow (tf.profiler)"}
    return ("Tool", "Version"), [(names.get(tool, tool), version) for tool, version in found]


def wanted() -> Table:
    """What people ask for, the command, and its answer."""
    rows = []
    for asked, command, pattern in PUBLIC:
        rows.append((asked, f"`symparams {command}`", f"`{answered(command, pattern)}`"))
    return ("what you want", "what you write", "answer"), rows


TABLES: dict[str, Callable[[], Table]] = {
    "measures": measures,
    "written": written_measures,
    "wanted": wanted,
    "layouts": layouts,
    "kinds": weights,
    "versions": versions,
    "figures": figures,
    "differences": differences,
    "torchvision": torchvision,
}

_MARKED = re.compile(
    r"(?P<mark><!-- table: (?P<name>\w+) -->\n)(?P<table>.*?)(?P<end><!-- end -->)", re.DOTALL
)


def written(name: str) -> str:
    """A table in Markdown."""
    heads, rows = TABLES[name]()
    numbers = [
        all(re.fullmatch(r"[*\d,.]*|fails", row[k]) for row in rows) for k in range(len(heads))
    ]
    lines = [heads, tuple("---:" if number else "---" for number in numbers), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def tables(page: str) -> dict[str, str]:
    """The tables that stand in the page."""
    return {found["name"]: found["table"] for found in _MARKED.finditer(page)}


def main() -> None:
    """Write the tables anew."""
    for path in (PAGE, LANGUAGE):
        page = path.read_text("utf-8")
        page = _MARKED.sub(lambda m: f"{m['mark']}{written(m['name'])}{m['end']}", page)
        path.write_text(page, "utf-8")


if __name__ == "__main__":
    main()

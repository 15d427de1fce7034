"""Gives every formula of the zoo to readers that are not ours: KaTeX, SymPy, Typst.

``python -m tests.typeset.formulas [MODEL…] --katex FOLDER`` (where npm has installed katex); Typst
is asked where its package is installed. It ends with 1 where one does not read a formula, or SymPy
reads another one, or takes longer than :data:`LONGEST` for one.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from multiprocessing import Pool
from pathlib import Path

from click.testing import CliRunner

from symparams.algebra import Form
from symparams.cli.main import main as symparams
from symparams.elaboration import Network, build, zoo
from symparams.elaboration.document import understand
from symparams.views.latex import latex_formula
from symparams.views.pages import formula
from tests.typeset.reading import NotReadError, read_back, same

#: Seconds that SymPy's reader has for a formula.
LONGEST = 240
PAGES = ("formula", "explain", "show", "sensitivity", "sizes")


def forms(network: Network) -> Iterator[tuple[str, Form]]:
    """Yield a network's parameters in every form; collected by the first two of its sizes."""
    for form in formula.FORMS:
        by = network.symbols[:2] if form == "collected" else ()
        if form != "collected" or by:
            yield form, formula.formula(network, "params", form, by)


def formulas(models: list[str]) -> Iterator[tuple[str, Network, Form]]:
    """Yield every form of the parameters of every model."""
    for name in models:
        for model, definition in understand(zoo.source(name)).models.items():
            network = build(definition)
            for form, written in forms(network):
                yield f"{name}:{model}, {form}", network, written


def katex(models: list[str], folder: str) -> list[str]:
    """Return what KaTeX refuses."""
    listed = [(name, latex_formula(form)) for name, _, form in formulas(models)]
    script = Path(__file__).with_name("katex.mjs")
    done = subprocess.run(
        ["node", str(script), str(Path(folder).resolve())],
        input=json.dumps(listed),
        text=True,
        capture_output=True,
        check=False,
    )
    print(f"KaTeX was given {len(listed)} formulas", flush=True)
    return [*done.stdout.splitlines(), *done.stderr.splitlines()]


class _TooLong(Exception):
    """A formula took longer than it may."""


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """End what takes longer, from where the main thread is."""

    def ended(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def sympy_reads(model: str) -> list[str]:
    """Return what SymPy does not read, or reads as another formula."""
    wrong = []
    read: set[tuple[str, str]] = set()
    for name, network, form in formulas([model]):
        written = latex_formula(form)
        if (network.definition.name, written) in read:
            continue  # short and factored are often the same
        read.add((network.definition.name, written))
        try:
            with at_most(LONGEST):
                found = read_back(written, network.symbols)
                if not same(found, network.measure("params")):
                    wrong.append(f"{name}: read as another formula, {str(found)[:200]}")
        except NotReadError as error:
            wrong.append(f"{name}: {error}")
        except _TooLong:
            wrong.append(f"{name}: {len(written):,} characters, not read in {LONGEST} s")
    return wrong


def typst_compiles(model: str) -> list[str]:
    """Return the pages that Typst refuses."""
    import typst

    wrong = []
    for page in PAGES:
        arguments = [page, f"zoo:{model}", "--format", "typst", "--standalone"]
        text = CliRunner().invoke(symparams, arguments, catch_exceptions=False).output
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "page.typ"
            source.write_text(text, "utf-8")
            try:
                typst.compile(str(source), format="pdf")
            except typst.TypstError as error:
                wrong.append(f"{model}, {page}: {str(error)[:300]}")
    return wrong


def _timed(model: str) -> tuple[str, float, list[str]]:
    begin = time.monotonic()
    wrong = sympy_reads(model)
    if find_spec("typst") is not None:
        wrong += typst_compiles(model)
    return model, time.monotonic() - begin, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", help="names of the zoo; all without any")
    parser.add_argument("--katex", metavar="FOLDER", help="where npm has installed katex")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    models = asked.models or list(zoo.files())
    wrong = katex(models, asked.katex) if asked.katex else []
    print(*wrong, sep="\n", end="\n" if wrong else "")
    with Pool(asked.processes) as pool:
        for done, (model, seconds, found) in enumerate(pool.imap_unordered(_timed, models), 1):
            print(f"{done}/{len(models)} {model}: {seconds:.0f} s", flush=True)
            print(*found, sep="\n", end="\n" if found else "", flush=True)
            wrong += found
    print(f"{len(wrong)} problems" if wrong else "every formula is read")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

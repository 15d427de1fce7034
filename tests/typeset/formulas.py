"""Gives every formula of the zoo to readers that are not ours: KaTeX, SymPy, Typst.

``python -m tests.typeset.formulas [MODEL…] --katex FOLDER`` (where npm has installed katex); Typst
is asked where its package is installed. It ends with 1 where one does not read a formula, or SymPy
reads another one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from click.testing import CliRunner

from symparams.algebra import Form
from symparams.cli.main import main as symparams
from symparams.elaboration import Network, build, zoo
from symparams.elaboration.document import understand
from symparams.views.formats.latex import latex_formula
from symparams.views.pages import formula
from tests.typeset.reading import UNKNOWN, NotReadError, read_back, same

#: Longer formulas are not given to SymPy's reader: its parser takes minutes for one.
LONGEST = 1_200
PAGES = ("formula", "explain", "show", "sensitivity")


def formulas(models: list[str]) -> Iterator[tuple[str, Network, Form]]:
    """Every form of the parameters of every model."""
    for name in models:
        for model, definition in understand(zoo.source(name)).models.items():
            network = build(definition)
            for form in formula.FORMS:
                yield f"{name}:{model}, {form}", network, formula.formula(network, "params", form)


def katex(models: list[str], folder: str) -> int:
    """How many formulas KaTeX refuses."""
    listed = [(name, latex_formula(form)) for name, _, form in formulas(models)]
    script = Path(__file__).with_name("katex.mjs")
    done = subprocess.run(
        ["node", str(script), str(Path(folder).resolve())],
        input=json.dumps(listed),
        text=True,
        capture_output=True,
        check=False,
    )
    print(done.stdout + done.stderr, end="")
    print(f"KaTeX was given {len(listed)} formulas")
    return len(done.stdout.splitlines()) + bool(done.stderr)


def sympy_reads(models: list[str]) -> int:
    """How many formulas SymPy reads as others; those it cannot read are listed."""
    wrong = 0
    for name, network, form in formulas(models):
        written = latex_formula(form)
        if len(written) > LONGEST:
            print(f"{name}: {len(written):,} characters, not read back")
            continue
        unknown = [f for f in UNKNOWN if f.replace("_", r"\_") in written]
        try:
            read = read_back(written, network.symbols)
        except NotReadError as error:
            if unknown:
                print(f"{name}: not read back, as SymPy has no {', '.join(unknown)}")
                continue
            print(f"{name}: {error}")
            wrong += 1
            continue
        if not same(read, network.measure("params")):
            print(f"{name}: read as another formula")
            wrong += 1
    return wrong


def typst_compiles(models: list[str]) -> int:
    """How many pages Typst refuses."""
    import typst

    wrong = 0
    for name in models:
        for page in PAGES:
            arguments = [page, f"zoo:{name}", "--format", "typst", "--standalone"]
            text = CliRunner().invoke(symparams, arguments, catch_exceptions=False).output
            with tempfile.TemporaryDirectory() as folder:
                source = Path(folder) / "page.typ"
                source.write_text(text, "utf-8")
                try:
                    typst.compile(str(source), format="pdf")
                except typst.TypstError as error:
                    print(f"{name}, {page}: {str(error)[:300]}")
                    wrong += 1
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", help="names of the zoo; all without any")
    parser.add_argument("--katex", metavar="FOLDER", help="where npm has installed katex")
    asked = parser.parse_args()
    models = asked.models or list(zoo.files())
    wrong = katex(models, asked.katex) if asked.katex else 0
    wrong += sympy_reads(models)
    if find_spec("typst") is not None:
        wrong += typst_compiles(models)
    print(f"{wrong} problems" if wrong else "every formula is read")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

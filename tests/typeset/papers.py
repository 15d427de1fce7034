"""Typesets every model of the zoo, every purpose, at two widths, and has TeX compile it.

``python -m tests.typeset.papers`` needs pdflatex with amsmath, booktabs and longtable. It ends
with 1 where a document does not compile, or a line is wider than the page.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from click.testing import CliRunner

from symparams.cli.main import main as symparams
from symparams.elaboration import zoo

#: A column of a two-column page, and the text of an A4 page.
WIDTHS = ("246pt", "472pt")
#: Purpose → the command that has it, with its options.
PURPOSES = {
    "equation": ("formula",),
    "equation, grouped": ("formula", "--form", "grouped"),
    "equation, expanded": ("formula", "--form", "expanded"),
    "derivation": ("explain",),
    "table": ("show",),
    "table of all layers": ("show", "--free"),
    "sensitivities": ("sensitivity",),
    "sizes": ("sizes", "--measure", "params, macs, kept"),
}
_OVERFULL = re.compile(r"Overfull \\hbox \(([\d.]+)pt too wide\)[^\n]*")
_PREAMBLE = r"""\documentclass[10pt]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb,booktabs,longtable}
\setlength{\parindent}{0pt}
\setlength{\textwidth}{%s}
\begin{document}
"""


def typeset(command: tuple[str, ...], source: str, width: str) -> str:
    """What a command prints in LaTeX."""
    name, *options = command
    arguments = [name, source, *options, "--format", "latex", "--width", width]
    result = CliRunner().invoke(symparams, arguments, catch_exceptions=False)
    assert result.exit_code == 0, f"{' '.join(arguments)}: {result.output}"
    return result.output


def document(source: str, width: str) -> str:
    """All purposes of a model in one document."""
    parts = [_PREAMBLE % width]
    for k, command in enumerate(PURPOSES.values()):
        # Each label occurs once in a document.
        shown = re.sub(
            r"\\label\{([^}]*)\}", rf"\\label{{\1-{k}}}", typeset(command, source, width)
        )
        parts.append(rf"\typeout{{PURPOSE {k}}}{chr(10)}{shown}\clearpage")
    return "\n".join([*parts, r"\end{document}"])


def problems(text: str, folder: Path, name: str) -> Iterator[str]:
    """What is wrong with a document, after TeX has compiled it."""
    (folder / f"{name}.tex").write_text(text, "utf-8")
    (folder / f"{name}.aux").unlink(missing_ok=True)  # a longtable takes its widths from there
    done = subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", f"{name}.tex"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    log = (folder / f"{name}.log").read_text("latin-1")
    if done.returncode:
        wrong = re.search(r"^! .*(?:\n.*){0,6}", log, re.M)
        yield f"{name} does not compile: {wrong[0] if wrong else log[-400:]}"
    purposes = list(PURPOSES)
    for part in log.split("PURPOSE ")[1:]:
        for found in _OVERFULL.finditer(part):
            yield f"{name}, {purposes[int(part.split()[0])]}: {found[0]}"


def _of_model(folder: Path, model: str) -> tuple[str, float, list[str]]:
    begin = time.monotonic()
    found = [
        problem
        for width in WIDTHS
        for problem in problems(document(f"zoo:{model}", width), folder, f"{model}-{width}")
    ]
    return model, time.monotonic() - begin, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", help="names of the zoo; all without any")
    parser.add_argument("--keep", metavar="FOLDER", help="where the documents stay")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    if shutil.which("pdflatex") is None:
        print("pdflatex is not there")
        return 2
    folder = Path(asked.keep or tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    models = asked.models or list(zoo.files())
    wrong = 0
    with Pool(asked.processes) as pool:
        made = pool.imap_unordered(partial(_of_model, folder), models)
        for done, (model, seconds, found) in enumerate(made, 1):
            print(f"{done}/{len(models)} {model}: {seconds:.0f} s", flush=True)
            print(*found, sep="\n", end="\n" if found else "", flush=True)
            wrong += len(found)
    print(f"{wrong} problems" if wrong else "every page compiles, no line is too wide")
    if not asked.keep:
        shutil.rmtree(folder)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

"""The figures of ``docs/figures``, drawn by the commands that ``docs/plots.md`` prints.

``python -m tests.documents.figures`` draws them anew, and the pictures of pages
(:mod:`tests.documents.pages`) where it is not told ``--plots``. It needs matplotlib, Graphviz's
``dot``, and for pages pdflatex, pdftoppm and the package typst.
"""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

from tests.documents import pages

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "plots.md"
FOLDER = ROOT / "docs" / "figures"


def drawn_by() -> dict[str, list[str]]:
    """File → the arguments of the command that draws it, without ``--out``."""
    found = {}
    for line in PAGE.read_text("utf-8").replace("\\\n", " ").splitlines():
        told = re.fullmatch(r"symparams (plot .*) --out figures/(\S+)", line)
        if told:
            found[told[2]] = shlex.split(told[1])
    return found


def main() -> None:
    from tests.cli.running import run

    FOLDER.mkdir(exist_ok=True)
    for file, args in drawn_by().items():
        result = run(*args, "--out", str(FOLDER / file), cwd=ROOT)
        print(f"{file}: {result.err or 'drawn'}")
    if "--plots" not in sys.argv:
        for name in pages.draw():
            print(f"{name}: drawn", flush=True)


if __name__ == "__main__":
    main()

"""The figures of ``docs/figures``, drawn by the commands that ``docs/plots.md`` prints.

``python -m tests.documents.figures`` draws them anew.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

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


if __name__ == "__main__":
    main()

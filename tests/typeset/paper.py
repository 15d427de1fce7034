"""The paper of ``docs/papers``, built as its Makefile says, with the symparams of this tree."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.cli.running import Result, run

FOLDER = Path(__file__).parents[2] / "docs" / "papers"
#: What an author writes; all else is made of it.
WRITTEN = ("Makefile", "main.tex", "tern.arch", "claims.csv", "published.csv")
_RULE = re.compile(r"^(?P<file>\S+):.*\n\t(?P<may_fail>-?)symparams (?P<words>.*)$", re.M)


@dataclass(frozen=True)
class Rule:
    """A file of the paper, and the command of ours that makes it."""

    file: str
    words: tuple[str, ...]
    may_fail: bool

    def make(self, folder: Path) -> Result:
        """Run the command in a folder, and write the file."""
        words = list(self.words)
        printed = words[-2:] == [">", self.file]
        made = run(*(words[:-2] if printed else words), cwd=folder)
        if printed:
            (folder / self.file).write_text(made.out, "utf-8")
        return made


def rules() -> Iterator[Rule]:
    """Yield the rules of the Makefile whose command is symparams."""
    text = (FOLDER / "Makefile").read_text("utf-8")
    variables = dict(re.findall(r"^(\w+) = (.*)$", text, re.M))
    for found in _RULE.finditer(text):
        words = found["words"].replace("$@", found["file"])
        for name, value in variables.items():
            words = words.replace(f"$({name})", value)
        yield Rule(found["file"], tuple(shlex.split(words)), bool(found["may_fail"]))


def copy(folder: Path) -> None:
    """Put what an author writes into a folder."""
    for name in WRITTEN:
        shutil.copy(FOLDER / name, folder / name)


def compiled(folder: Path) -> str:
    """Build ``main.pdf``, and return the log of the last run."""
    for _ in range(2):  # references are known to the second
        subprocess.run(
            ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "main.tex"],
            cwd=folder,
            check=True,
            capture_output=True,
        )
    return (folder / "main.log").read_text("latin-1")

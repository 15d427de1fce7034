"""Runs: whole processes, from nothing to the answer, beside a Python that does nothing.

They run a copy of the package with saved parse tables, as a wheel ships them,
with compiled bytecode, as an installed package has it, and without what only
the tests need. The copy stands in a temporary folder, so neither a checkout nor
the environment is changed.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.benchmarks.measuring import Comparison, Run, within

ROOT = Path(__file__).resolve().parents[2]
VGG16 = ROOT / "symparams" / "library" / "zoo" / "vgg16.arch"


@cache
def _place() -> Path:
    """A folder with the package, its parse tables and the bytecode of all that is imported."""
    place = Path(mkdtemp(prefix="symparams-start-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    for name in ("symparams", "grammar"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    _python(place, "grammar/build_tables.py")
    # Lark imports it where it is there: with the tests, not for a user.
    (place / "interegular.py").write_text("raise ImportError('only for the tests')\n")
    return place


def _python(place: Path, *arguments: str) -> str:
    """The output of a Python process in ``place`` that keeps its bytecode there."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(place / "bytecode")
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=place,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _start(name: str, *arguments: str, says: str) -> Run:
    """A process; the first of its runs, which writes the bytecode, is never timed."""

    @cache
    def warm() -> None:
        _python(_place(), *arguments)

    return Run(
        name,
        lambda: _python(_place(), *arguments),
        lambda: says,
        lambda output: output.partition("\n")[0],
        warm,
        rounds=21,
    )


BARE = _start("python -c pass", "-c", "pass", says="")
HELP = _start(
    "symparams --help",
    *("-m", "symparams", "--help"),
    says="Usage: symparams [OPTIONS] COMMAND [ARGS]...",
)
COUNT = _start(
    "symparams count vgg16.arch",
    *("-m", "symparams", "count", str(VGG16)),
    says="138357544",
)

STARTS = (
    Comparison(HELP, BARE, within(60)),
    Comparison(COUNT, BARE, within(120)),
)

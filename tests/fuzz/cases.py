"""What is done with a case, and what its failure is."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path

#: Seconds and bytes that a case may take, by itself in a fresh process.
SECONDS, MEMORY = 2.0, 200 * 2**20
#: Seconds by which a --time-limit may be passed.
GRACE = 1.0
PACKAGE = f"{os.sep}symparams{os.sep}"
CODES = {0, 1, 2, 3}

Begin = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """A source, or the words of a command line with its standard input."""

    text: str = ""
    words: tuple[str, ...] = ()
    stdin: bytes = b""

    def run(self, begin: Begin) -> Failure | None:
        """What goes wrong with it, if anything does; ``begin`` gives a step its time."""
        if self.words:
            return try_command(list(self.words), self.stdin)
        return try_source(self.text, begin)

    def __str__(self) -> str:
        return "symparams " + shlex.join(self.words) if self.words else self.text


@dataclass(frozen=True)
class Failure:
    """What went wrong and where, so that like failures are counted together."""

    kind: str
    where: str
    says: str = ""

    @property
    def signature(self) -> tuple[str, str]:
        return (self.kind, self.where)


class TooSlow(BaseException):
    """The time of a case is over; no code under test catches this."""


def place_of(error: BaseException) -> str:
    """The innermost function of the package that an error came through."""
    found = "?"
    for frame, _ in traceback.walk_tb(error.__traceback__):
        name = frame.f_code.co_filename
        if PACKAGE in name:
            found = f"{name.rpartition(PACKAGE)[2]}:{frame.f_code.co_name}"
    return found


def failure_of(error: BaseException) -> Failure:
    text = str(error).splitlines()
    return Failure(type(error).__name__, place_of(error), text[0][:100] if text else "")


def try_source(text: str, begin: Begin) -> Failure | None:
    """Parse, format, build, measure and judge a text; each step has the time of a case."""
    from symparams.analysis.checks import check
    from symparams.elaboration.definition import build
    from symparams.elaboration.document import understand
    from symparams.errors import Source, SymparamsError
    from symparams.language.format import format_text
    from symparams.network import MEASURE_NAMES

    source = Source("net.arch", text)
    step = "fmt"
    try:
        with contextlib.suppress(SymparamsError):
            laid = format_text(source)
            begin()
            if format_text(Source("net.arch", laid)) != laid:
                return Failure("layout changes again", "language/format.py")
        step = "reading"
        begin()
        try:
            document = understand(source)
        except SymparamsError as error:
            str(error)
            return None
        definitions = [*document.models.values(), *([document.bare] if document.bare else [])]
        for definition, defaults in product(definitions, (False, True)):
            step = "building"
            begin()
            try:
                network = build(definition, defaults=defaults)
            except SymparamsError as error:
                str(error)
                continue
            for measure in MEASURE_NAMES:
                step = measure
                begin()
                with contextlib.suppress(SymparamsError):
                    str(network.measure(measure))
        step = "claims"
        begin()
        for error in check([source]).errors:
            str(error)
    except TooSlow as slow:
        return Failure("over time", step, place_of(slow))
    except Exception as error:
        return failure_of(error)
    return None


class _Bytes(io.TextIOWrapper):
    """A stream with bytes under it, as the real ones have."""

    def __init__(self, content: bytes = b"") -> None:
        super().__init__(io.BytesIO(content), "utf-8", newline="", write_through=True)


def try_command(words: list[str], stdin: bytes) -> Failure | None:
    """Run a command line in this process and this folder."""
    from symparams.cli.main import run

    limit = _time_limit(words)
    os.environ["COLUMNS"] = "100"
    before = sys.stdin
    sys.stdin = _Bytes(stdin)
    start = (time.monotonic(), time.process_time())
    try:
        with contextlib.redirect_stdout(_Bytes()), contextlib.redirect_stderr(_Bytes()):
            run(list(words))
    except SystemExit as ended:
        if ended.code not in CODES:
            return Failure(f"exit code {ended.code}", words[0] if words else "")
    except TooSlow as slow:
        return Failure("over time", words[0], place_of(slow))
    except BaseException as error:
        return failure_of(error)
    finally:
        sys.stdin = before
    # Of the wall's and the processor's seconds the fewer: other programs run here, too.
    spent = min(time.monotonic() - start[0], time.process_time() - start[1])
    if limit is not None and limit > 0 and spent > limit + GRACE:
        return Failure("over its --time-limit", words[0], f"{spent:.1f} s of {limit:g}")
    return None


def _time_limit(words: list[str]) -> float | None:
    """The --time-limit of a command line."""
    for word, behind in pairwise(words):
        if word == "--time-limit":
            with contextlib.suppress(ValueError):
                return float(behind)
    return None


def scratch_files(folder: Path) -> None:
    """What command lines find in their folder: files that are right, wrong and odd."""
    texts = {
        "right.arch": "model m(h = 4, n = 2) = input(h) -> dense(h) * n -> dense(3)\nexpect m.params == 55\n",
        "several.arch": "model a(h) = input(h) -> dense(2)\nmodel b = input(3) -> dense(2)\n",
        "claims.arch": "model m(h) = input(h) -> linear(h)\nexpect m.params == h^2\nexpect m.params > 9\n",
        "wrong.arch": "model m = input(3) -> dens(4)\n",
        "torn.arch": "model m( = input(3 -> \n",
        "empty.arch": "",
        "untidy.arch": "model   m(h)=input( h )->dense( 3 )   # \x1b[31m red\n",
        "below/inner.arch": 'import "../right.arch"\nmodel k = input(3) -> dense(2)\n',
        "circle.arch": 'import "circle.arch"\nmodel m = input(2) -> dense(2)\n',
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "bytes.arch").write_bytes(b"model m = input(3) -> \xff\xfe dense(2)")
    if not (folder / "loop.arch").is_symlink():
        (folder / "loop.arch").symlink_to("loop.arch")

"""``HEAD~1:net.arch``: a source as git has it, with the files that it imports."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from symparams.errors import Source, SymparamsError, Unreadable

if TYPE_CHECKING:
    from symparams.elaboration import WrittenModel

#: ``REVISION:PATH.arch``, with a model behind it.
_VERSION = re.compile(r"(?P<revision>[^:]+):(?P<path>[^:]+\.arch)(:(?P<model>[\w.]+))?")
#: What a SOURCE begins with that is no revision.
_OTHERS = ("zoo", "hf")
#: The longest that git may take, in seconds.
LONGEST = 30
#: Git reads no configuration that runs programs, and fetches nothing.
_QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "LC_ALL": "C",
}


def versioned(source: str, convention: str | None) -> WrittenModel:
    """Return the model that a SOURCE means, or ``REVISION:FILE.arch`` of a git repository.

    Raises:
        SymparamsError: no such file, revision or model, or text that is not of the language.
    """
    from symparams.cli.sources import definition_of
    from symparams.elaboration import understand

    found = _VERSION.fullmatch(source)
    if found is None or found["revision"] in _OTHERS or Path(source).is_file():
        return definition_of(source, convention)
    text = of_revision(found["revision"], found["path"])
    return understand(text, convention).definition(found["model"] or "")


def of_revision(revision: str, path: str) -> Source:
    """Return a file as a revision has it; what it imports is read of the same revision.

    As for git, ``path`` counts from the top of the repository, or with ``./`` in front
    from the folder one is in.

    Raises:
        SymparamsError: git is missing, this is no repository, or it has no such revision or file.
        Unreadable: the file is too large, or not UTF-8.
    """
    from symparams.language import LARGEST

    shown = f"{revision}:{path}"
    if revision.startswith("-"):
        raise SymparamsError(f"'{revision}' is no revision")
    if int(_git(("cat-file", "-s", shown), revision, path)) > LARGEST:
        raise Unreadable(f"'{shown}' is larger than {LARGEST:,} bytes")
    raw = _git(("cat-file", "blob", shown), revision, path)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"'{shown}' is not UTF-8 (byte {error.start})") from None

    def beside(other: str) -> Source:
        here = "./" if path.startswith("./") else ""  # which a path leaves out
        return of_revision(revision, f"{here}{PurePosixPath(path).parent / other}")

    return Source(shown, text, f"{revision}:./{path}", beside=beside)


def _git(arguments: tuple[str, ...], revision: str, path: str) -> bytes:
    """Return what git prints about a file of a revision.

    Raises:
        SymparamsError: git is missing or takes too long, this is no repository, or it has no
            such revision or file.
    """
    done = _run(*arguments)
    if not done.returncode:
        return done.stdout
    if _run("rev-parse", "--git-dir").returncode:
        told = _last_line(done.stderr)
        raise SymparamsError(f"'{revision}:{path}' is of git, which says: {told}")
    if _run("rev-parse", "--verify", "--quiet", f"{revision}^{{tree}}").returncode:
        raise SymparamsError(f"git has no revision '{revision}'", None, "git log lists them")
    raise SymparamsError(
        f"revision '{revision}' has no file '{path}'",
        None,
        f"a path counts from the top of the repository, and ./{path} from this folder",
    )


def _run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ("git", "--no-pager", *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST,
            check=False,
            env={**os.environ, **_QUIET},
        )
    except FileNotFoundError:
        raise SymparamsError("a revision is read by git, which is not installed") from None
    except subprocess.TimeoutExpired:
        raise SymparamsError(f"git took more than {LONGEST} seconds") from None


def _last_line(said: bytes) -> str:
    """Return the last line that git said, without the word in front."""
    lines = said.decode("utf-8", "replace").strip().splitlines() or ["nothing"]
    return lines[-1].removeprefix("fatal: ")

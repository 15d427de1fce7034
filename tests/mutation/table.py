"""The table of changes that no test can, or need, notice; each with a reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.mutation.changes import Change

TABLE = Path(__file__).with_name("equivalent.toml")
KEY = ("file", "function", "line", "change")


class Equivalent:
    """Changes with a reason each, by file, function, the line's text and the change.

    ``change`` may be ``*``: nothing that is done to the line can be noticed.
    """

    def __init__(self, path: Path = TABLE) -> None:
        self.path = path
        entries = tomllib.loads(path.read_text("utf-8")).get("equivalent", [])
        self.reasons = {tuple(str(e[k]) for k in KEY): str(e["reason"]) for e in entries}
        if len(self.reasons) < len(entries):
            raise SystemExit(f"{path.name} has a change twice")

    def reason(self, change: Change) -> str | None:
        """Why a change cannot be noticed; None where it can."""
        file, function, line, says = change.key
        for written in (says, "*"):
            if (file, function, line, written) in self.reasons:
                return self.reasons[file, function, line, written]
        return None

    def stale(self, changes: Iterable[Change]) -> list[tuple[str, ...]]:
        """The entries that no change of today's text has."""
        keys = {c.key for c in changes}
        keys |= {(*key[:3], "*") for key in keys}
        return [key for key in self.reasons if key not in keys]


def entry(change: Change) -> str:
    """A change as an entry of the table, its reason still to be written."""
    rows = [f"{name} = {_quoted(text)}" for name, text in zip(KEY, change.key, strict=True)]
    return "\n".join(["[[equivalent]]", *rows, 'reason = ""'])


def _quoted(text: str) -> str:
    return (
        f"'{text}'"
        if "'" not in text
        else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )

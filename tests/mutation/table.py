"""The table of changes that no test can, or need, notice; each with a reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.mutation.changes import Change

TABLE = Path(__file__).with_name("equivalent.toml")
KEY = ("file", "function", "line", "change")


class Equivalent:
    """Changes with a reason each, by file, function, the line's text and the change.

    ``change`` may be ``*``: nothing that is done to the line can be noticed. A ``kind`` is
    of any file: patterns of a line and of a change of it.
    """

    def __init__(self, path: Path = TABLE) -> None:
        self.path = path
        table = tomllib.loads(path.read_text("utf-8"))
        entries = table.get("equivalent", [])
        self.reasons = {tuple(str(e[k]) for k in KEY): str(e["reason"]) for e in entries}
        if len(self.reasons) < len(entries):
            raise SystemExit(f"{path.name} has a change twice")
        self.kinds = [
            (re.compile(k.get("line", ".*")), re.compile(k["change"]), str(k["reason"]))
            for k in table.get("kind", [])
        ]

    def reason(self, change: Change) -> str | None:
        """Why a change cannot be noticed; None where it can."""
        file, function, line, says = change.key
        for written in (says, "*"):
            if (file, function, line, written) in self.reasons:
                return self.reasons[file, function, line, written]
        return next((why for kind, why in self._kinds_of(change)), None)

    def _kinds_of(self, change: Change) -> Iterator[tuple[tuple[str, ...], str]]:
        """The patterns that fit a change, with the reason of each."""
        for line, says, reason in self.kinds:
            if line.fullmatch(change.text) and says.fullmatch(change.says):
                yield (line.pattern, says.pattern), reason

    def stale(self, changes: Iterable[Change]) -> list[tuple[str, ...]]:
        """The entries that no change of today's text has."""
        keys: set[tuple[str, ...]] = set()
        for change in changes:
            keys |= {change.key, (*change.key[:3], "*"), *(k for k, _ in self._kinds_of(change))}
        written = [*self.reasons, *((line.pattern, says.pattern) for line, says, _ in self.kinds)]
        return [key for key in written if key not in keys]


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

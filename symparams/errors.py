"""The one base error, where it happened, and the nearest known names.

Floor 0 of the house: every other room may import this one, it imports none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Longest source line an error quotes; a longer one is cut around the caret.
WIDEST_QUOTE = 100


@dataclass(frozen=True)
class Source:
    """A text and the name it is shown under (a path as given, or ``<text>``).

    ``path`` is where the file lies, for what it imports; "" of a text without one.
    """

    name: str
    text: str = field(repr=False)
    path: str = ""


@dataclass(frozen=True)
class Span:
    """Half-open character range ``[start, end)`` of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """Line number, from 1."""
        return self.source.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """Column number, from 1, in characters."""
        return self.start - self.source.text.rfind("\n", 0, self.start)

    @property
    def text(self) -> str:
        """The characters of the span."""
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of ``other``."""
        return Span(self.source, self.start, max(self.end, other.end))

    def place(self) -> dict[str, Any]:
        """The file, and where the span begins and ends in it, for machines."""
        last = Span(self.source, self.end, self.end)
        return {
            "file": self.source.name,
            "line": self.line,
            "column": self.column,
            "end": {"line": last.line, "column": last.column},
        }

    def where(self) -> str:
        """``name:line:column``."""
        return f"{self.source.name}:{self.line}:{self.column}"

    def quote(self, remark: str = "") -> str:
        """The source line, and under it a caret line with ``remark`` behind it."""
        text = self.source.text
        first = text.rfind("\n", 0, self.start) + 1
        last = text.find("\n", self.start)
        last = len(text) if last < 0 else last
        line = text[first:last].rstrip("\r")
        column = self.start - first
        width = max(1, min(self.end, last) - self.start)
        if len(line) > WIDEST_QUOTE:
            cut = max(0, min(column - WIDEST_QUOTE // 2, len(line) - WIDEST_QUOTE))
            shown = line[cut : cut + WIDEST_QUOTE]
            shown = ("…" if cut else "") + shown + ("…" if cut + WIDEST_QUOTE < len(line) else "")
            column += (1 if cut else 0) - cut
            line, width = shown, min(width, max(1, len(shown) - column))
        # A tab is kept as a tab in front of the caret, so both lines shift alike.
        lead = "".join("\t" if c == "\t" else " " for c in line[:column])
        carets = "^" * width
        return f"    {line}\n    {lead}{carets}{' ' + remark if remark else ''}".rstrip()


class SymparamsError(Exception):
    """Base of everything symparams raises about its input.

    Args:
        message: what is wrong, in the user's words, without position.
        span: where; ``None`` for what has no text (a missing file).
        hint: a remedy, shown behind the caret (``did you mean 'lstm'?``).
        notes: further places that belong to it, as (text, span or None).
    """

    def __init__(
        self,
        message: str,
        span: Span | None = None,
        hint: str = "",
        notes: Sequence[tuple[str, Span | None]] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.hint = hint
        self.notes = tuple(notes)

    def at(self, span: Span | None) -> SymparamsError:
        """This error, placed at ``span`` where it had no place of its own yet."""
        if self.span is None:
            self.span = span
        return self

    def data(self) -> dict[str, Any]:
        """What is wrong and where, for machines; None for what it has not."""
        nowhere = {"file": None, "line": None, "column": None, "end": None}
        notes = [
            {"message": text, **(nowhere if span is None else span.place())}
            for text, span in self.notes
        ]
        return {
            "message": self.message,
            **(nowhere if self.span is None else self.span.place()),
            "hint": self.hint or None,
            "notes": notes,
            "text": str(self),
        }

    def __str__(self) -> str:
        lines = []
        if self.span is None:
            lines.append(self.message)
            if self.hint:
                lines.append(f"    {self.hint}")
        else:
            lines.append(f"{self.span.where()}: {self.message}")
            lines.append(self.span.quote(self.hint))
        for text, span in self.notes:
            lines.append(text if span is None else f"{span.where()}: {text}")
            if span is not None:
                lines.append(span.quote())
        return "\n".join(lines)


class SyntaxProblem(SymparamsError):
    """The text is not a sentence of the language."""


class Unreadable(SymparamsError):
    """A file that is not there, not UTF-8, too big, or not an ``.arch`` file."""


class UnknownName(SymparamsError):
    """A name, a kind or an option that nothing defines; never a matter of sizes."""


class NeedsValue(SymparamsError):
    """Something that only a concrete size decides; ``symbols`` names what to set."""

    def __init__(
        self,
        message: str,
        symbols: Iterable[str] = (),
        span: Span | None = None,
        hint: str = "",
        notes: Sequence[tuple[str, Span | None]] = (),
    ) -> None:
        super().__init__(message, span, hint, notes)
        self.symbols = tuple(symbols)


def nearest(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Up to ``limit`` known names close to ``name``, best first.

    >>> nearest("lsmt", ["lstm", "gru", "dense"])
    ['lstm']
    """
    from difflib import get_close_matches

    pool = sorted(set(known))
    lower = {k.lower(): k for k in reversed(pool)}
    found = get_close_matches(name.lower(), lower, n=limit, cutoff=0.6)
    if not found and len(name) >= 2:
        found = [k for k in lower if k.startswith(name.lower())][:limit]
    return [lower[k] for k in found]


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """``did you mean 'lstm'?``, or ``otherwise`` when nothing is near."""
    found = nearest(name, known)
    if not found:
        return otherwise
    return quoted_names(found)


def quoted_names(found: Sequence[str]) -> str:
    """``did you mean 'lstm' or 'gru'?``"""
    quoted = [f"'{k}'" for k in found]
    joined = quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
    return f"did you mean {joined}?"

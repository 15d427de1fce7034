"""The one base error, where it happened, and the nearest known names.

Floor 0 of the house: every other room may import this one, it imports records alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from symparams.records import Record

#: Longest source line an error quotes; a longer one is cut around the caret.
WIDEST_QUOTE = 100


class LineColumn(Record):
    """A place in a file, both from 1."""

    line: int
    column: int


class ErrorNote(Record):
    """Something that is wrong, or belongs to it, for machines; None for a place that it has not."""

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    end: LineColumn | None = None


class ErrorData(ErrorNote):
    """An error for machines; ``text`` is the message as it is printed."""

    hint: str | None = None
    notes: tuple[ErrorNote, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Source:
    """A text and the name it is shown under (a path as given, or ``<text>``).

    ``path`` is where the file lies, for what it imports; "" of a text without one.
    ``shipped`` says that it is a file of the library's blocks. ``about`` is what a
    reader of its tables is told of it: where its sizes come from. ``beside`` fetches what
    it imports where that is no file, as of a revision; its ``path`` tells it from others.
    """

    name: str
    text: str = field(repr=False)
    path: str = ""
    shipped: bool = False
    about: tuple[str, ...] = field(default=(), repr=False)
    beside: Callable[[str], Source] | None = field(default=None, repr=False, compare=False)


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
        """Return the span from the start of this one to the end of ``other``."""
        return Span(self.source, self.start, max(self.end, other.end))

    def place(self) -> tuple[str, int, int, LineColumn]:
        """Return the file, line and column, and where the span ends, for machines."""
        last = Span(self.source, self.end, self.end)
        return self.source.name, self.line, self.column, LineColumn(last.line, last.column)

    def where(self) -> str:
        """Return ``name:line:column``."""
        return f"{self.source.name}:{self.line}:{self.column}"

    def quote(self, remark: str = "") -> str:
        """Return the source line, and under it a caret line with ``remark`` behind it."""
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
        message = shortened(message)
        super().__init__(message)
        self.message = message
        self.span = span
        self.hint = hint
        self.notes = tuple(notes)

    def at(self, span: Span | None) -> SymparamsError:
        """Return this error, placed at ``span`` where it had no place of its own yet."""
        if self.span is None:
            self.span = span
        return self

    def data(self) -> ErrorData:
        """Return what is wrong and where, for machines."""
        note, *notes = (
            ErrorNote(text, *(() if span is None else span.place()))
            for text, span in ((self.message, self.span), *self.notes)
        )
        place = note.file, note.line, note.column, note.end
        return ErrorData(note.message, *place, self.hint or None, tuple(notes), str(self))

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


def shortened(message: str) -> str:
    """Return a message that somebody reads: of a longer one, the beginning and the end."""
    if len(message) <= LONGEST_MESSAGE:
        return message
    return f"{message[: LONGEST_MESSAGE - 200]} … {message[-150:]}"


class SyntaxProblem(SymparamsError):
    """The text is not a sentence of the language."""


class Unreadable(SymparamsError):
    """A file that is not there, not UTF-8, too big, or not an ``.arch`` file."""


class UnknownName(SymparamsError):
    """A name, a kind or an option that nothing defines; never a matter of sizes."""


class NotAdmitted(SymparamsError):
    """Sizes that a model does not admit: outside a domain, or against a condition."""


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


#: Longest message of an error; formulas in it may be as long as they like.
LONGEST_MESSAGE = 1_000

#: Up to so many names are listed in full.
MOST_NAMES = 4

#: Pairs of which one in the place of the other turns the meaning of a name round.
OPPOSITES = (
    ("un", ""),
    ("de", ""),
    ("non", ""),
    ("min", "max"),
    ("up", "down"),
    ("in", "out"),
    ("en", "de"),
    ("pre", "post"),
    ("left", "right"),
)


def nearest(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Find up to ``limit`` known names that ``name`` is a slip of: the nearest, and those as
    near.

    A slip is a letter lost, added, exchanged with its neighbour, or another, one
    in three letters at most; of three letters none may be another, for most such
    words are words of their own. A name that says the opposite is never meant.

    >>> nearest("lsmt", ["lstm", "gru", "dense"])
    ['lstm']
    >>> nearest("sin", ["min"]), nearest("unfold", ["fold"]), nearest("len", ["flatten"])
    ([], [], [])
    """
    pool = sorted(set(known))
    lower = {k.lower(): k for k in reversed(pool)}
    written = name.lower()
    most = (len(written) + 1) // 3
    ranked = sorted((slips(written, k, most), k) for k in lower if not negated(written, k))
    found = [k for far, k in ranked if far <= most and far == ranked[0][0]][:limit]
    if not found and len(name) >= 3:  # a beginning, where not too much is missing
        near = [k for k in lower if len(k) <= 2 * len(name) + 1]
        found = [k for k in near if k.startswith(written)][:limit]
    return [lower[k] for k in found]


def slips(written: str, meant: str, most: int) -> int:
    """Return how many slips lead from one word to the other (Damerau 1964); above ``most``, any
    more.

    >>> slips("lsmt", "lstm", 2), slips("dens", "dense", 2), slips("len", "flatten", 1)
    (1, 1, 4)
    """
    if abs(len(written) - len(meant)) > most:
        return abs(len(written) - len(meant))
    other = 1 if len(written) > 3 else most + 1  # the price of another letter
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, one in enumerate(written, 1):
        older, before, row = before, row, [i]
        for j, two in enumerate(meant, 1):
            cheapest = min(
                before[j] + 1, row[j - 1] + 1, before[j - 1] + (0 if one == two else other)
            )
            crossed = i > 1 and j > 1 and one == meant[j - 2] and written[i - 2] == two
            row.append(min(cheapest, older[j - 2] + 1) if crossed else cheapest)
    return row[-1]


def negated(one: str, two: str) -> bool:
    """Tell whether two names differ by a word part that turns their meaning round.

    >>> negated("unfold", "fold"), negated("downsample", "upsample"), negated("dens", "dense")
    (True, True, False)
    """
    for a, b in OPPOSITES:
        for these, those in ((one, two), (two, one)):
            places = (k for k in range(len(these)) if these.startswith(a, k))
            if any(these[:k] + b + these[k + len(a) :] == those for k in places):
                return True
    return False


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return ``did you mean 'lstm'?``, or ``otherwise`` when nothing is near."""
    found = nearest(name, known)
    if not found:
        return otherwise
    return quoted_names(found)


def listed(names: Iterable[str], joined: str = " and ") -> str:
    """Return ``'h' and 'w'``; of many names the first three, and how many more there are.

    >>> listed("hw"), listed(f"k{n}" for n in range(45))
    ("'h' and 'w'", "'k0', 'k1', 'k2' and 42 more")
    """
    quoted = [f"'{n}'" for n in names]
    if len(quoted) <= MOST_NAMES:
        return joined.join(quoted)
    return f"{', '.join(quoted[: MOST_NAMES - 1])} and {len(quoted) - MOST_NAMES + 1} more"


def several(number: int, noun: str) -> str:
    """Return a number of things in words.

    >>> several(1, "value"), several(1_000, "value")
    ('1 value', '1,000 values')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"


def set_to(names: Sequence[str], value: str = "64") -> str:
    """Return ``--set h=64 --set w=64``, for the first names of many.

    >>> set_to("hw"), set_to("abcdefg")
    ('--set h=64 --set w=64', '--set a=64 --set b=64 --set c=64 …')
    """
    shown = names if len(names) <= MOST_NAMES else names[: MOST_NAMES - 1]
    given = " ".join(f"--set {n}={value}" for n in shown)
    return given if len(shown) == len(names) else f"{given} …"


def quoted_names(found: Sequence[str]) -> str:
    """Return ``did you mean 'lstm' or 'gru'?``"""
    quoted = [f"'{k}'" for k in found]
    joined = quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
    return f"did you mean {joined}?"

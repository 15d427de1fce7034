"""A sheet as plain text: nothing is cut off, numbers and names stay whole, colour only if asked.

On a terminal everything is folded to its width. In a pipe a row of data is one line, and
so is a remark, so that ``grep`` finds it whole; only columns of sentences are folded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symparams.views.folding import fitted, folded, longest_word, wrapped
from symparams.views.sheet import Column, Line, Sheet, filled
from symparams.views.written import clean, shown, width

TERMINAL = True
_GAP = "  "
#: So wide is a table with sentences where there is no terminal.
_SENTENCES = 100
#: The narrowest that a column of sentences is folded to there.
_NARROWEST = 40
#: How each style looks, in rich's words.
_LOOKS = {
    "title": "bold",
    "head": "bold",
    "group": "cyan",
    "total": "bold",
    "section": "bold",
    "dim": "dim",
    "free": "dim",
    "rule": "dim",
    "failed": "bold red",
    "undecided": "yellow",
}
Painted = tuple[str, str]


def render(sheet: Sheet, color: bool = False, width: int | None = None) -> str:
    """Return the sheet as lines of text.

    Args:
        sheet: what is shown.
        color: with terminal colours.
        width: fold everything at spaces to stay within it; a line is longer only where
            one word of it is. Without it, only columns of sentences are folded.
    """
    if sheet.layout == "formula":
        lines = list(_formula(sheet, width))
    elif sheet.layout == "lines":
        lines = list(_told(sheet, width))
    else:
        lines = list(_table(sheet, width))
    return _coloured(lines) if color else "\n".join(words.rstrip() for words, _ in lines)


def _coloured(lines: Iterable[Painted]) -> str:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    console = Console(
        file=out,
        force_terminal=True,
        color_system="standard",
        no_color=False,
        width=10**6,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    for words, style in lines:
        console.print(Text(words.rstrip(), style=_LOOKS.get(style, "")), soft_wrap=True)
    return out.getvalue().rstrip("\n")


# --- layouts ---------------------------------------------------------------


def _formula(sheet: Sheet, limit: int | None) -> Iterator[Painted]:
    for row in sheet.told:
        yield from _whole(shown(row.cells[0]), limit)
    yield from _notes(sheet, limit)


def _told(sheet: Sheet, limit: int | None) -> Iterator[Painted]:
    """Yield ``conv2: f·f·i·o + o = …   (kernel 18,432 + bias 64)``, the equations aligned."""
    yield from _above(sheet, limit)
    rows = sheet.told
    names = ["  " * row.depth + shown(row.cells[0]) + ":" for row in rows]
    widest = max((width(name) for name in names), default=0)
    for name, row in zip(names, rows, strict=True):
        told = [shown(c) for c in row.cells[1:] if c is not None]
        whole = f"{_padded(name, widest)} {'   '.join(told)}"
        if limit is None or width(whole) <= limit:
            yield whole, row.style
            continue
        left = limit - widest - 1
        if left < max(_NARROWEST, *map(longest_word, told), 0):  # all of it below the name
            yield from _whole(name, limit, row.style)
            inner = "  " * (row.depth + 1)
            for part in told:
                yield from _whole(f"{inner}{part}", limit, row.style)
            continue
        for k, part in enumerate(_side_by_side(told, left)):
            yield f"{_padded('' if k else name, widest)} {part}", row.style
    yield from _below(sheet, limit)


def _side_by_side(parts: list[str], places: int) -> list[str]:
    """Return texts in lines, each beside the one before where it fits."""
    lines = [""]
    for k, part in enumerate(parts):
        longer = f"{lines[-1]}   {part}" if k else part
        if width(longer) <= places:
            lines[-1] = longer
        elif k:
            lines += wrapped(f"  {part}", places)
        else:
            lines = wrapped(part, places)
    return lines


def _above(sheet: Sheet, limit: int | None) -> Iterator[Painted]:
    yield from _whole(clean(sheet.title), limit, "title")
    for words in sheet.lead:  # sentences, folded everywhere
        for line in wrapped(clean(words), limit or _SENTENCES, hang=0):
            yield line, ""


def _below(sheet: Sheet, limit: int | None) -> Iterator[Painted]:
    for label, value in sheet.footer:
        yield from _whole(f"{shown(label)}: {shown(value)}", limit, "total")
    yield from _notes(sheet, limit)


def _notes(sheet: Sheet, limit: int | None) -> Iterator[Painted]:
    for note in sheet.notes:
        yield from _whole(shown(note), limit)


def _whole(words: str, limit: int | None, style: str = "") -> Iterator[Painted]:
    """Yield a line by itself, which is folded only where there is a limit."""
    for line in [words] if limit is None else wrapped(words, limit):
        yield line, style


def _table(sheet: Sheet, limit: int | None) -> Iterator[Painted]:
    yield from _above(sheet, limit)
    branches = _branches(sheet.rows) if sheet.tree else ["  " * row.depth for row in sheet.rows]
    rows = [
        (row, _texts(row, sheet, before)) for row, before in zip(sheet.rows, branches, strict=True)
    ]
    heads = [clean(column.heading) for column in sheet.columns]
    cells = [texts for row, texts in rows if row.style not in ("rule", "section")]
    if sheet.headed:
        cells.append(heads)
    widths = _widths(cells, sheet.columns, limit)
    if widths is None:
        yield from _stacked(sheet, rows, heads, limit or 0)
    else:
        rule = ("-" * (sum(widths) + len(_GAP) * (len(widths) - 1)), "rule")
        if sheet.headed:
            for texts in folded(heads, widths):
                yield _line(texts, widths, sheet), "head"
            yield rule
        for row, texts in rows:
            if row.style == "rule":
                yield rule
            elif row.style == "section":
                yield from _whole(texts[0], limit, "section")
            else:
                for parts in folded(texts, widths):
                    yield _line(parts, widths, sheet), row.style
    yield from _below(sheet, limit)


def _widths(
    cells: list[list[str]], columns: tuple[Column, ...], limit: int | None
) -> list[int] | None:
    """Return the widths of the columns; None where they do not fit side by side."""
    gaps = len(_GAP) * (len(columns) - 1)
    ways = list(zip(*cells, strict=True)) or [()] * len(columns)
    widest = [max(map(width, texts), default=0) for texts in ways]
    if sum(widest) + gaps <= (_SENTENCES if limit is None else limit):
        return widest
    narrowest = [max(map(longest_word, texts), default=0) for texts in ways]
    if limit is None:
        narrowest = [
            max(low, min(high, _NARROWEST)) if column.prose else high
            for low, high, column in zip(narrowest, widest, columns, strict=True)
        ]
        return fitted(widest, narrowest, _SENTENCES - gaps)
    if sum(narrowest) + gaps > limit:
        return None
    return fitted(widest, narrowest, limit - gaps)


def _stacked(
    sheet: Sheet, rows: list[tuple[Line, list[str]]], heads: list[str], limit: int
) -> Iterator[Painted]:
    """Yield each row as a block of lines, ``heading: cell``, for columns that do not fit."""
    for row, texts in rows:
        if row.style == "rule":
            yield "-" * limit, "rule"
            continue
        inner = "  " * (row.depth + 1)
        if texts[0].strip():
            yield from _whole(texts[0], limit, row.style)
        for heading, words in zip(heads[1:], texts[1:], strict=True):
            if words and row.style != "section":
                named = f"{heading}: {words}" if heading else words
                yield from _whole(
                    f"{inner}{named}", limit, "" if row.style == "group" else row.style
                )


def _texts(row: Line, sheet: Sheet, before: str) -> list[str]:
    texts = [shown(c) for c in filled(row, sheet.columns)]
    texts[0] = before + texts[0]
    return texts


def _branches(rows: Sequence[Line]) -> list[str]:
    """Return what stands before each row of a tree: ``├─``, or ``└─`` before the last of a group.

    >>> _branches([Line(("a",), k) for k in (0, 1, 2, 1)])
    ['', '├─ ', '│  └─ ', '└─ ']
    """
    found: list[str] = []
    after: set[int] = set()  # the depths at which a row of the same group is still to come
    for row in reversed(rows):
        inner = "".join("│  " if d in after else "   " for d in range(1, row.depth))
        own = "├─ " if row.depth in after else "└─ "
        found.append(inner + own if row.depth else "")
        after = {d for d in after if d < row.depth} | {row.depth}
    return found[::-1]


def _line(texts: list[str], widths: list[int], sheet: Sheet) -> str:
    return _GAP.join(
        _padded(words, places, column.align)
        for words, places, column in zip(texts, widths, sheet.columns, strict=True)
    )


def _padded(words: str, places: int, align: str = "left") -> str:
    missing = " " * (places - width(words))
    return missing + words if align == "right" else words + missing

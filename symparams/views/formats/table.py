"""A sheet as plain text for a terminal: nothing cut off, colour only if asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symparams.views.sheet import Line, Sheet, filled
from symparams.views.written import clean, shown, width

TERMINAL = True
_GAP = "  "
#: The narrowest that a column of formulas is folded to.
_NARROWEST = 24
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
        width: fold formulas between their terms to stay within it; numbers
            and names are never broken, so a line may still be longer.
    """
    if sheet.layout == "formula":
        lines = list(_formula(sheet))
    elif sheet.layout == "lines":
        lines = list(_told(sheet))
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


def _formula(sheet: Sheet) -> Iterator[Painted]:
    for row in sheet.told:
        yield shown(row.cells[0]), ""
    for note in sheet.notes:
        yield shown(note), ""


def _told(sheet: Sheet) -> Iterator[Painted]:
    """Yield ``conv2: f·f·i·o + o = …   (kernel 18,432 + bias 64)``, the equations aligned."""
    yield clean(sheet.title), "title"
    yield from _lead(sheet)
    rows = sheet.told
    names = ["  " * row.depth + shown(row.cells[0]) + ":" for row in rows]
    widest = max((width(name) for name in names), default=0)
    for name, row in zip(names, rows, strict=True):
        told = "   ".join(shown(c) for c in row.cells[1:] if c is not None)
        yield f"{_padded(name, widest)} {told}", row.style
    yield from _below(sheet)


def _lead(sheet: Sheet) -> Iterator[Painted]:
    for words in sheet.lead:
        yield clean(words), ""


def _below(sheet: Sheet) -> Iterator[Painted]:
    for label, value in sheet.footer:
        yield f"{shown(label)}: {shown(value)}", "total"
    for note in sheet.notes:
        yield shown(note), ""


def _table(sheet: Sheet, limit: int | None) -> Iterator[Painted]:
    rows = [(row, _texts(row, sheet)) for row in sheet.rows]
    widths = [
        max(
            [width(clean(column.heading))]
            + [width(texts[k]) for row, texts in rows if row.style not in ("rule", "section")]
        )
        for k, column in enumerate(sheet.columns)
    ]
    if limit is not None:
        widths = _fitted(widths, sheet, limit)
    across = sum(widths) + len(_GAP) * (len(widths) - 1)
    rule = ("-" * across, "rule")
    yield clean(sheet.title), "title"
    yield from _lead(sheet)
    if sheet.headed:
        yield _line([clean(c.heading) for c in sheet.columns], widths, sheet), "head"
        yield rule
    for row, texts in rows:
        if row.style == "rule":
            yield rule
        elif row.style == "section":
            yield texts[0], "section"
        else:
            for folded in _folded(texts, widths):
                yield _line(folded, widths, sheet), row.style
    yield from _below(sheet)


def _texts(row: Line, sheet: Sheet) -> list[str]:
    texts = [shown(c) for c in filled(row, sheet.columns)]
    texts[0] = "  " * row.depth + texts[0]
    return texts


def _line(texts: list[str], widths: list[int], sheet: Sheet) -> str:
    return _GAP.join(
        _padded(words, places, column.align)
        for words, places, column in zip(texts, widths, sheet.columns, strict=True)
    )


def _padded(words: str, places: int, align: str = "left") -> str:
    missing = " " * (places - width(words))
    return missing + words if align == "right" else words + missing


# --- folding ---------------------------------------------------------------


def _fitted(widths: list[int], sheet: Sheet, limit: int) -> list[int]:
    """Return widths with the widest left-aligned column made narrower, as far as needed and
    sensible.
    """
    too_much = sum(widths) + len(_GAP) * (len(widths) - 1) - limit
    foldable = [k for k, column in enumerate(sheet.columns) if k and column.align == "left"]
    if too_much <= 0 or not foldable:
        return widths
    widest = max(foldable, key=lambda k: widths[k])
    fitted = list(widths)
    fitted[widest] = max(widths[widest] - too_much, min(widths[widest], _NARROWEST))
    return fitted


def _folded(texts: list[str], widths: list[int]) -> Iterator[list[str]]:
    """Yield a row as one or more lines of its columns."""
    columns = [
        _wrapped(words, places) if k and width(words) > places else [words]
        for k, (words, places) in enumerate(zip(texts, widths, strict=True))
    ]
    for k in range(max(map(len, columns))):
        yield [column[k] if k < len(column) else "" for column in columns]


def _wrapped(words: str, places: int) -> list[str]:
    """Return text in lines, broken at spaces only."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if width(longer) <= places or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines

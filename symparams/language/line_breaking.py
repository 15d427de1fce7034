"""Text with places where a line may end, and how it becomes lines.

A piece knows how wide it is on one line. What does not fit is broken at its
own places first, and only then at those of the pieces inside it.
"""

from __future__ import annotations

from collections.abc import Sequence

#: The columns of a laid-out line, and of each indent; those of the project's Python.
WIDTH = 100
INDENT = 4
#: The width of what cannot stand on one line.
NEVER = 1_000_000


class Piece:
    """Base of all pieces."""

    #: On one line.
    width: int = 0
    #: Of the widest part that is better not broken.
    narrow: int = 0
    #: Up to a brace whose lines are the only ones, as in ``a -> {``.
    hug: int | None = None
    #: In front of the first place where a line may end.
    lead: int = 0
    #: Whether there is such a place.
    ends: bool = False


class Text(Piece):
    def __init__(self, text: str) -> None:
        self.text = text
        self.width = self.narrow = self.lead = len(text)


class Remark(Piece):
    """A comment behind the line, wherever the line ends."""

    def __init__(self, text: str) -> None:
        self.text = text


class LineEnd(Piece):
    """A place where a line may end; ``kept`` where one ended in the source."""

    ends = True

    def __init__(self, flat: str = " ", kept: bool = False, broken: str = "") -> None:
        self.flat = flat
        self.kept = kept
        self.broken = broken
        self.width = len(flat)


class Hard(Piece):
    """The end of a line, and with ``blank`` an empty line."""

    ends = True
    width = NEVER

    def __init__(self, blank: bool = False) -> None:
        self.blank = blank


class PieceRow(Piece):
    """Pieces one after the other."""

    def __init__(self, *parts: Piece) -> None:
        self.parts = parts
        self.width = sum(p.width for p in parts)
        segment = 0
        for part in parts:
            if isinstance(part, LineEnd | Hard):
                segment = 0
            else:
                segment += part.narrow
            self.narrow = max(self.narrow, segment)
        long = [k for k, part in enumerate(parts) if part.width >= NEVER]
        if len(long) == 1 and (hug := parts[long[0]].hug) is not None:
            self.hug = sum(p.width for p in parts[: long[0]]) + hug
        for part in parts:
            self.lead += part.lead
            if part.ends:
                self.ends = True
                break


class Around(Piece):
    """A piece that only changes how the one inside it is laid out."""

    def __init__(self, body: Piece) -> None:
        self.body = body
        self.width, self.narrow, self.hug = body.width, body.narrow, body.hug
        self.lead, self.ends = body.lead, body.ends


class Nest(Around):
    """Further lines of ``body`` stand four columns to the right."""


class Align(Around):
    """Further lines of ``body`` stand under its first column."""


class PieceGroup(Around):
    """On one line where it fits, otherwise broken at each of its own places."""


class Start(Around):
    """A line's end and ``body``, or a space where ``body`` only opens a brace."""

    def __init__(self, line: Piece, body: Piece) -> None:
        super().__init__(PieceRow(line, body))
        self.line, self.rest = line, body


class Fill(Piece):
    """Items with places between them; as many on a line as fit.

    Args:
        first: the first item.
        rest: the others, each with the place in front of it.
        keeps: whether a line that ended in the source ends again; in a list,
            as long as none of these lines is too long.
        alone: whether an item that takes several lines has them for itself;
            otherwise a line ends only where the next item then fits.
        deeper: whether ``first`` stands two columns behind the others, so
            that the operands of a sum are in one column.
        list_like: whether commas part the items.
    """

    def __init__(
        self,
        first: Piece,
        rest: Sequence[tuple[Piece, Piece]],
        keeps: bool = True,
        alone: bool = True,
        deeper: bool = False,
        list_like: bool = False,
    ) -> None:
        self.items = [first, *(item for _, item in rest)]
        self.places = [place for place, _ in rest]
        self.keeps, self.alone, self.deeper = keeps, alone, deeper
        self.list_like = list_like
        self.row = row = PieceRow(first, *(p for pair in rest for p in pair))
        self.width, self.lead, self.ends = row.width, row.lead, row.ends
        self.narrow = max(p.width if p.hug is None else p.narrow for p in self.items)
        if not any(isinstance(p, LineEnd) and p.kept for p in self.places):
            self.hug = row.hug

    def overflows(self, room: int) -> bool:
        """Tell whether items that each have room have none together, as the source's lines have
        them.
        """
        width = 0
        fitting = True
        for place, item in zip([None, *self.places], self.items, strict=True):
            if place is None or not isinstance(place, LineEnd) or place.kept:
                width, fitting = 0, True
            width += item.width + (place.width if isinstance(place, LineEnd) and width else 0)
            fitting = fitting and item.width <= room
            if fitting and width > room:
                return True
        return False


class Bracket(Piece):
    """Brackets and what is in them.

    On one line; or the lines of ``body`` under its first column; or, where
    that leaves no room, on lines of their own, as braces always have them.

    Args:
        opening: ``(``, ``[`` or ``{``.
        lead: the place behind it.
        body: what stands inside.
        tail: the place before ``closing``.
        closing: ``)``, ``]`` or ``}``.
        hangs: whether ``body`` may begin behind the bracket.
        home: whether its lines are indented from those around the statement,
            not from the line where it opens.
        deeper: whether ``body`` is a sum, whose operands stand in one column.
    """

    ends = True

    def __init__(
        self,
        opening: Piece,
        lead: Piece,
        body: Piece,
        tail: Piece,
        closing: Piece,
        hangs: bool = True,
        home: bool = False,
        deeper: bool = False,
    ) -> None:
        self.opening, self.start, self.body = opening, lead, body
        self.tail, self.closing = tail, closing
        self.hangs, self.home, self.deeper = hangs, home, deeper
        self.parts = (opening, lead, body, tail, closing)
        self.width = sum(p.width for p in self.parts)
        self.narrow = self.width
        self.lead = opening.width
        if not hangs:
            self.hug = self.narrow = opening.width
        elif body.hug is not None and body.width >= NEVER and not self.block_written():
            self.hug = self.narrow = opening.width + body.hug

    def block_written(self) -> bool:
        """Tell whether the source, or a comment, ends the line behind the bracket."""
        start, tail = self.start, self.tail
        return not isinstance(start, LineEnd) or start.kept or not isinstance(tail, LineEnd)


def lines(piece: Piece) -> list[str]:
    """Return the lines of a piece."""
    return _Printer().run(piece)


class _FillRest:
    """What is left of a fill, from item ``k`` on."""

    def __init__(self, fill: Fill, k: int, keeps: bool) -> None:
        self.fill, self.k, self.keeps = fill, k, keeps
        #: Whether the item in front took several lines.
        self.behind_long = False


class _Item:
    """An item of a fill, and what is left of it, if anything."""

    def __init__(self, piece: Piece, rest: _FillRest | None) -> None:
        self.piece, self.rest = piece, rest


#: Indentation, whether on one line, and what is to be printed.
_Job = tuple[int, bool, "Piece | _Item | _FillRest"]


class _Printer:
    def __init__(self) -> None:
        self.done: list[str] = []
        self.line: list[str] = []
        #: Where the current line begins, and where it has come to.
        self.margin = self.column = 0
        self.remarks: list[str] = []
        self.jobs: list[_Job] = []

    def run(self, piece: Piece) -> list[str]:
        self.jobs.append((0, False, piece))
        while self.jobs:
            indent, flat, job = self.jobs.pop()
            match job:
                case Text():
                    self.put(job.text)
                case Remark():
                    self.remarks.append(job.text)
                case LineEnd() if flat:
                    self.put(job.flat)
                case LineEnd():
                    self.put(job.broken)
                    self.newline(indent)
                case Hard():
                    self.newline(indent, job.blank)
                case PieceRow():
                    self.jobs += [(indent, flat, part) for part in reversed(job.parts)]
                case Nest():
                    self.jobs.append((indent + INDENT, flat, job.body))
                case Align():
                    self.jobs.append((self.column, flat, job.body))
                case Start():
                    self.begin(indent, flat, job)
                case PieceGroup():
                    self.jobs.append((indent, flat or self.fits(job), job.body))
                case Bracket():
                    self.bracket(indent, flat or self.fits(job), job)
                case Fill() if flat:
                    self.jobs.append((indent, True, job.row))
                case Fill():
                    self.put("  " if job.deeper and not self.fits(job) else "")
                    keeps = job.keeps and not (job.list_like and job.overflows(WIDTH - indent))
                    self.item(indent, job, 0, keeps)
                case _FillRest():
                    self.rest(indent, job)
                case _Item():
                    fits = self.fits(job.piece)
                    if job.rest is not None:
                        job.rest.behind_long = not fits and job.piece.hug is None
                    self.jobs.append((indent, fits, job.piece))
        self.newline(0)
        return self.done

    def put(self, text: str) -> None:
        self.line.append(text)
        self.column += len(text)

    def newline(self, indent: int, blank: bool = False) -> None:
        text = (" " * self.margin + "".join(self.line)).rstrip()
        if self.remarks and text:
            text += "  " + self.remarks.pop(0)
        if text or not self.remarks:
            self.done.append(text)
        # More than one behind a line: the others get lines of their own.
        self.done += [" " * indent + remark for remark in self.remarks]
        self.remarks = []
        if blank:
            self.done.append("")
        self.line = []
        self.margin = self.column = indent

    # --- what fits ---

    def fits(self, piece: Piece) -> bool:
        """Tell whether ``piece`` and what cannot be parted from it fit on this line."""
        return self.enough(piece.width)

    def enough(self, width: int) -> bool:
        room = WIDTH - self.column - width
        for _, flat, job in reversed(self.jobs):
            if room < 0:
                return False
            if isinstance(job, _FillRest):
                place = job.fill.places[job.k - 1]
                room -= place.lead
                if place.ends:
                    break
            else:
                piece = job.piece if isinstance(job, _Item) else job
                room -= piece.width if flat else piece.lead
                if piece.ends and not flat:
                    break
        return room >= 0

    # --- what is laid out in more than one way ---

    def begin(self, indent: int, flat: bool, start: Start) -> None:
        hug = start.rest.hug
        if (
            not flat
            and hug is not None
            and isinstance(start.line, LineEnd)
            and self.enough(1 + hug)
        ):
            self.put(" ")
            self.jobs.append((indent, False, start.rest))
        else:
            self.jobs.append((indent, flat, start.body))

    def bracket(self, indent: int, flat: bool, job: Bracket) -> None:
        if flat:
            self.jobs += [(indent, True, part) for part in reversed(job.parts)]
            return
        self.put_flat(job.opening)
        inner = self.column + (3 if job.deeper else 0)
        roomy = inner + job.body.narrow <= WIDTH or inner <= self.margin + 2 * INDENT
        if job.hangs and roomy and not job.block_written():
            self.jobs.append((indent, False, job.closing))
            if job.deeper:
                self.jobs += [(indent, False, Text(" ")), (inner - 2, False, job.body)]
                self.put("   ")
            else:
                self.jobs.append((inner, False, job.body))
        else:
            margin = indent if job.home else self.margin
            self.jobs += [(margin, False, job.closing), (margin, False, job.tail)]
            self.jobs.append((margin + INDENT, False, PieceRow(job.start, job.body)))

    def put_flat(self, piece: Piece) -> None:
        """Print a piece that has no places."""
        assert isinstance(piece, Text | PieceRow)
        for part in piece.parts if isinstance(piece, PieceRow) else (piece,):
            if isinstance(part, Remark):
                self.remarks.append(part.text)
            else:
                assert isinstance(part, Text)
                self.put(part.text)

    def item(self, indent: int, fill: Fill, k: int, keeps: bool) -> None:
        """Have item ``k`` printed, and what is behind it."""
        rest = _FillRest(fill, k + 1, keeps) if k + 1 < len(fill.items) else None
        if rest is not None:
            self.jobs.append((indent, False, rest))
        self.jobs.append((indent, False, _Item(fill.items[k], rest)))

    def rest(self, indent: int, rest: _FillRest) -> None:
        fill, place = rest.fill, rest.fill.places[rest.k - 1]
        self.item(indent, fill, rest.k, rest.keeps)
        if not isinstance(place, LineEnd):
            self.jobs.append((indent, False, place))
            return
        item = self.jobs.pop()
        if self.remarks or self.ends_line(indent, rest, place):
            self.newline(indent)
        else:
            self.put(place.flat)
        self.jobs.append(item)

    def ends_line(self, indent: int, rest: _FillRest, place: LineEnd) -> bool:
        item = rest.fill.items[rest.k]
        if (rest.keeps and place.kept) or (rest.fill.alone and rest.behind_long):
            return True
        if self.enough(place.width + item.width):
            return False
        if item.hug is not None and self.enough(place.width + item.hug):
            return False
        return rest.fill.alone or indent + item.width <= WIDTH

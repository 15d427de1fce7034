"""Tables of claims, as a paper prints them: each line judged by itself.

A table is a CSV of strangers: its size is bounded, and what is printed is read by the reader of
the language alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from symparams.algebra import SizeRecord
from symparams.analysis.proofs import Proof, prove_assertion
from symparams.elaboration import Value, WrittenModel
from symparams.errors import Source, Span, SymparamsError, did_you_mean, several
from symparams.language import parse_assertion, tree
from symparams.records import Record

#: The most claims of a table, and the most columns.
MOST_CLAIMS = 10_000
MOST_COLUMNS = 100

#: Column → the headings that mean it.
HEADINGS = {
    "model": ("model",),
    "measure": ("measure",),
    "printed": ("printed", "claim", "value", "formula", "printed value"),
    "where": ("where", "where printed", "place"),
    "sizes": ("sizes",),
    "rename": ("rename",),
}

#: A number with commas between its thousands, and what may stand behind it.
_WITH_COMMAS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?=\D|$)")
#: What says that a number is rounded.
_ABOUT = re.compile(r"(?:~(?!=)|≈|≃|about\b|approx\.)\s*")
_RELATION = re.compile(r"\s*(==|!=|<=|>=|<|>|~=)")


class PrintedClaim(Record):
    """A line of a table.

    Attributes:
        line: where it begins in the file.
        printed: the value or formula.
        where: where it is printed.
        sizes: of the model, as ``l=24, h=1024``.
        rename: names of the formula that are others in the model, as ``n=i``.
        further: the columns of the table that say something else, by their headings.
        error: what is wrong with the line.
    """

    line: int
    model: str = ""
    measure: str = ""
    printed: str = ""
    where: str = ""
    sizes: str = ""
    rename: str = ""
    further: Mapping[str, str] = {}
    error: SymparamsError | None = None


class JudgedClaim(SizeRecord):
    """A line of a table, and its verdict.

    Attributes:
        proof: what is proved or refuted; None where the line is wrong.
        error: what is wrong with the line.
    """

    claim: PrintedClaim
    proof: Proof | None = None
    error: SymparamsError | None = None


class JudgedTable(SizeRecord):
    """A table of claims, each with its verdict; ``further`` are its other headings."""

    claims: tuple[JudgedClaim, ...]
    further: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[SymparamsError, ...]:
        """What is wrong with lines."""
        return tuple(c.error for c in self.claims if c.error is not None)

    @property
    def verdicts(self) -> tuple[bool | None, ...]:
        """Whether each claim holds that was judged; None: undecided."""
        return tuple(c.proof.verdict.equal for c in self.claims if c.proof is not None)


#: What gives the model that a line is about, with the sizes that it says.
ModelOfLine = Callable[[PrintedClaim], tuple[WrittenModel, Mapping[str, Value]]]
RenamesOfLine = Callable[[PrintedClaim], Mapping[str, str]]


def judge_table(
    source: Source,
    model: ModelOfLine,
    renames: RenamesOfLine,
    measure: str = "params",
    watched: Callable[[Sequence[PrintedClaim]], Iterable[PrintedClaim]] = iter,
) -> JudgedTable:
    """Judge every claim of a table; what is wrong with one line spoils no other.

    Args:
        source: the CSV.
        model: gives the model of a line.
        renames: gives the names of a line that are others in the model.
        measure: what is meant by a line that does not say it.
        watched: passes the lines on, as a progress bar does.

    Raises:
        SymparamsError: its head is wrong, or it is too large.
    """
    further, claims = read_claims(source)

    def judged(claim: PrintedClaim) -> JudgedClaim:
        if claim.error is not None:
            return JudgedClaim(claim, error=claim.error)
        column, cell = "model", claim.model
        try:
            definition, values = model(claim)
            renamed = renames(claim)
            column, cell = "printed", claim.printed
            said = said_by(Source(f"{source.name}:{claim.line}:printed", cell))
            proof = prove_assertion(definition, said, claim.measure or measure, values, renamed)
        except SymparamsError as error:
            place = Span(Source(f"{source.name}:{claim.line}:{column}", cell), 0, len(cell))
            if error.span is not None and error.span.source.name != f"{place.source.name}":
                error.notes = (*error.notes, ("in this line", place))
            return JudgedClaim(claim, error=error.at(place))
        return JudgedClaim(claim, proof)

    return JudgedTable(tuple(map(judged, watched(claims))), further)


def said_by(cell: Source) -> tree.Assertion:
    """Return what a cell says; a number without a relation before it is rounded to its digits.

    ``25.6M``, ``138,357,544``, ``≈ 3.8 GMACs``, ``12*l*h^2``, ``12*l*h^2 within 5%``.

    Raises:
        SymparamsError: it says nothing that is of the language.
    """
    text = _WITH_COMMAS.sub(lambda found: found[0].replace(",", "_"), cell.text)
    about = _ABOUT.match(text.lstrip())
    if about is not None:
        text = "~= " + text.lstrip()[about.end() :]
    said = parse_assertion(Source(cell.name, text))
    number = isinstance(said.formula, tree.Number) or said.tolerance is not None
    if number and not _RELATION.match(text):
        return said.but(relation="~=")
    return said


def read_claims(source: Source) -> tuple[tuple[str, ...], list[PrintedClaim]]:
    """Return the headings of a table that say something else, and its lines.

    Raises:
        SymparamsError: it has no head, or not the columns that it needs; it is too long.
    """
    text = source.text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    delimiter = next((c for c in ",;\t" if c in head), ",")
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    records = _records(reader, source)
    first = next(records, None)
    if first is None:
        raise SymparamsError(f"{source.name} is empty", None, "its head is model,measure,printed")
    if isinstance(first[1], SymparamsError):
        raise first[1]
    headings = [heading.strip() for heading in first[1]]
    places = _places(headings, source)
    claims = [
        _claim(line, cells, headings, places, source)
        for line, cells in islice(records, MOST_CLAIMS + 1)
        if isinstance(cells, SymparamsError) or any(cell.strip() for cell in cells)
    ]
    if len(claims) > MOST_CLAIMS:
        raise SymparamsError(f"{source.name} has more than {MOST_CLAIMS:,} claims")
    return tuple(h for i, h in enumerate(headings) if i not in places.values()), claims


def _records(reader: Any, source: Source) -> Iterator[tuple[int, list[str] | SymparamsError]]:
    """Yield (line, cells) of each record; what is wrong with it in their place."""
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            told = f"this is no line of a CSV: {error}"
            yield line, SymparamsError(told, _line(source, line, ()))


def _line(source: Source, line: int, cells: Sequence[str]) -> Span:
    """Return the place of a whole line."""
    text = ",".join(cells)
    return Span(Source(f"{source.name}:{line}", text), 0, len(text))


def _places(headings: Sequence[str], source: Source) -> dict[str, int]:
    """Return the place of each column that has a meaning.

    Raises:
        SymparamsError: what is printed is missing, or a column stands there twice.
    """
    if len(headings) > MOST_COLUMNS:
        raise SymparamsError(f"{source.name} has more than {MOST_COLUMNS} columns")
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        word = " ".join(heading.lower().replace("_", " ").split())
        for column, words in HEADINGS.items():
            if word in words:
                if column in found:
                    twice = headings[found[column]]
                    raise SymparamsError(
                        f"{source.name}:1: '{twice}' and '{heading}' both are '{column}'"
                    )
                found[column] = place
    if "printed" not in found:
        every = [w for words in HEADINGS.values() for w in words]
        hint = next((did_you_mean(h.lower(), every) for h in headings if h), "")
        raise SymparamsError(
            f"{source.name}:1: no column 'printed'",
            None,
            hint or "the head is model,measure,printed,where; other columns are kept",
        )
    return found


def _claim(
    line: int,
    cells: list[str] | SymparamsError,
    headings: Sequence[str],
    places: Mapping[str, int],
    source: Source,
) -> PrintedClaim:
    if isinstance(cells, SymparamsError):
        return PrintedClaim(line, error=cells)
    known: dict[str, Any] = {c: cells[p].strip() for c, p in places.items() if p < len(cells)}
    further = {
        heading: cells[place] if place < len(cells) else ""
        for place, heading in enumerate(headings)
        if place not in places.values()
    }
    claim = PrintedClaim(line, **known, further=further)
    wrong = ""
    if len(cells) != len(headings):
        wrong = f"{several(len(cells), 'cell')} under {several(len(headings), 'heading')}"
    elif not claim.printed:
        wrong = "nothing is printed"
    if wrong:
        return claim.but(error=SymparamsError(wrong, _line(source, line, cells)))
    return claim

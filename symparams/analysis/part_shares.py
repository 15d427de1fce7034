"""The share of each part of a network in a measure."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symparams.algebra import Formula, Number, Quotient, Size, SizeRecord, add_up, exact
from symparams.analysis.operating_point import Subject
from symparams.analysis.reports import Row, report
from symparams.elaboration import is_formula
from symparams.errors import SymparamsError


class PartShare(SizeRecord):
    """What like parts have of a measure together.

    Attributes:
        name: a block, a layer kind, a weight, or the name of what is shared.
        parts: how many rows of the network it is.
        formula: their measure.
        fraction: of the whole, in lowest terms; None where the whole is 0.
        value, share: measure and exact share at the point.
    """

    name: str
    parts: int
    formula: Formula
    fraction: Quotient | None
    value: Number | None = None
    share: Number | None = None


class Shares(SizeRecord):
    """All shares; their formulas sum to the measure, the shares to 1."""

    subject: Subject
    items: tuple[PartShare, ...]


def shares(subject: Subject) -> Shares:
    """Return the share of every part at the top of a network, like parts together, the largest
    first.

    What has nothing of the measure is left out. Loads SymPy.

    Raises:
        SymparamsError: a measure of one part (``attention.params``) has no shares.
    """
    network = subject.network
    if not is_formula(subject.measure) and "." in subject.measure:
        raise SymparamsError(
            f"shares are of the whole network, not of '{subject.measure}'",
            None,
            f"take the measure {subject.measure.rpartition('.')[2]}",
        )
    together = sizes_by_part(report(network, subject.measure).rows)
    items = [_share(subject, name, sizes) for name, sizes in together.items()]
    kept = [item for item in items if item.formula != 0]
    assert network.facts.reduce(add_up(i.formula for i in kept)) == subject.formula
    if subject.known:
        kept.sort(key=lambda item: -(item.share or 0))
    return Shares(subject, tuple(kept))


def sizes_by_part(rows: Iterable[Row], depth: int = 0) -> dict[str, list[Size]]:
    """Return the measures of the parts of a network, like parts together.

    With ``depth`` so many groups are opened, and their parts stand in their place.
    """
    together: dict[str, list[Size]] = {}
    for row in rows:
        if row.depth == depth or (row.depth < depth and not row.is_group):
            together.setdefault(row.label, []).append(row.total)
    return together


def _share(subject: Subject, name: str, sizes: list[Size]) -> PartShare:
    from symparams.algebra import reduced

    formula = subject.network.facts.reduce(add_up(sizes))
    whole = subject.formula
    fraction = reduced(formula, whole) if whole != 0 else None
    if not subject.known:
        return PartShare(name, len(sizes), formula, fraction)
    value, total = subject.at(formula), subject.at(whole)
    share = exact(Fraction(value) / total) if total else None
    return PartShare(name, len(sizes), formula, fraction, value, share)


__all__ = ["PartShare", "Shares", "shares"]

"""What one more of a size costs of another, at constant cost."""

from __future__ import annotations

from symparams.algebra import Form, Number, of_atom
from symparams.analysis import Exchange, TradeOff
from symparams.records import Record
from symparams.views import remarks
from symparams.views.cells import Cell, Relation, phrase, quotient
from symparams.views.pages.second import PointAnswer, about, footer
from symparams.views.pages.sensitivity import decimal
from symparams.views.sheet import Column, Line, Sheet
from symparams.views.written import shown


class TradeRow(Record):
    """The rate of exchange of two sizes, and the next step that ``budget`` allows."""

    one: str
    other: str
    rate: Form | Number | None
    reason: str
    value: Number | None
    budget: Number | None
    next_one: Number | None
    next_other: Number | None
    measured: Number | None
    slack: Number | None
    beyond: Number | None
    over: Number | None
    unbounded: bool


class TradeAnswer(PointAnswer, command="sensitivity"):
    """What one more of a size costs of another, at constant cost."""

    rows: tuple[TradeRow]


def page(found: TradeOff) -> Sheet:
    """Return the rate as formula and number, then the exact next step and its slack."""
    subject, (one, other) = found.subject, found.names
    rows = [Line((f"d{other}/d{one}", _rate(found)))]
    if found.value is not None:
        rows.append(Line(("here", *_number(found))))
    elif found.rate is not None and found.reason:
        rows.append(Line(("here", found.reason)))
    if found.exchange is not None:
        rows += _exchanged(found, found.exchange)
    return Sheet(
        f"{_step(found)} {one} for less {other}, at constant {subject.measure} of "
        f"{remarks.title(subject.network)}",
        (Column("item", ""), Column("value", ""), Column("more", "")),
        tuple(rows),
        tuple(footer(subject)),
        tuple(remarks.conditions(subject.network)),
        layout="lines",
        order=subject.network.symbols,
        notations=remarks.notations(subject.network),
        answer=TradeAnswer(**about(subject), rows=(_row(found),)),
    )


def _step(found: TradeOff) -> str:
    """Return ``One more``, ``64 more``; without a point, ``More``."""
    if found.one is None:
        return "More"
    step = found.one - found.subject.point[found.names[0]]
    return "One more" if step == 1 else f"{shown(step)} more"


def _rate(found: TradeOff) -> Cell:
    return found.reason if found.rate is None else quotient(found.rate)


def _number(found: TradeOff) -> tuple[Cell, ...]:
    short = decimal(found.value)
    return (short,) if isinstance(found.value, int) else (found.value, short)


def _exchanged(found: TradeOff, exchange: Exchange) -> list[Line]:
    subject, (name, paying) = found.subject, found.names
    if exchange.one is None or exchange.reason:
        at = "next step" if exchange.one is None else f"at {name} = {shown(exchange.one)}"
        return [Line((at, exchange.reason), style="undecided")]
    one = Relation(of_atom(subject.size(name)), "=", exchange.one)
    if exchange.unbounded:
        return [Line(("next step", phrase(one, f": any {paying} costs no more")))]
    assert exchange.most is not None
    other = of_atom(subject.size(paying))
    here = subject.point[paying]
    rows = [
        Line(
            (
                "next step",
                phrase(one, ", ", Relation(other, "=", exchange.most)),
                phrase("instead of ", here),
            ),
            style="total",
        ),
        Line((subject.measure, exchange.value, phrase("slack ", found.slack))),
    ]
    if exchange.next is not None:
        words = phrase(Relation(other, "=", exchange.next), " is ", exchange.over, " too many")
        rows.append(Line(("beyond", words)))
    return rows


def _row(found: TradeOff) -> TradeRow:
    exchange = found.exchange or Exchange()
    return TradeRow.like(
        found,
        one=found.names[0],
        other=found.names[1],
        rate=None if found.rate is None else quotient(found.rate),
        next_one=found.one,
        next_other=found.other,
        beyond=exchange.next,
        over=exchange.over,
        unbounded=exchange.unbounded,
    )

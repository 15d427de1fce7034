"""What a claim says of a size, and whether it is so: ``==``, ``<=``, ``~=`` to a tolerance.

One judge for ``expect`` lines, ``prove`` and tables of claims; a cause of a wrong claim is
tried by the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from symparams.algebra import (
    PLAIN,
    Condition,
    Facts,
    Number,
    Polynomial,
    Size,
    Symbol,
    Verdict,
    always,
    assuming,
    compare,
    compared,
    exact,
    narrowed,
    never_met,
    substitute,
    with_commas,
    within,
)
from symparams.elaboration import WrittenModel
from symparams.errors import Source, Span, SymparamsError, listed
from symparams.language import parse_expression, tree
from symparams.network import LARGEST, MEASURES
from symparams.records import Record

#: A printed number of fewer digits fits much by chance.
CLOSE_DIGITS = 5


class ClaimGround(Record):
    """The sizes that a claim is about: what is known of them, and which points there are.

    Attributes:
        facts: domains, and what conditions say.
        allowed: whether the models, and the claim's own conditions, admit a point.
        beside: sizes that conditions speak of.
        over: the claim's own conditions.
    """

    facts: Facts = PLAIN
    allowed: Callable[[Mapping[str, Number]], bool] = lambda point: True
    beside: frozenset[str] = frozenset()
    over: tuple[Condition, ...] = ()

    def narrowed(self, conditions: Iterable[Condition], span: Span | None = None) -> ClaimGround:
        """Return the sizes among these that meet the conditions of a claim.

        Raises:
            SymparamsError: none does.
        """
        over = tuple(c for c in conditions if c.judge(self.facts) is not True)
        if not over:
            return self
        unmet = never_met(over, self.facts.domains)
        if unmet is not None or any(c.judge(self.facts) is False for c in over):
            told = " and ".join(map(str, over))
            raise SymparamsError(f"no size of the model meets {told}", span)
        allowed = self.allowed

        def inside(point: Mapping[str, Number]) -> bool:
            return all(c.may_hold(point, self.facts.of_domains) for c in over) and allowed(point)

        named = frozenset(s.name for c in over for s in c.symbols())
        symbols = frozenset[Symbol]().union(*(c.symbols() for c in over))
        facts = narrowed(assuming(self.facts, over), symbols)
        return ClaimGround(facts, inside, self.beside | named, over)


class ClaimedRelation(Record):
    """What a claim says of two sizes.

    Attributes:
        op: one of ``== != < <= > >= ~=``.
        step: of a printed number, what one step of its last digit is worth.
        share: of a tolerance, the largest error as a share of the exact count.
        unit: what the printed number says that it counts.
        literal, suffix: the printed number, and what stands behind its digits.
    """

    op: str = "=="
    step: Number | None = None
    share: Number | None = None
    unit: str = ""
    literal: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        if self.share is not None:
            return f"{self.op} (within {percent(self.share)})"
        return self.op if self.step is None else f"{self.op} (to {with_commas(self.step)})"

    @property
    def loose(self) -> bool:
        """Whether much fits it by chance: a tolerance, or few printed digits."""
        digits = sum(c.isdigit() for c in self.literal)
        return self.share is not None or (self.step is not None and digits < CLOSE_DIGITS)

    @classmethod
    def of(
        cls,
        op: str,
        right: tree.Expression,
        tolerance: tree.Number | None,
        over: tuple[tree.Expression, ...] = (),
    ) -> ClaimedRelation:
        """Return what a claim says, by its operator, its right side, its tolerance and its sizes.

        Raises:
            SymparamsError: a tolerance without ``~=``, or a printed number without one that
                is said of several sizes.
        """
        while isinstance(right, tree.Group):
            right = right.body
        said = cls(op)
        if isinstance(right, tree.Number):
            said = cls(op, None, None, _unit_of(right), right.literal, right.suffix)
        if tolerance is not None:
            if op != "~=":
                raise SymparamsError(
                    f"a tolerance is of '~=', not of '{op}'", tolerance.span, "write '~='"
                )
            if tolerance.suffix or tolerance.unit:
                raise SymparamsError("a tolerance is a plain number", tolerance.span)
            return said.but(share=exact(Fraction(tolerance.value) / 100))
        if op != "~=":
            return said
        if not isinstance(right, tree.Number):
            hint = "or a formula and a tolerance, as in ~= 12*l*h^2 within 5%"
            raise SymparamsError("'~=' needs a printed number behind it", right.span, hint)
        if over:
            told = "a printed number is rounded at one size, not over several"
            hint = "give it a tolerance, as in ~= 25.6M within 1%, or the model its sizes"
            raise SymparamsError(told, over[0].span.to(over[-1].span), hint)
        return said.but(step=exact(Fraction(right.step)))

    def judge(self, left: Size, right: Size, ground: ClaimGround) -> Verdict:
        """Decide whether ``left`` is to ``right`` as claimed; ``equal`` of the verdict says so."""
        if self.share is not None:
            there = ground.facts, ground.allowed, ground.beside
            found = within(left, right, self.share, *there)
            return found.but(reason=found.reason or f"not within {percent(self.share)}")
        if self.op == "~=":
            return self._rounded(left, right)
        if self.op in ("==", "!="):
            verdict = compare(left, right, ground.facts, ground.allowed, ground.beside)
            if self.op == "==" or verdict.equal is None:
                return verdict
            return verdict.but(equal=not verdict.equal)
        return self._ordered(left, right, ground)

    def fails_at(self, left: Size, right: Size, point: Mapping[str, Number]) -> bool:
        """Tell whether two sizes are not as claimed at one point: cheap, and often enough."""
        here, there = substitute(left, point), substitute(right, point)
        if isinstance(here, Polynomial) or isinstance(there, Polynomial):
            return False
        error = abs(Fraction(here - there))
        if self.share is not None:
            return error > self.share * abs(Fraction(here))
        return error * 2 > self.step if self.step is not None else self.op == "==" and error != 0

    def _ordered(self, left: Size, right: Size, ground: ClaimGround) -> Verdict:
        condition = compared(left, self.op, right)
        difference = left - right
        holds = condition.judge(ground.facts)
        if holds is None and ground.over:
            high = -difference if self.op[0] == "<" else difference
            there = ground.facts, ground.allowed, ground.beside
            found = always(high, *there, above=len(self.op) == 1).but(difference=difference)
            if found.equal is not False:
                return found.but(left=None)
            sides = (substitute(side, found.point) for side in (left, right))
            at_left, at_right = (None if isinstance(s, Polynomial) else s for s in sides)
            return found.but(left=at_left, right=at_right)
        names = sorted(s.name for s in condition.symbols())
        reason = "it depends on " + listed(names).replace("'", "") if holds is None else ""
        return Verdict(holds, difference, reason=reason)

    def _rounded(self, left: Size, right: Size) -> Verdict:
        """Decide whether a number rounds to the digits printed."""
        difference = left - right
        if isinstance(difference, Polynomial):
            names = ", ".join(f"'{s.name}'" for s in sorted(difference.symbols(), key=str))
            raise SymparamsError(f"'~=' compares numbers; {names} has no default")
        assert self.step is not None
        near = -self.step <= difference * 2 <= self.step
        return Verdict(near, difference, reason=f"to {with_commas(self.step)}")


def percent(share: Number) -> str:
    """Return a share as it is written: ``5%``, ``0.5%``.

    >>> percent(Fraction(1, 20)), percent(Fraction(1, 200))
    ('5%', '0.5%')
    """
    hundred = Fraction(share) * 100
    places = 0
    while (hundred * 10**places).denominator != 1:
        places += 1
    whole, part = divmod(int(hundred * 10**places), 10**places)
    return f"{whole}.{part:0{places}}%" if places else f"{whole}%"


def _unit_of(printed: tree.Number) -> str:
    """Return what a printed number says that it counts; that is bytes of ``61.0 MB``."""
    if printed.suffix.endswith("B") and len(printed.suffix) > 1:
        return "bytes"
    return "values" if printed.unit == "params" else printed.unit


def unit_counted(definition: WrittenModel, measure: str) -> str:
    """Return what a measure of a model or of a part counts; "" of a formula of several."""
    node = parse_expression(Source("<measure>", measure))
    while isinstance(node, tree.Group):
        node = node.body
    if isinstance(node, tree.Call):
        node = node.function
    name = ""
    if isinstance(node, tree.Name):
        name = node.id
    elif isinstance(node, tree.Attribute):
        name = node.name
    if name in definition.measures:
        return definition.measures[name].unit
    if name in LARGEST:
        return LARGEST[name].unit
    return MEASURES[name].unit if name in MEASURES else ""


def check_unit(
    relation: ClaimedRelation, definition: WrittenModel, measure: str, span: Span | None
) -> None:
    """Refuse a printed number whose unit is not what a measure counts.

    Raises:
        SymparamsError: FLOPs are said of MACs, bytes of values.
    """
    counts = unit_counted(definition, measure) if relation.unit else ""
    if not counts or relation.unit == counts:
        return
    hint = {
        ("FLOPs", "MACs"): "'flops' are two a multiply-accumulate",
        ("MACs", "FLOPs"): "ask 'macs'",
        ("bytes", "values"): f"as in 4*{measure}, of 4 bytes a value",
    }.get((relation.unit, counts), "")
    raise SymparamsError(
        f"'{relation.literal}' counts {relation.unit}, and '{measure}' counts {counts}", span, hint
    )

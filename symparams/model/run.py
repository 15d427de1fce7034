"""One building of a network: what is assumed, what was left as a condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from symparams.algebra import PLAIN, Domain, Facts, Number, Polynomial, Size, Symbol
from symparams.algebra.conditions import Condition
from symparams.errors import NeedsValue, Span, SymparamsError

#: How deep blocks and repeats may nest while a network is built.
DEEPEST = 60
#: How many layers, blocks and passes of lists one network may take to build.
MOST_STEPS = 20_000


class Decide(Exception):
    """Some symbols must take their defaults before the network can be built.

    Raised inside a run and caught by :func:`symparams.model.build.build`, which
    starts again with these values and says so in the result.
    """

    def __init__(self, values: Mapping[str, Number]) -> None:
        super().__init__(", ".join(values))
        self.values = dict(values)


@dataclass
class Run:
    """State of one building.

    Attributes:
        facts: what is known of the symbols.
        defaults: symbol → its default, for what only a number decides.
        conditions: what must hold for the result, with where it comes from.
        active: the blocks being built, the outermost first.
        frozen: what the innermost ``freeze`` or ``train`` says.
        unrolled: write repeats of a known number out, pass by pass.
        loops, trials: see :meth:`inside_loop` and :meth:`trying`.
    """

    facts: Facts = PLAIN
    defaults: dict[str, Number] = field(default_factory=dict)
    conditions: dict[Condition, Span | None] = field(default_factory=dict)
    active: list[str] = field(default_factory=list)
    frozen: bool | None = None
    unrolled: bool = False
    loops: int = 0
    trials: int = 0
    indices: int = 0
    spent: int = 0

    @contextmanager
    def training(self, frozen: bool) -> Iterator[None]:
        """Inside ``freeze`` or ``train``."""
        before, self.frozen = self.frozen, frozen
        try:
            yield
        finally:
            self.frozen = before

    @contextmanager
    def inside_loop(self) -> Iterator[None]:
        """Inside a repeat: what is applied here is applied several times."""
        self.loops += 1
        try:
            yield
        finally:
            self.loops -= 1

    @contextmanager
    def trying(self) -> Iterator[None]:
        """While something is applied to see its shape: uses are not counted."""
        self.trials += 1
        try:
            yield
        finally:
            self.trials -= 1

    def spend(self, steps: int, span: Span | None) -> None:
        """Take steps from what one network may cost to build.

        Raises:
            SymparamsError: it is used up: the text asks for too many layers.
        """
        self.spent += steps
        if self.spent > MOST_STEPS:
            raise SymparamsError(
                f"this network takes more than {MOST_STEPS:,} layers one by one",
                span,
                "repeat what is alike: net * n costs no more than net",
            )

    def fresh_index(self, low: int = 0, written: str = "k") -> Symbol:
        """A symbol that no text can name, for a repeat's passes; it counts from ``low``.

        It is ``written`` in the text, or where that has no name for it, ``k``.
        """
        self.indices += 1
        name = f"{written}#{self.indices}"
        self.facts = replace(self.facts, domains={**self.facts.domains, name: Domain(low=low)})
        return Symbol(name)

    def require(self, condition: Condition, span: Span | None, hint: str = "") -> None:
        """Keep a condition that is open; raise where it cannot hold."""
        answer = condition.judge(self.facts)
        if answer is None:
            self.conditions.setdefault(condition, span)
        elif not answer:
            raise SymparamsError(str(condition), span, hint)

    def decide(self, condition: Condition, span: Span | None) -> bool:
        """Whether a condition holds; by the defaults where nothing else says.

        Raises:
            Decide: the defaults of its symbols decide.
            NeedsValue: some of its symbols have no default.
        """
        answer = condition.judge(self.facts)
        if answer is not None:
            return answer
        raise self._open({s.name for s in condition.symbols()}, f"whether {condition}", span)

    def number(self, size: Size, span: Span | None, what: str) -> Number:
        """``size`` as a number, by the defaults where it has symbols."""
        if not isinstance(size, Polynomial):
            return size
        raise self._open({s.name for s in size.symbols()}, what, span)

    def _open(self, names: set[str], what: str, span: Span | None) -> Exception:
        if names <= self.defaults.keys():
            return Decide({n: self.defaults[n] for n in sorted(names)})
        missing = sorted(names - self.defaults.keys())
        listed = " and ".join(f"'{n}'" for n in missing)
        return NeedsValue(
            f"{what} depends on {listed}",
            missing,
            span,
            f"give {listed} a value or a default",
        )

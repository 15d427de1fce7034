"""One building of a network: what is assumed, what was left as a condition."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from math import ceil

from symparams.algebra import (
    PLAIN,
    TRUE,
    Condition,
    Facts,
    Number,
    Polynomial,
    Size,
    Symbol,
    assuming,
    between,
    either,
    for_all,
    indicator,
    negated,
    symbols_of,
    terms_of,
)
from symparams.errors import NeedsValue, Span, SymparamsError, UnknownName, listed
from symparams.layers import Rewriter
from symparams.network.nodes import Node
from symparams.network.precision import Precision
from symparams.network.storages import Situation, Storage, Storages
from symparams.network.uses import Use

#: How deep blocks and repeats may nest while a network is built.
DEEPEST = 60
#: How many layers, blocks and passes of lists one network may take to build.
MOST_STEPS = 12_000
#: As many of them is a general pass, whose index has facts of its own.
PASS_STEPS = 3
#: How many terms the axes between the layers may have together, of those behind the first ten.
MOST_TERMS, SHORT_AXIS = 20_000, 10
#: How many conditions may stay open: each of many passes may add one.
MOST_OPEN = 1_000


class Decide(Exception):
    """Some symbols must take their defaults before the network can be built.

    Raised inside a run and caught by :func:`symparams.elaboration.definition.build`, which
    starts again with these values and says so in the result.
    """

    def __init__(self, values: Mapping[str, Number]) -> None:
        super().__init__(", ".join(values))
        self.values = dict(values)


@dataclass
class Trial:
    """What an attempt made, and what it would leave in the run if it were kept."""

    node: Node
    conditions: Mapping[Condition, Span | None]
    presumed: Mapping[Condition, Span | None]
    uses: tuple[Use, ...]
    kept: tuple[Storage, ...] = ()
    situation: Situation = ()


@dataclass
class Run:
    """State of one building.

    Attributes:
        facts: what is known of the symbols.
        defaults: symbol → its default, for what only a number decides.
        conditions: what must hold for the network, with where it comes from.
        presumed: what the formulas assume of it, as that a shared net is used:
            where it does not hold the network is another one, not a wrong one.
        active: the uses of blocks being built, the outermost first.
        frozen: what the innermost ``freeze`` or ``train`` says.
        precisions: what is said of the bytes of weights, the innermost last.
        fusing: how many ``fuse`` are open.
        unrolled: write repeats of a known number out, pass by pass.
        gradients: let what requires a gradient travel with the shapes, for the backward pass.
        storages: those of the tensors, where what is kept for the backward pass is asked for.
        adapters: the nets around that change kernels, the outermost first, for the same.
        comparing: a body is built without a default line; what is in it has all of them.
        loops: how many repeats are open.
        presence: what must hold for the part that is built to take place.
        indices: the indices of the passes that are open, with the symbols of
            their ends, by name.
        further: how many passes each of them has behind its first.
        uses: all uses of named nets, in order.
    """

    facts: Facts = PLAIN
    defaults: dict[str, Number] = field(default_factory=dict)
    conditions: dict[Condition, Span | None] = field(default_factory=dict)
    presumed: dict[Condition, Span | None] = field(default_factory=dict)
    active: list[object] = field(default_factory=list)
    frozen: bool | None = None
    precisions: list[Precision] = field(default_factory=list)
    fusing: int = 0
    unrolled: bool = False
    gradients: bool = False
    storages: Storages = field(default_factory=lambda: Storages(on=False))
    adapters: list[Rewriter] = field(default_factory=list)
    comparing: bool = False
    loops: int = 0
    presence: list[Condition] = field(default_factory=list)
    indices: dict[str, frozenset[str]] = field(default_factory=dict)
    further: dict[str, Size] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    made: int = 0
    spent: int = 0
    weight: int = 0
    removed: int = 0

    @contextmanager
    def training(self, frozen: bool) -> Iterator[None]:
        """Mark what runs inside ``freeze`` or ``train``."""
        before, self.frozen = self.frozen, frozen
        try:
            yield
        finally:
            self.frozen = before

    @contextmanager
    def adapting(self, rewriter: Rewriter) -> Iterator[None]:
        """Mark what runs inside a net around which kernels are kept in another way."""
        self.adapters.append(rewriter)
        try:
            yield
        finally:
            self.adapters.pop()

    def grad(self, required: bool) -> bool | None:
        """Return whether a tensor requires a gradient, where that is followed."""
        return required if self.gradients else None

    @contextmanager
    def storing(self, precision: Precision) -> Iterator[None]:
        """Mark what runs inside ``precision``."""
        self.precisions.append(precision)
        try:
            yield
        finally:
            self.precisions.pop()

    @contextmanager
    def inside_fuse(self) -> Iterator[None]:
        """Mark what runs inside ``fuse``."""
        self.fusing += 1
        try:
            yield
        finally:
            self.fusing -= 1

    @contextmanager
    def inside_loop(self) -> Iterator[None]:
        """Mark what runs inside a repeat: what is applied here is applied several times."""
        self.loops += 1
        try:
            yield
        finally:
            self.loops -= 1

    @contextmanager
    def present(self, condition: Condition) -> Iterator[None]:
        """Mark what runs inside what takes place only where a condition holds."""
        open_ = condition.judge(self.facts) is not True
        if open_:
            self.presence.append(condition)
        try:
            yield
        finally:
            if open_:
                self.presence.pop()

    @contextmanager
    def branch(self, condition: Condition) -> Iterator[None]:
        """Mark what runs inside what is built for the case that a condition holds.

        What is required in there is required only in that case.
        """
        before, removed = dict(self.conditions), self.removed
        yield
        new = dict(self._added(before, removed))
        if not new or condition.judge(self.facts) is True:
            return
        known = assuming(self.facts, [condition])
        others = assuming(self.facts, [negated(condition)])
        for one, span in new.items():
            # What holds in every other case needs no case of its own.
            if one.judge(others) is not True:
                del self.conditions[one]
                if one.judge(known) is not True:
                    self.require(either(negated(condition), _bare(one)), span)

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Mark what runs while something is applied to see what it is: it leaves no trace."""
        conditions, presumed, uses = dict(self.conditions), dict(self.presumed), len(self.uses)
        kept = dict(self.storages.kept)
        try:
            yield
        except SymparamsError as error:
            raise self.as_presumed(error) from None
        finally:
            self.conditions, self.presumed = conditions, presumed
            self.storages.restore(kept)
            while len(self.uses) > uses:
                self.uses.pop().of.pop()

    def tried(self, make: Callable[[], Node]) -> Trial:
        """Return what ``make`` makes; :meth:`keep` keeps it.

        Raises:
            SymparamsError: as ``make`` does.
        """
        before, removed, uses = dict(self.conditions), self.removed, len(self.uses)
        presumed = len(self.presumed)
        kept = set(self.storages.kept)
        with self.trying():
            node = make()
            return Trial(
                node,
                dict(self._added(before, removed)),
                dict(islice(self.presumed.items(), presumed, None)),
                tuple(self.uses[uses:]),
                tuple(s for s in self.storages.kept if s not in kept),
                self.storages.situation(node.output),
            )

    def _added(
        self, before: Collection[Condition], removed: int
    ) -> list[tuple[Condition, Span | None]]:
        """Return what is required since there was what stood ``before``."""
        if removed == self.removed:  # it stands behind: of a thousand none is looked up
            return list(islice(self.conditions.items(), len(before), None))
        return [(c, span) for c, span in self.conditions.items() if c not in before]

    def keep(self, trial: Trial) -> Node:
        """Return the node of a trial, which is now a part of the network."""
        self.keep_conditions(trial)
        self.storages.kept.update(dict.fromkeys(trial.kept))
        for use in trial.uses:
            self.use(use)
        return trial.node

    def keep_conditions(self, trial: Trial) -> None:
        """Require what a trial required."""
        for condition, span in trial.conditions.items():
            self._add(condition, span)
        for condition, span in trial.presumed.items():
            self.presumed.setdefault(condition, span)

    def use(self, use: Use) -> None:
        """Take note of a use of a named net."""
        use.of.append(use)
        self.uses.append(use)

    @contextmanager
    def each_pass(
        self, index: Symbol, first: Size, last: Size, span: Span | None
    ) -> Iterator[None]:
        """Mark what is built once for every pass ``index`` = first … last of a repeat.

        What is required in there is required of every pass; what takes place in
        some passes only is there if one of the ends is such a pass.
        """
        self.spend(PASS_STEPS, span)
        before, removed, uses = dict(self.conditions), self.removed, len(self.uses)
        presumed, facts = dict(self.presumed), self.facts
        ends = frozenset(s.name for s in symbols_of(first) | symbols_of(last))
        self.indices[index.name], self.further[index.name] = ends, last - first
        self.facts = between(facts, index, first, last)
        try:
            yield
            known = self.facts
        finally:
            self.facts = replace(self.facts, least=facts.least)
            del self.indices[index.name], self.further[index.name]
        for condition, span in self._added(before, removed):
            if index in condition.symbols():
                del self.conditions[condition]
                for each in for_all(condition, index, first, last, known):
                    if each.judge(self.facts) is False:  # in the words of a general pass
                        raise SymparamsError(condition.says or str(each), span)
                    self.require(each, span)
        for condition, span in list(self.presumed.items()):
            if condition not in presumed and index in condition.symbols():
                del self.presumed[condition]
                for each in for_all(condition, index, first, last, known):
                    self.presume(each, span, set(ends))
        for use in self.uses[uses:]:
            if index in use.when.symbols():
                at_ends = tuple(use.when.at({index.name: end}) for end in (first, last))
                use.when, use.exact = Condition("or", parts=at_ends), False
                use.ends |= ends

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

    def weigh(self, axes: tuple[Size, ...], span: Span | None) -> None:
        """Take the terms of a shape from what all shapes of one network may have.

        Raises:
            SymparamsError: it is used up: the shapes are polynomials that grow pass by pass.
        """
        self.weight += sum(max(len(terms_of(axis)) - SHORT_AXIS, 0) for axis in axes)
        if self.weight > MOST_TERMS:
            names = listed(sorted({s.name for axis in axes for s in symbols_of(axis)}))
            message = f"the shapes of this network have more than {MOST_TERMS:,} terms"
            raise SymparamsError(message, span, f"give {names} a value")

    def fresh_index(self, first: Size = 0, name: str = "k") -> Symbol:
        """Return a symbol that no text can name, for a repeat's passes; it counts from ``first``.

        ``name`` is what it is called where it is shown.
        """
        self.made += 1
        low = self.facts.at_least(first)
        return Symbol(f"{name}#{self.made}", low=None if low is None else ceil(low))

    def require(self, condition: Condition, span: Span | None, hint: str = "") -> None:
        """Keep a condition that is open; raise where it cannot hold."""
        answer = condition.judge(self.facts)
        if answer is None:
            self._add(condition, span)
        elif not answer:
            raise SymparamsError(condition.says or f"'{condition}' does not hold", span, hint)

    def _add(self, condition: Condition, span: Span | None) -> None:
        """Keep a condition; what both branches of an ``if`` require is required by itself."""
        if condition.op == "or" and len(condition.parts) == 2:
            case, required = condition.parts
            other = Condition("or", parts=(negated(case), required))
            if other in self.conditions:
                del self.conditions[other]
                self.removed += 1
                condition = required
        self.conditions.setdefault(condition, span)
        if len(self.conditions) > MOST_OPEN:
            raise SymparamsError(
                f"more than {MOST_OPEN:,} conditions are left open",
                span,
                "give the sizes values",
            )

    def presume(
        self, condition: Condition, span: Span | None, names: set[str] | None = None
    ) -> None:
        """Keep what the formulas assume of the network; see :attr:`presumed`.

        ``names`` are the sizes that decide it beside its own.

        Raises:
            NeedsValue, Decide: it never holds, so the formulas say nothing.
        """
        answer = condition.judge(self.facts)
        if answer is None:
            self.presumed.setdefault(condition, span)
        elif not answer:
            names = {s.name for s in condition.symbols()} | (names or set())
            raise self.needs(names, "there is no formula here: every size gives another", span)

    def share(self, uses: Collection[Use], span: Span | None, presume: bool = True) -> Size:
        """Return 1 where one of some uses takes place, and 0 where none does.

        Over few values that is told by cases; else it is presumed that one does,
        or, where that may not be presumed, left to the values of the sizes.

        Raises:
            NeedsValue, Decide: there may be one in a pass that is none of the ends.
        """
        when = dict.fromkeys(use.when for use in uses)
        if TRUE in when:
            return 1
        condition = Condition("or", parts=tuple(when)) if len(when) != 1 else next(iter(when))
        exact = all(use.exact for use in uses)
        answer = condition.judge(self.facts)
        if answer is False and not exact:
            ends = set[str]().union(*(use.ends for use in uses))
            raise self.needs(ends, "which passes use a shared net is open", span)
        if answer is not None:
            return int(answer)
        cases = indicator(condition, self.facts) if exact else None
        if cases is None and not presume:
            names = {s.name for s in condition.symbols()}
            raise self.needs(names, "which weights a shared net has is open", span)
        if cases is None:
            self.presume(condition, span)
            return 1
        return cases

    def decide(self, condition: Condition, span: Span | None, told: str = "") -> bool:
        """Tell whether a condition, ``told`` as it is written, holds; by the defaults where it is
        open.

        Raises:
            Decide: the defaults of its symbols decide.
            NeedsValue: some of its symbols have no default.
        """
        answer = condition.judge(self.facts)
        if answer is not None:
            return answer
        raise self.open({s.name for s in condition.symbols()}, f"whether {told or condition}", span)

    def number(self, size: Size, span: Span | None, what: str) -> Number:
        """Return ``size`` as a number, by the defaults where it has symbols."""
        if not isinstance(size, Polynomial):
            return size
        raise self.open({s.name for s in size.symbols()}, what, span)

    def open(self, names: set[str], what: str, span: Span | None) -> Exception:
        """Return the error, or the decision by defaults, of something that some sizes leave
        open.
        """
        names = self.known(names)
        if not names:  # an index of a repeat that is written out next
            return NeedsValue(f"{what} differs from pass to pass", [], span)
        if names <= self.defaults.keys():
            return Decide({n: self.defaults[n] for n in sorted(names)})
        missing = sorted(names - self.defaults.keys())
        told = listed(missing)
        return NeedsValue(
            f"{what} depends on {told}",
            missing,
            span,
            f"give {told} a value or a default",
        )

    def needs(self, names: set[str], message: str, span: Span | None) -> Exception:
        """Return the same of something that has an answer only where sizes have values."""
        names = self.known(names)
        if names and names <= self.defaults.keys():
            return Decide({n: self.defaults[n] for n in sorted(names)})
        hint = f"give {listed(sorted(names))} a value" if names else ""
        return NeedsValue(message, sorted(names), span, hint)

    def in_some_pass(self, error: SymparamsError, times: Size) -> Exception:
        """Return an error in a pass; where that may not take place, a value has to say so."""
        if (
            not isinstance(times, Polynomial)
            or isinstance(error, NeedsValue | UnknownName)
            or self.facts.positive(times) is True
        ):
            return error
        made = self.needs({s.name for s in symbols_of(times)}, error.message, error.span)
        if isinstance(made, SymparamsError):
            made.notes = error.notes
        return made

    def as_presumed(self, error: SymparamsError) -> Exception:
        """Return an error behind what is presumed; where that does not hold, the network is
        another.
        """
        names = {s.name for c in self.presumed if c.judge(self.facts) is None for s in c.symbols()}
        if not names or isinstance(error, NeedsValue | UnknownName):
            return error
        made = self.needs(names, error.message, error.span)
        if isinstance(made, SymparamsError):
            made.notes, made.hint = error.notes, error.hint or made.hint
        return made

    def known(self, names: set[str]) -> set[str]:
        """Return the sizes that names stand for: of an index, those that say how far it runs."""
        while inner := names & self.indices.keys():
            names = (names - inner).union(*(self.indices[n] for n in inner))
        return names


def _bare(condition: Condition) -> Condition:
    """Return a condition without words of its own: a part of another is shown as a formula."""
    return replace(condition, says="", parts=tuple(map(_bare, condition.parts)))

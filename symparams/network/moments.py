"""``peak``: the most values that live at once in inference, in the order of the text.

A tensor lives from the event that makes it to the last one that reads it, both
included; what leaves the network lives to its end
(:mod:`symparams.network.lifetimes` tells the events).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from math import prod

from symparams.algebra import (
    PLAIN,
    Atom,
    Facts,
    Number,
    Polynomial,
    Size,
    Symbol,
    add_up,
    brief,
    maximum,
    minimum,
    of_atom,
    product,
    solved,
    substitute,
    symbols_of,
    terms_of,
)
from symparams.errors import NeedsValue, Span, SymparamsError, did_you_mean, listed
from symparams.network.lifetimes import ALWAYS, EmptyRepeat, Event, LifeWalk, Presence, needs_value
from symparams.network.nodes import JoinNode, Node, ReferenceNode
from symparams.network.rows import names_below, names_of
from symparams.records import Record

#: The most formulas that a peak is the largest of: each is compared with all others, and no
#: reader takes more in.
MOST_KEPT = 16

#: The most terms of formulas that are compared: of more a proof takes 10 ms and more, for each of
#: some hundred pairs.
MOST_COMPARED = 1_000

#: The most terms, ``h^9`` written in ``h - 1`` counted as ten, of all formulas that are compared
#: for one peak.
MOST_COMPARED_TERMS = 40_000
#: The most terms of all formulas together, which are put in at a few points: a second's work.
MOST_TERMS_PUT_IN = 150_000
#: So many letters of a function cost as much as a term.
LETTERS_OF_A_TERM = 8

#: Small and large by turns: what is largest depends on which size is large.
SCALES = (1, 48, 5, 1024, 12, 240)


class Moment(Record):
    """The tensors that live while something is computed.

    ``living`` are their sizes, each with the readers to come: it lives where one
    of them takes place.
    """

    event: Event
    living: tuple[tuple[Size, tuple[Presence, ...]], ...]

    @property
    def node(self) -> Node:
        """What is computed."""
        return self.event.path[-1]

    @property
    def span(self) -> Span | None:
        """Where it is written, of a shipped block where the user calls it."""
        spans = [node.span for node in self.event.path if node.span is not None]
        own = [span for span in spans if not span.source.shipped] or spans
        return own[-1] if own else None

    def called(self) -> str:
        """Return what is computed, in words."""
        if isinstance(self.node, JoinNode):
            return f"'{self.node.op}'"
        if isinstance(self.node, ReferenceNode):
            return "'zeros'"
        return next(f"'{name}'" for node in reversed(self.event.path) for name in names_of(node))

    def values(self, given: Presence, facts: Facts) -> Size:
        """Return how many values live, where it takes place and ``given`` holds.

        Raises:
            NeedsValue: in which pass of a series they are most is open.
        """
        total = add_up(
            size * _factor(readers, self.event.presence | given, facts)
            for size, readers in self.living
        )
        for index, first, last in reversed(self.event.passes):
            total = _largest_pass(facts.reduce(total), index, first, last, facts, self.span)
        return facts.reduce(total)


class Candidate(Record):
    """How many values live at a moment, and when that counts.

    ``presence`` is that of the moment, or nothing where the largest is the same
    without it: ``max(x, y)`` of a last pass, which is the first where it is alone.
    """

    values: Size
    moment: Moment
    presence: Presence


def peak(root: Node, facts: Facts = PLAIN, name: str = "") -> Size:
    """Return the most values that live at once, while a part of a name runs or at all.

    Raises:
        SymparamsError: nothing has that name, or the network takes too many steps.
        NeedsValue: a value decides what runs, or which pass has the most.
    """
    found = [one.values * _holds(one.presence, facts) for one in peaks(root, facts, name)]
    return facts.reduce(maximum(*found)) if found else 0


def peaks(root: Node, facts: Facts = PLAIN, name: str = "") -> list[Candidate]:
    """Return the moments of which one has the most values living, in the order of the text.

    Raises:
        SymparamsError, NeedsValue: as :func:`peak`.
    """
    known = sorted(names_below(root))
    if name and name not in known:
        raise SymparamsError(
            f"nothing in it is called '{name}'",
            None,
            did_you_mean(name, known, f"there are {', '.join(known)}"),
        )
    walk = LifeWalk(facts)
    walk.leave(walk.run(root, None))
    moments = moments_of(walk)
    if name:
        moments = [m for m in moments if any(name in names_of(n) for n in m.event.path)]
    found = [Candidate(m.values(ALWAYS, facts), m, m.event.presence) for m in moments]
    for one in found:
        indices = {index for index, _, _ in one.moment.event.passes}
        if indices & {s for times, _ in one.presence for s in symbols_of(times)}:
            raise NeedsValue("peak differs from pass to pass", [], one.moment.span)
    kept = _undominated(found, facts)
    if any(one.presence for one in kept):
        kept = _undominated([_lifted(one, kept, facts) for one in kept], facts)
    order = {id(moment): place for place, moment in enumerate(moments)}
    return sorted(kept, key=lambda one: order[id(one.moment)])


def moments_of(walk: LifeWalk) -> list[Moment]:
    """Return what lives while each event takes place, in their order.

    Raises:
        NeedsValue: a repeat may have no pass, and what enters it is read behind it.
    """
    found: list[Moment] = []
    alive: dict[int, tuple[Presence, ...]] = {}
    empty: dict[int, list[EmptyRepeat]] = {}
    entered: dict[int, list[tuple[int, tuple[Presence, ...]]]] = {}
    for one in walk.empty:
        empty.setdefault(one.end, []).append(one)
    for number in range(len(walk.events), 0, -1):
        for one in empty.get(number, ()):
            _refuse_aliases(one, alive)
            # Without a pass what enters it is what leaves it, and has the readers of that.
            entered.setdefault(one.begin, []).extend(
                (before, alive[after])
                for before, after in one.pairs
                if before is not None and before != after and after in alive
            )
        for tensor, readers in entered.get(number, ()):
            alive[tensor] = tuple(dict.fromkeys((*alive.get(tensor, ()), *readers)))
        event = walk.events[number - 1]
        if event.ends is not None and len(event.reads) > 1 and not alive.keys() >= {*event.reads}:
            told = (
                f"peak of a repeat of {event.ends} whose passes leave what the next does not read"
            )
            raise needs_value(told, event.ends, None)
        here = dict(alive)
        for tensor in (*event.reads, *event.makes):
            here[tensor] = (ALWAYS,)
        if event.path:
            living = tuple((walk.sizes[t], readers) for t, readers in here.items())
            found.append(Moment(event, living))
        for tensor in event.makes:
            alive.pop(tensor, None)
        for tensor in event.reads:
            readers = alive.get(tensor, ())
            if event.presence not in readers:
                alive[tensor] = (*readers, event.presence)
    return found[::-1]


def _refuse_aliases(repeat: EmptyRepeat, alive: Collection[int | None]) -> None:
    """Refuse a repeat without a pass where what leaves it would be counted as another tensor.

    Raises:
        NeedsValue: what enters it lives behind it.
    """
    entered, left = zip(*repeat.pairs, strict=True)
    same = all(
        (one == other) == (left[i] == left[k])
        for i, one in enumerate(entered)
        for k, other in enumerate(entered[:i])
    )
    weights = any((one is None) != (other is None) for one, other in repeat.pairs)
    if weights or not same or any(a != b and a in alive for a, b in repeat.pairs):
        message = f"peak where a repeat of {repeat.times} has no pass is another"
        raise needs_value(message, repeat.times, repeat.span)


def _undominated(found: list[Candidate], facts: Facts) -> list[Candidate]:
    """Return the candidates that no other exceeds at all sizes where both count.

    Raises:
        NeedsValue: there are more than :data:`MOST_KEPT`.
    """
    every = list({(one.values, one.presence): one for one in reversed(found)}.values())
    points = ComparedPoints(every, facts)
    if sum(len(terms_of(one.values)) for one in every) > MOST_TERMS_PUT_IN:
        raise _undecided("peak is the largest of formulas too long to compare", [every[0]])
    # Those that are large at one point first: most others are compared with one of them alone.
    every.sort(key=lambda one: points.at(one, 0), reverse=True)
    kept: list[Candidate] = []
    for one in every:
        if any(_exceeds(other, one, facts, points) for other in kept):
            continue
        kept = [other for other in kept if not _exceeds(one, other, facts, points)]
        kept.append(one)
        if len(kept) > MOST_KEPT:
            raise _undecided(
                f"peak is the largest of more than {MOST_KEPT} formulas, none of which is larger "
                "than another at all sizes",
                kept,
            )
        if points.terms > MOST_COMPARED_TERMS:
            raise _undecided("peak is the largest of formulas too long to compare", kept)
    return kept


def _undecided(message: str, kept: Sequence[Candidate]) -> NeedsValue:
    """Return the error of a peak that no formula tells: values do."""
    names = sorted({s.name for c in kept for s in symbols_of(c.values) if "#" not in s.name})
    span = kept[-1].moment.span
    return NeedsValue(message, names, span, f"give {listed(names)} values")


def _exceeds(one: Candidate, other: Candidate, facts: Facts, points: ComparedPoints) -> bool:
    """Tell whether a candidate counts where another does, with as many values."""
    if not all(_implied(need, other.presence) for need in one.presence):
        return False
    least = [times - passes for times, passes in other.presence]
    if any(len(terms_of(c.values)) > MOST_COMPARED for c in (one, other)):
        return False
    if not least and points.below(one, other):
        return False
    there = replace(facts, least=(*facts.least, *least)) if least else facts  # type: ignore[arg-type]
    values = one.moment.values(other.presence, facts) if least else one.values
    more = values - other.values
    if there.outweighed(more):
        return True
    points.terms += sum(
        prod(abs(e) * _weight(atom) + 1 for atom, e in monomial) for monomial in terms_of(more)
    )
    return points.terms <= MOST_COMPARED_TERMS and there.nonnegative(more) is True


def _weight(atom: Atom) -> int:
    """Return what an atom costs where ``h`` is written in ``h - 1``: a function, as it is long."""
    return 1 if isinstance(atom, Symbol) else 1 + len(atom.key) // LETTERS_OF_A_TERM


def _lifted(one: Candidate, others: list[Candidate], facts: Facts) -> Candidate:
    """Return a candidate that counts always, where another exceeds it if it does not take place."""
    if len(one.presence) != 1:
        return one
    ((times, passes),) = one.presence
    for fewer in range(passes):
        if facts.nonnegative(fewer - times) is False:
            continue  # there are always more
        found = solved(times - fewer)
        if found is None:
            return one
        at = dict([found])
        here = substitute(one.values, at)
        if not any(
            all(facts.nonnegative(substitute(t - p, at)) is True for t, p in other.presence)
            and facts.nonnegative(substitute(other.values, at) - here) is True
            for other in others
            if other is not one
        ):
            return one
    return one.but(presence=ALWAYS)


class ComparedPoints:
    """A few points, at which most candidates are told apart before anything is proved.

    Args:
        candidates: what is compared.
        facts: what is known of the sizes; a point that it does not admit tells nothing apart.
    """

    def __init__(self, candidates: Iterable[Candidate], facts: Facts) -> None:
        names = sorted({s.name for one in candidates for s in symbols_of(one.values)})
        first: dict[str, Number] = {name: 11 + len(name) for name in names}
        others: list[dict[str, Number]] = [
            {name: SCALES[(k + 2 * i) % len(SCALES)] for i, name in enumerate(names)}
            for k in range(len(SCALES))
        ]
        self._points = [first, *others]
        self._told = [k for k, point in enumerate(self._points) if facts.admits(point)]
        self._known: dict[tuple[Size, int], Number | None] = {}
        #: How many terms have been compared for all sizes.
        self.terms = 0

    def at(self, one: Candidate, k: int) -> Number:
        """Return a candidate's values at a point, to sort by; 0 where they are no number."""
        return self._at(one, k) or 0

    def below(self, one: Candidate, other: Candidate) -> bool:
        """Tell whether a candidate has fewer values than another at one of the points."""
        for k in self._told:
            here, there = self._at(one, k), self._at(other, k)
            if here is not None and there is not None and here < there:
                return True
        return False

    def _at(self, one: Candidate, k: int) -> Number | None:
        key = one.values, k
        if key not in self._known:
            self._known[key] = None
            with suppress(SymparamsError):  # too long to be a number, or divided by 0
                at = substitute(one.values, self._points[k])
                self._known[key] = None if isinstance(at, Polynomial) else at
        return self._known[key]


def _factor(readers: tuple[Presence, ...], given: Presence, facts: Facts) -> Size:
    """Return 1 where a reader takes place and 0 where none does, if ``given`` holds."""
    open_: dict[Presence, None] = {}
    for reader in readers:
        left = frozenset(need for need in reader if not _implied(need, given))
        if not left:
            return 1
        open_[left] = None
    fewest = [
        one
        for one in open_
        if not any(o != one and all(_implied(need, one) for need in o) for o in open_)
    ]
    return maximum(*(_holds(one, facts) for one in fewest))


def _holds(presence: Presence, facts: Facts) -> Size:
    """Return 1 where what must hold does, and else 0."""
    return product(
        tuple(
            facts.reduce(minimum(maximum(times - passes + 1, 0), 1))
            for times, passes in sorted(presence, key=str)
        )
    )


def _largest_pass(
    size: Size, index: Symbol, first: Size, last: Size, facts: Facts, span: Span | None
) -> Size:
    """Return the largest value of a size over the passes of a series.

    Raises:
        NeedsValue: it neither rises nor falls, nor bends upwards.
    """
    if index not in symbols_of(size):
        return size

    def at(value: Size) -> Size:
        return substitute(size, {index.name: value})

    step = at(of_atom(index) + 1) - size
    if facts.nonnegative(step) is True:
        return at(last)
    if facts.nonnegative(-step) is True:
        return at(first)
    bend = substitute(step, {index.name: of_atom(index) + 1}) - step
    if facts.nonnegative(bend) is True:  # convex: the largest stands at an end
        return maximum(at(first), at(last))
    names = sorted(s.name for s in symbols_of(first) | symbols_of(last) if "#" not in s.name)
    raise NeedsValue(
        f"peak of this repeat has no closed form: in a pass live {brief(size)}",
        names,
        span,
        f"give {listed(names)} a value" if names else "",
    )


def _implied(need: tuple[Size, int], given: Presence) -> bool:
    times, passes = need
    return any(of == times and least >= passes for of, least in given)

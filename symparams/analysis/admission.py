"""Which points a network admits: one, or as many as arrays hold.

A condition is worked out on the sizes that it speaks of alone, so that on a
grid it costs what these make, not what the grid has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from typing import Any

from symparams.algebra import Condition, Domain, Number, text
from symparams.algebra.kernels import Program, arrays, numbers, program_of, rows_of
from symparams.elaboration import Network, domain_in_words
from symparams.errors import NotAdmitted, SymparamsError

#: The most values of a point's sizes for which a condition among others is judged where points
#: are looked for: 0.2 ms each. More than a proof by all points of finite domains tries (5,000).
MOST_JUDGED = 6_000


class CompiledCondition:
    """A condition of a network, as a function of the sizes that it speaks of.

    Attributes:
        names: those of the network's sizes that decide it.
    """

    def __init__(
        self, network: Network, condition: Condition, names: Sequence[str], most: int | None = None
    ) -> None:
        own = {s.name for s in condition.symbols()}
        self.condition = condition
        #: Whether only the formula needs it, and not the model: ``count`` answers without.
        self.presumed = condition in network.presumed
        self.names = tuple(n for n in names if n in own)
        self._most = most
        self._domains = network.facts.of_domains
        self._known: dict[tuple[Number, ...], bool] = {}
        #: Whether it is a test of these sizes alone, and not of every pass of a repeat.
        plain = type(condition) is Condition and len(own) == len(self.names)
        self._program: Program | None = None
        if plain:
            with suppress(SymparamsError):  # a power that no program has
                self._program = program_of([], self.names, conditions=[condition])

    @property
    def compiled(self) -> bool:
        """Whether it is computed from the sizes of a point, and not judged."""
        return self._program is not None

    def met(self, point: Mapping[str, Number]) -> bool:
        """Tell whether it holds at a point."""
        if self._program is not None:
            with suppress(SymparamsError):  # a division by 0
                return numbers.run(self._program, point)[0] != 0
        key = tuple(point[n] for n in self.names)
        if key not in self._known:
            if self._most is not None and len(self._known) >= self._most:
                return False
            own = dict(zip(self.names, key, strict=True))
            self._known[key] = self.condition.may_hold(own, self._domains)
        return self._known[key]

    def met_at(self, inputs: Mapping[str, Any]) -> Any:
        """Return where it holds, as an array of the shape to which its own sizes broadcast."""
        np = arrays.numpy()
        own = {name: inputs[name] for name in self.names}
        shape = arrays.shape_of(own)
        if self._program is not None:
            found = np.empty(shape, bool)
            with suppress(SymparamsError):  # a division by 0 somewhere: each point alone
                for block, (values,) in arrays.Grid(self._program, own).chunks():
                    found[block] = values != 0
                return found
        columns = [np.broadcast_to(a, shape).ravel().tolist() for a in own.values()]
        answers = [self.met(dict(zip(own, row, strict=True))) for row in zip(*columns, strict=True)]
        if not own:
            answers = [self.met({})]
        return np.array(answers, bool).reshape(shape)


def conditioned(network: Network) -> set[str]:
    """Return the names of the sizes of which its conditions speak, stated or required."""
    return {s.name for c in (*network.conditions, *network.assumed) for s in c.symbols()}


def admitting(network: Network) -> Callable[[Mapping[str, Number]], bool]:
    """Return what :meth:`Network.allows` tells, for a search of points: of what decides a
    condition, each combination of values is judged once; behind :data:`MOST_JUDGED` of them a
    point is passed over.
    """
    known: dict[tuple[str, ...], Admission] = {}

    def admits(point: Mapping[str, Number]) -> bool:
        names = tuple(point)
        if names not in known:
            known[names] = Admission(network, names, MOST_JUDGED)
        return known[names].admits(point)

    return admits


class Admission:
    """The domains and conditions of a network, asked of points.

    Args:
        network: the network.
        names: the sizes that a point gives.
        most: how many values a condition is judged for that is not computed; None: all.
    """

    def __init__(self, network: Network, names: Sequence[str], most: int | None = None) -> None:
        self._network = network
        self._names = tuple(names)
        self._most = most

    @cached_property
    def _requirements(self) -> tuple[CompiledCondition, ...]:
        conditions = dict.fromkeys((*self._network.assumed, *self._network.conditions))
        network, names = self._network, self._names
        each = (CompiledCondition(network, c, names, self._most) for c in conditions)
        # Those that are computed come first: one with other sizes in it is judged over all of
        # their values, which takes a hundred times as long.
        return tuple(sorted(each, key=lambda condition: not condition.compiled))

    # --- one point ---

    def admits(self, point: Mapping[str, Number]) -> bool:
        """Tell whether sizes lie in their domains and every condition holds."""
        own = {name: point[name] for name in self._names}
        return self._network.facts.within_domains(own) and all(
            requirement.met(own) for requirement in self._requirements
        )

    def check_rows(self, inputs: Mapping[str, Any]) -> None:
        """Refuse lists of one length that hold a point that is not admitted.

        Raises:
            NotAdmitted: a size outside its domain, or a condition that does not hold;
                it names the first element.
        """
        for name, value in inputs.items():
            domain = self._network.facts.domain(name)
            for k, one in enumerate(value) if isinstance(value, list) else ((None, value),):
                if one not in domain:
                    raise self._outside(name, one, "" if k is None else _element((k,)))
        for requirement in self._requirements:
            several, rows = rows_of({n: inputs[n] for n in requirement.names})
            for k, row in enumerate(rows):
                if not requirement.met(row):
                    raise _broken(requirement, row, _element((k,)) if several else "")

    def _outside(self, name: str, value: Number, element: str = "") -> NotAdmitted:
        wanted = domain_in_words(self._network.facts.domain(name))
        return NotAdmitted(f"'{name}' must be {wanted}, not {short(value)}{element}")

    # --- arrays ---

    def mask(self, inputs: Mapping[str, Any]) -> Any:
        """Return where points are admitted, as an array of the shape to which all broadcast."""
        np, shape = arrays.numpy(), arrays.shape_of(inputs)
        inside, kept = np.ones((), bool), {}
        for name, array in inputs.items():
            domain = self._network.facts.domain(name)
            mask = within(array, domain)
            # What is outside is outside; the conditions are asked of sizes that may be.
            stand_in = domain.choices[0] if domain.choices else domain.low
            kept[name] = arrays.as_array(name, np.where(mask, array, stand_in))
            inside = inside & mask
        for requirement in self._requirements:
            inside = inside & requirement.met_at(kept)
        return np.broadcast_to(inside, shape).copy()

    def check_all(self, inputs: Mapping[str, Any]) -> None:
        """Refuse arrays that hold a point that is not admitted.

        Raises:
            NotAdmitted: as :meth:`check_rows`.
        """
        np, shape = arrays.numpy(), arrays.shape_of(inputs)
        for name, array in inputs.items():
            mask = within(array, self._network.facts.domain(name))
            if not mask.all():
                place = _first(mask)
                raise self._outside(name, array[place], _element(place))
        if 0 in shape:
            return
        for requirement in self._requirements:
            mask = requirement.met_at(inputs)
            if not mask.all():
                place = (*(0,) * (len(shape) - mask.ndim), *_first(mask))
                point = {n: np.broadcast_to(inputs[n], shape)[place] for n in requirement.names}
                raise _broken(requirement, point, _element(place) if shape else "")


def _broken(requirement: CompiledCondition, point: Mapping[str, Any], element: str) -> NotAdmitted:
    told = ", ".join(f"{n} = {short(point[n])}" for n in requirement.names)
    here = f"{told}{element}" if told else "these sizes"
    needed = f"it needs {requirement.condition}"
    if requirement.presumed:
        return NotAdmitted(
            f"the formula does not hold at {here}: {needed}", None, "model.count counts there"
        )
    return NotAdmitted(f"the model does not admit {here}: {needed}")


def short(value: Any) -> str:
    """Return a number for an error, its middle left out where it is long."""
    number = value if isinstance(value, Fraction) else int(value)
    if max(abs(number.numerator), number.denominator) < 10**40:
        return text(number)
    bits = abs(number.numerator).bit_length() - number.denominator.bit_length() + 1
    if bits <= 0:
        return "a long fraction"
    sign = "-" if number < 0 else ""
    return f"about {sign}10^{bits * 30_103 // 100_000}"


def _first(mask: Any) -> tuple[int, ...]:
    """Return the place of the first False."""
    np = arrays.numpy()
    return tuple(int(k) for k in np.unravel_index(int(np.argmin(mask)), mask.shape))


def _element(place: tuple[int, ...]) -> str:
    if not place:
        return ""
    return f" (element {place[0] if len(place) == 1 else list(place)})"


def within(array: Any, domain: Domain) -> Any:
    """Return where an array's values lie in a domain."""
    np = arrays.numpy()
    bound = arrays.bound_of(array) if array.size else (0, 0)
    small = bound is not None and max(map(abs, bound)) < 1 << 62
    if bound is not None and not domain.choices and domain.step == 1:
        high = bound[1] if domain.high is None else domain.high
        if domain.low <= bound[0] and bound[1] <= high:
            return np.ones(array.shape, bool)
    values = array.astype(np.int64 if small else object)
    if domain.choices:
        found = np.zeros(array.shape, bool)
        for choice in domain.choices:
            if isinstance(choice, Fraction) and small:
                continue
            found |= np.asarray(values == choice, dtype=bool)
        return found
    found = np.asarray(values >= domain.low, dtype=bool)
    if domain.high is not None:
        found &= np.asarray(values <= domain.high, dtype=bool)
    if domain.step != 1 or not small:
        found &= np.asarray((values - domain.low) % domain.step == 0, dtype=bool)
    return found


__all__ = ["Admission", "admitting", "short"]

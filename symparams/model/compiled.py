"""A measure of a model as a function of its sizes, for one point or for millions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

from symparams.algebra import POSITIVE, Domain, Number, Size
from symparams.algebra.conditions import Condition
from symparams.algebra.kernels import Kernel, Program, arrays, checked_names, compile, program_of
from symparams.errors import SymparamsError
from symparams.model.build import Network


class Compiled:
    """A measure as a function of sizes by name; made by :meth:`symparams.Model.compile`.

    Every open size of the model is a keyword; one that is not given is at its
    default. Values are numbers or, with the backend ``numpy``, arrays that
    broadcast (``numpy.ix_`` makes a grid of a few axes). The result is exact:
    64-bit integers where they are proved to hold every value on the way, else
    Python integers in an array of objects.

    Values are not compared with their domains and the model's conditions;
    :meth:`allowed` says where the model admits them.

    Attributes:
        names: the sizes it takes.
        defaults: the sizes that need not be given, with their values.
        formula: the measure in these sizes.
        backend: ``numpy`` or ``python``.
    """

    def __init__(self, network: Network, measure: str, backend: str) -> None:
        self._network = network
        self.names = network.symbols
        self.defaults: Mapping[str, Number] = dict(network.defaults)
        self.formula: Size = network.measure(measure)
        self.backend = backend
        self._kernel: Kernel = compile(self.formula, self.names, backend)

    def __call__(self, **sizes: Any) -> Any:
        """The measure at each point.

        Raises:
            SymparamsError: a name the model does not have, a size without a
                value, a float, arrays that do not broadcast.
        """
        return self._kernel(**{**self.defaults, **sizes})

    def allowed(self, **sizes: Any) -> Any:
        """Whether sizes lie in their domains and all conditions hold; of arrays, where.

        Raises:
            SymparamsError: as for a call.
        """
        values = {**self.defaults, **sizes}
        checked_names(self.names, values)
        if self.backend == "python":
            return self._listed(values)
        inputs = {name: arrays.as_array(name, values[name]) for name in self.names}
        if not any(a.shape for a in inputs.values()):
            return self._network.allows({name: a.item() for name, a in inputs.items()})
        return self._masked(inputs)

    def _listed(self, values: Mapping[str, Any]) -> Any:
        lists = {n: v for n, v in values.items() if isinstance(v, Sequence)}
        if not lists:
            return self._network.allows(values)
        return [
            self._network.allows({**values, **dict(zip(lists, row, strict=True))})
            for row in zip(*lists.values(), strict=True)
        ]

    def _masked(self, inputs: Mapping[str, Any]) -> Any:
        np = arrays.numpy()
        inside, kept = np.ones((), bool), {}
        for name, array in inputs.items():
            domain = self._network.facts.domains.get(name, POSITIVE)
            mask = _within(array, domain)
            # What is outside is outside; the conditions are asked of sizes that may be.
            stand_in = domain.choices[0] if domain.choices else domain.low
            kept[name] = arrays.as_array(name, np.where(mask, array, stand_in))
            inside = inside & mask
        shape = np.broadcast_shapes(*(a.shape for a in inputs.values()))
        found = np.broadcast_to(inside, shape).copy()
        with suppress(SymparamsError):  # a division by 0 somewhere: each point is asked alone
            for block, values in arrays.Grid(self._conditions, kept).chunks():
                for value in values:
                    found[block] &= value != 0
            if not self._by_the_pass:
                return found
        return self._one_by_one(inputs, shape)

    def _one_by_one(self, inputs: Mapping[str, Any], shape: tuple[int, ...]) -> Any:
        np = arrays.numpy()
        columns = [np.broadcast_to(a, shape).ravel().tolist() for a in inputs.values()]
        names = tuple(inputs)
        known: dict[tuple[Number, ...], bool] = {}
        found = []
        for row in zip(*columns, strict=True):
            if row not in known:
                known[row] = self._network.allows(dict(zip(names, row, strict=True)))
            found.append(known[row])
        assert len(found) == prod(shape)
        return np.array(found, dtype=bool).reshape(shape)

    @cached_property
    def _all_conditions(self) -> tuple[Condition, ...]:
        return (*self._network.conditions, *self._network.assumed)

    @property
    def _by_the_pass(self) -> bool:
        """Whether something must hold of every pass of a repeat."""
        own = set(self.names)
        return any(s.name not in own for c in self._all_conditions for s in c.symbols())

    @cached_property
    def _conditions(self) -> Program:
        own = set(self.names)
        closed = [c for c in self._all_conditions if {s.name for s in c.symbols()} <= own]
        return program_of([], self.names, conditions=closed)

    def __repr__(self) -> str:
        return f"<compiled {self.formula} of {', '.join(self.names)}>"


def _within(array: Any, domain: Domain) -> Any:
    """Where an array's values lie in a domain."""
    np = arrays.numpy()
    bound = arrays.bound_of(array) if array.size else (0, 0)
    small = bound is not None and max(map(abs, bound)) < 1 << 62
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


__all__ = ["Compiled"]

"""Where branch and bound runs out of time: OR-tools CP-SAT on the same rows.

One worker, a time limit; what it answers is recomputed by the caller, and its
bound is used only where its own arithmetic (int64, a bound told as a double)
is exact.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from symparams.algebra import (
    AppliedFunction,
    Atom,
    Condition,
    Floor,
    Indicator,
    Monomial,
    Number,
    Polynomial,
    Size,
    Symbol,
    UnboundedError,
    interval,
    of_atom,
    terms_of,
)
from symparams.records import Record
from symparams.search.kernels import INT64, whole_over
from symparams.search.problem import IntegerFormula, Problem, outer_box

#: Above this a double does not tell neighbouring integers apart.
DOUBLE = 1 << 53


class Answer(Record):
    """What CP-SAT came to.

    Attributes:
        point: the best it found, if any.
        bound: no value of the goal exceeds this; None where it says nothing sound.
        status: ``optimal``, ``feasible``, ``infeasible`` or ``unknown``.
    """

    point: Mapping[str, Number] | None
    bound: int | None
    status: str


class NotModelledError(Exception):
    """Something CP-SAT has no exact form for; the message says what."""


def available() -> bool:
    """Tell whether OR-tools can be imported."""
    from importlib.util import find_spec

    return find_spec("ortools") is not None


def loaded() -> bool:
    """Tell whether OR-tools is there, and now loaded, which takes a while."""
    if available():
        from ortools.sat.python import cp_model  # noqa: F401
    return available()


def by_cp_sat(
    problem: Problem, goal: IntegerFormula, hint: Mapping[str, Number] | None, seconds: float
) -> Answer:
    """Return the most a goal comes to, by CP-SAT.

    Raises:
        NotModelledError: a formula or a size that it cannot take exactly.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    writer = CpSatModel(model, problem)
    for row in problem.rows:
        if row.strict or not isinstance(row.most, int) or not row.integral:
            raise NotModelledError(f"fractions in '{row.size}'")
        model.add(writer.size(row.size) <= writer.fits(row.most))
    for test in problem.tests:
        writer.require(test.condition)
    if not goal.integral:
        raise NotModelledError(f"fractions in '{goal.size}'")
    model.maximize(writer.size(goal.size))
    for name, value in (hint or {}).items():
        writer.hint(name, value)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = seconds
    status = solver.status_name(solver.solve(model)).lower()
    if status == "model_invalid":
        raise NotModelledError(f"this model: {model.validate()}")
    point = None
    if status in ("optimal", "feasible"):
        point = {
            axis.name: axis.values[solver.value(place)]
            for axis, place in zip(problem.axes, writer.places, strict=True)
        }
    bound = None
    # Stopped before it had any bound, it is "unknown" and tells a bound of 0.
    if point is not None:
        bound = _sound(solver.best_objective_bound)
    return Answer(point, bound, status)


def _sound(bound: float) -> int | None:
    """Return an integer that a bound told as a double does not exceed."""
    if not math.isfinite(bound) or abs(bound) >= INT64:
        return None
    if abs(bound) < DOUBLE:
        return math.floor(bound + 0.5)
    return math.ceil(math.nextafter(bound, math.inf))


class CpSatModel:
    """Formulas as constraints of one model, each part of a formula only once."""

    def __init__(self, model: Any, problem: Problem) -> None:
        self.model = model
        self.box = outer_box(problem.axes)
        #: The variable of each axis's place.
        self.places: list[Any] = []
        self._symbols: dict[str, Any] = {}
        self._place_of: dict[str, tuple[Any, Sequence[Number]]] = {}
        self._products: dict[Monomial, Any] = {}
        self._atoms: dict[Atom, Any] = {}
        for axis in problem.axes:
            values = axis.values
            place = model.new_int_var(0, len(values) - 1, axis.name)
            self.places.append(place)
            self._place_of[axis.name] = (place, values)
            if isinstance(values, range):
                self.fits(values[-1])
                self._symbols[axis.name] = values.start + values.step * place
            elif all(isinstance(v, int) for v in values):
                value = model.new_int_var(int(values[0]), int(values[-1]), "")
                model.add_element(place, [self.fits(int(v)) for v in values], value)
                self._symbols[axis.name] = value
            else:
                raise NotModelledError(f"fractions among the values of '{axis.name}'")

    def fits(self, value: int) -> int:
        """Return the value, if int64 holds it with room to spare."""
        if abs(value) >= INT64:
            raise NotModelledError("numbers beyond int64")
        return value

    def hint(self, name: str, value: Number) -> None:
        """Start from a value of an axis."""
        place, values = self._place_of[name]
        self.model.add_hint(place, list(values).index(value))

    def _ends(self, size: Size) -> tuple[int, int]:
        try:
            low, high = interval(size, self.box)
        except UnboundedError:
            raise NotModelledError(f"'{size}' may divide by zero") from None
        return self.fits(math.floor(low)), self.fits(math.ceil(high))

    def _variable(self, size: Size) -> Any:
        return self.model.new_int_var(*self._ends(size), "")

    def size(self, size: Size) -> Any:
        """Return a formula with whole coefficients as a linear expression."""
        total: Any = 0
        reach = 0
        for monomial, coefficient in terms_of(size).items():
            term = self._product(monomial)
            reach += abs(int(coefficient)) * max(map(abs, self._ends(_alone(monomial))))
            total = total + int(coefficient) * term
        self.fits(reach)
        return total

    def _product(self, monomial: Monomial) -> Any:
        if not monomial:
            return 1
        if monomial not in self._products:
            atom, exponent = monomial[-1]
            if exponent < 1:
                raise NotModelledError(f"a division by '{atom}'")
            before = (*monomial[:-1], (atom, exponent - 1)) if exponent > 1 else monomial[:-1]
            own = self._atom(atom)
            if before:
                product = self._variable(_alone(monomial))
                self.model.add_multiplication_equality(product, [self._product(before), own])
                own = product
            self._products[monomial] = own
        return self._products[monomial]

    def _atom(self, atom: Atom) -> Any:
        if isinstance(atom, Symbol):
            return self._symbols[atom.name]
        if atom not in self._atoms:
            if isinstance(atom, Floor):
                self._atoms[atom] = self._floor(atom)
            elif isinstance(atom, Indicator):
                self._atoms[atom] = self._indicator(atom)
            elif isinstance(atom, AppliedFunction) and atom.function.cp_sat:
                found = self._variable(of_atom(atom))
                parts = [self.size(self._whole(a)) for a in atom.arguments]
                getattr(self.model, f"add_{atom.function.cp_sat}")(found, parts)
                self._atoms[atom] = found
            else:
                raise NotModelledError(f"'{atom}'")
        return self._atoms[atom]

    def _indicator(self, atom: Indicator) -> Any:
        found = self.model.new_bool_var("")
        above, _, shift = whole_over(atom.subject - atom.value)
        if shift:
            raise NotModelledError(f"fractions in '{atom}'")
        difference = self.size(above)
        self.model.add(difference == 0).only_enforce_if(found)
        self.model.add(difference != 0).only_enforce_if(~found)
        return found

    def _whole(self, size: Size) -> Size:
        above, below, shift = whole_over(size)
        if below != 1 or shift:
            raise NotModelledError(f"fractions in '{size}'")
        return above

    def _divided(self, size: Size) -> tuple[Any, Any, int]:
        """Return (above, below, k): ``size + k == above / below`` with above >= 0 and below > 0."""
        above, below, shift = whole_over(size)
        under: Size = Polynomial({shift: below}) if shift else below
        if self._ends(under)[0] <= 0:
            raise NotModelledError(f"a division by '{under}', which may not be positive")
        more = max(0, -math.floor(self._ends(size)[0]))
        raised = above + under * more
        if self._ends(raised)[0] < 0:
            more += -self._ends(raised)[0]
            raised = above + under * more
        self._ends(raised)
        return self.size(raised), self.size(under), more

    def _floor(self, atom: Floor) -> Any:
        above, below, more = self._divided(atom.argument)
        low, high = self._ends(of_atom(atom))
        found = self.model.new_int_var(max(0, low + more), high + more, "")
        self.model.add_division_equality(found, above, below)
        return found - more

    def require(self, condition: Condition) -> None:
        """Add a condition as a constraint."""
        inner = condition.parts[0] if condition.op == "not" else condition
        if inner.op == "zero" and inner.size:
            expression = self.size(self._whole(inner.size))
            same = condition.op == "zero"
            self.model.add(expression == 0) if same else self.model.add(expression != 0)
        elif condition.op == "integer":
            above, below, _ = self._divided(condition.size)
            self.model.add_modulo_equality(0, above, below)
        else:
            raise NotModelledError(f"the condition '{condition}'")


def _alone(monomial: Monomial) -> Size:
    return Polynomial({monomial: 1}) if monomial else 1

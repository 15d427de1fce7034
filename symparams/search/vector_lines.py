"""Many lines at once as NumPy arrays: every row is bisected on all of them together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from symparams.search.kernels import CompiledFormula
from symparams.search.plans import SearchPlan
from symparams.search.problem import BudgetRow, IntegerFormula, Places
from symparams.search.vectors import TailBlock

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]


class LineBlock(TailBlock):
    """The lines of a box of enumerated sizes, where the plan has :attr:`SearchPlan.bisected`.

    Attributes:
        low, high: the first and last place on each line where every row is
            met; the first is above the last where there is none.
    """

    def __init__(self, plan: SearchPlan, places: Places) -> None:
        import numpy as np

        super().__init__(plan, places)
        self.axis = plan.problem.axes[plan.tail[0]]
        self.low: Array = np.zeros(self.size, dtype=np.int64)
        self.high: Array = np.full(self.size, plan.ends[0], dtype=np.int64)
        for row in plan.problem.rows:
            self._bisect(row)

    def at(self, kernel: CompiledFormula, places: Array) -> Array:
        """Return a formula on every line, at a place of its own on each."""
        import numpy as np

        values = self.axis.values
        if isinstance(values, range):
            own = values.start + values.step * places
        else:
            own = np.array(values, dtype=np.int64)[places]
        arguments = list(self.heads)
        arguments.insert(self.plan.tail[0], own)
        found = kernel.at(arguments)
        return np.broadcast_to(np.asarray(found), (self.size,))

    def _bisect(self, row: BudgetRow) -> None:
        """Narrow the lines to where a row is met: up from the first place or down from the last."""
        import numpy as np

        rising = row.bounds.always.get(self.axis.name, 0) in (0, 1)
        end = self.plan.ends[0]
        inner = np.full(self.size, -1 if rising else end + 1, dtype=np.int64)
        outer = np.full(self.size, end + 1 if rising else -1, dtype=np.int64)
        most = row.most
        for _ in range((end + 1).bit_length() + 1):
            middle = (inner + outer) // 2
            open_ = abs(outer - inner) > 1
            met = self.at(row.kernel, np.clip(middle, 0, end)) <= most
            inner = np.where(open_ & met, middle, inner)
            outer = np.where(open_ & ~met, middle, outer)
        if rising:
            self.high = np.minimum(self.high, inner)
        else:
            self.low = np.maximum(self.low, inner)

    def counts(self) -> Array:
        """Return the number of feasible points of each line."""
        import numpy as np

        found: Array = np.maximum(self.high - self.low + 1, 0)
        return found

    def best(self, goal: IntegerFormula, above: float) -> tuple[Array, Array]:
        """Return (lines, values): those whose best exceeds ``above``, and that best, the best
        first.

        The goal is monotone or linear along a line, so its best is at an end.
        """
        import numpy as np

        alive = self.low <= self.high
        first = self.at(goal.kernel, np.where(alive, self.low, 0))
        last = self.at(goal.kernel, np.where(alive, self.high, 0))
        values = np.maximum(first, last)
        if above > -float("inf"):
            alive = alive & (values > int(above))
        lines = np.flatnonzero(alive)
        order = np.argsort(-values[lines], kind="stable")
        return lines[order], values[lines][order]

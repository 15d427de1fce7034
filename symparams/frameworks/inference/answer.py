"""What is inferred of a builder, and how well it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symparams.algebra import Formula, SizeRecord, add_up
from symparams.answers import PublicAnswer
from symparams.frameworks.inference.fitted import FittedTensors, UnfittedTensors
from symparams.frameworks.inference.tensors import BUFFER, FROZEN, PRODUCT, TRAINABLE, SizePoint


class InferredTotals(SizeRecord):
    """Sums over all tensors, as formulas; None where one of them has none, or none was asked for.

    Attributes:
        params: trainable and frozen; tied tensors are counted once.
        macs: of a forward pass of one example.
    """

    params: Formula | None = None
    trainable: Formula | None = None
    frozen: Formula | None = None
    buffers: Formula | None = None
    macs: Formula | None = None


class Inferred(SizeRecord, PublicAnswer):
    """The closed form of a builder, as far as a few points tell it: it is no proof.

    Attributes:
        builder, framework: of what.
        sizes: its arguments that were to vary.
        parameters: the same as they were written, with domains and defaults.
        rows: the tensors of one pattern and shape, with their formulas.
        unfitted: patterns that no formula was found for, with their values.
        totals: sums over all.
        points, held: where it was fitted, and where it was held against what was
            built after the fit.
        ranges: what must hold, as further away the formulas do not.
        conditions: what holds at all points that build, and not at those that do not.
        given: conditions as they were asked for.
        unvaried: sizes that no point could move: the formula may depend on them.
        unexplained: points at which the builder raises, that no condition explains.
        tied: names of tensors that are one: (first name, other name).
        counts: values by role at some points, as built.
        measure: ``params``; or ``macs``, where the rows are products of a forward pass.
        inputs: what the module was fed for it.
        text: a text of the language with these tensors, without data flow; "" where
            not all have a formula, and of products.
    """

    builder: str
    framework: str
    sizes: tuple[str, ...]
    parameters: str
    rows: tuple[FittedTensors, ...]
    unfitted: tuple[UnfittedTensors, ...]
    totals: InferredTotals
    points: tuple[SizePoint, ...]
    held: tuple[SizePoint, ...]
    ranges: tuple[str, ...]
    conditions: tuple[str, ...]
    given: str
    unvaried: tuple[str, ...]
    unexplained: tuple[tuple[SizePoint, str], ...]
    tied: tuple[tuple[str, str], ...]
    counts: tuple[tuple[SizePoint, Mapping[str, int]], ...]
    measure: str = "params"
    inputs: tuple[str, ...] = ()
    text: str = ""

    @property
    def complete(self) -> bool:
        """Whether every tensor, or every product, has a formula."""
        return not self.unfitted and self.total is not None

    @property
    def total(self) -> Formula | None:
        """The measure that was asked for."""
        return self.totals.macs if self.measure == "macs" else self.totals.params

    @property
    def params(self) -> Formula | None:
        """The number of parameters."""
        return self.totals.params


def summed(
    fitted: Sequence[FittedTensors], unfitted: Sequence[UnfittedTensors], measure: str = "params"
) -> InferredTotals:
    """Return the sums over tensors by their roles, or over products."""

    def total(*roles: str) -> Formula | None:
        if any(u.role in roles for u in unfitted):
            return None
        parts = [f.values for f in fitted if f.role in roles]
        return None if None in parts else add_up(p for p in parts if p is not None)

    if measure == "macs":
        return InferredTotals(macs=total(PRODUCT))
    return InferredTotals(total(TRAINABLE, FROZEN), total(TRAINABLE), total(FROZEN), total(BUFFER))


__all__ = ["Inferred", "InferredTotals", "summed"]

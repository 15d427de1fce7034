"""A use of a named net: what tells whether its weights are those of another use."""

from __future__ import annotations

from dataclasses import dataclass

from symparams.algebra import TRUE, Condition, Size
from symparams.network.nodes import Node
from symparams.network.precision import Precision


@dataclass(eq=False)
class Use:
    """A use of a named net: what it made, and when it takes place.

    Attributes:
        of: the uses of that net so far; this one is among them.
        node: what it made.
        frozen: whether training leaves its weights alone there.
        when: the repeats and branches around it that must take place.
        exact: whether it takes place only then, too.
        ends: where not, the sizes that say in which passes it may.
        weights: name, shape and bytes of its weights, kept as every later use is compared with
            them.
        precisions: what was said of the bytes of weights around it.
    """

    of: list[Use]
    node: Node
    frozen: bool = False
    when: Condition = TRUE
    exact: bool = True
    ends: frozenset[str] = frozenset()
    weights: tuple[tuple[str, tuple[Size, ...], Size | None], ...] = ()
    precisions: tuple[Precision, ...] = ()

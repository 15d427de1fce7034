"""What the formulas found foretell of a module: its tensors, by name, role and shape."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from symparams.algebra import Number
from symparams.frameworks.inference.fitted import FittedTensors, UnfittedTensors
from symparams.frameworks.inference.patterns import INDEX
from symparams.frameworks.inference.tensors import BuiltModule, SizePoint


class PatternChecker:
    """What formulas foretell of a module, tensor by tensor."""

    def __init__(self, found: Sequence[FittedTensors | UnfittedTensors]) -> None:
        self._left_out = {
            (f.pattern, f.role, f.owner) for f in found if isinstance(f, UnfittedTensors)
        }
        self._told: dict[tuple[str, str, str], list[FittedTensors]] = {}
        for f in found:
            if isinstance(f, FittedTensors):
                self._told.setdefault((f.pattern, f.role, f.owner), []).append(f)
        self._patterns = {
            key: re.compile(r"\d+".join(map(re.escape, key[0].split(INDEX))))
            for key in (*self._told, *self._left_out)
        }

    def foretells(self, module: BuiltModule, point: SizePoint) -> bool:
        """Tell whether a module has exactly the tensors that the formulas say."""
        there: dict[tuple[str, str, str], Counter[tuple[Number | None, ...]]] = {}
        for tensor in module.tensors:
            key = self._key(tensor.name, tensor.role, tensor.owner, len(tensor.axes))
            if key is None:
                return False
            there.setdefault(key, Counter())[tensor.axes] += 1
        for key, parts in self._told.items():
            if key in self._left_out:
                continue
            shapes = Counter(s for part in parts for s in part.shapes_at(point))
            if shapes != there.pop(key, Counter()):
                return False
        return all(key in self._left_out for key in there)

    def _key(self, name: str, role: str, owner: str, axes: int) -> tuple[str, str, str] | None:
        return next(
            (
                key
                for key, pattern in self._patterns.items()
                if key[1:] == (role, owner)
                and pattern.fullmatch(name)
                and (key in self._left_out or len(self._told[key][0].axes) == axes)
            ),
            None,
        )


__all__ = ["PatternChecker"]

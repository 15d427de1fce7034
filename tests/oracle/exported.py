"""Modules whose text is exported, built: their shapes, what they give, and a second point."""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

from symparams.elaboration.definition import WrittenModel, build
from symparams.errors import SymparamsError
from symparams.frameworks.plan import plan
from symparams.frameworks.steps import Plan, numbers
from symparams.network import LeafNode, Signal

Shapes = Counter[tuple[int, ...]]


def loaded(text: str, folder: Path) -> ModuleType:
    """The text of a module, imported."""
    path = folder / "exported_module.py"
    path.write_text(text, "utf-8")
    spec = importlib.util.spec_from_file_location("exported_module", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def model_of(module: ModuleType) -> Any:
    """The class of the whole model, which is the last."""
    own = [v for v in vars(module).values() if getattr(v, "__module__", "") == module.__name__]
    return [value for value in own if isinstance(value, type)][-1]


def alike(axes: Any) -> tuple[int, ...]:
    """A shape, whatever order a framework has its axes in."""
    return tuple(sorted(int(axis) for axis in axes if axis != 1))


def counted(written: Plan) -> Shapes:
    """The shapes of all weights and buffers of a network."""
    found: Shapes = Counter()
    for owner in written.owners:
        node = owner.node
        for weight in node.weights if isinstance(node, LeafNode) else (node.weight,):
            found[alike(numbers(Signal(weight.shape)))] += 1
    return found


def elsewhere(definition: WrittenModel) -> dict[str, int]:
    """Other values of the sizes that a module takes, as far as the text admits them."""
    network = build(definition)
    found: dict[str, int] = {}
    for name in network.symbols:
        default = network.defaults.get(name)
        if not isinstance(default, int) or "[" in name:  # a list is settled in the class
            continue
        for value in (default + 1, 2 * default):
            try:
                made = build(definition, {**found, name: value}, True)
            except SymparamsError:
                continue
            if not made.symbols:
                found[name] = value
                break
    return found


def planned(definition: WrittenModel, values: dict[str, int]) -> Plan:
    """The network at a point."""
    return plan(definition, values)

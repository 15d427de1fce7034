"""The tensors of a torch module, tied ones once."""

from __future__ import annotations

import sys
from typing import Any

from symparams.errors import SymparamsError
from symparams.frameworks.inference.tensors import (
    BUFFER,
    FROZEN,
    TRAINABLE,
    BuiltModule,
    BuiltTensor,
)

NAME = "torch"


def is_module(made: Any) -> bool:
    """Tell whether something is a module of torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(made, torch.nn.Module)


def built_module(made: Any) -> BuiltModule:
    """Return the parameters and buffers of a module.

    Raises:
        SymparamsError: it has lazy parameters, whose shapes only a forward pass tells.
    """
    owners: dict[str, str] = {}
    worked_out: set[str] = set()
    for path, module in made.named_modules(remove_duplicate=False):
        owners[path] = type(module).__name__
        worked_out |= {f"{path}.{n}" if path else n for n in module._non_persistent_buffers_set}
    tensors: list[BuiltTensor] = []
    first: dict[int, str] = {}
    tied: list[tuple[str, str]] = []
    for named, buffer in (
        (made.named_parameters(remove_duplicate=False), False),
        (made.named_buffers(remove_duplicate=False), True),
    ):
        for name, tensor in named:
            if _lazy(tensor):
                raise SymparamsError(
                    f"'{name}' is lazy: its shape is known only after a forward pass",
                    None,
                    "give the layer its sizes",
                )
            if id(tensor) in first:
                tied.append((first[id(tensor)], name))
                continue
            first[id(tensor)] = name
            role = BUFFER if buffer else TRAINABLE if tensor.requires_grad else FROZEN
            owner = owners.get(name.rpartition(".")[0], "")
            axes = tuple(map(int, tensor.shape))
            kept = name not in worked_out and not (buffer and axes and _of_integers(tensor))
            tensors.append(BuiltTensor(name, axes, role, owner, kept))
    return BuiltModule(tuple(tensors), tuple(tied))


def _of_integers(tensor: Any) -> bool:
    """Tell whether a buffer holds indices or a mask."""
    return not (tensor.is_floating_point() or tensor.is_complex())


def _lazy(tensor: Any) -> bool:
    return type(tensor).__name__.startswith("Uninitialized")


__all__ = ["NAME", "built_module", "is_module"]

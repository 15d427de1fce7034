"""The products of a forward pass of torch, by what torch's own counter counts.

``FlopCounterMode`` tells how many FLOPs an operator takes, 2 a multiply-accumulate; the axes
that it multiplies are written down beside, so that each has a formula of its own.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import prod
from typing import Any

import torch
from torch import nn

from symparams.errors import SymparamsError
from symparams.frameworks.base import cause_of
from symparams.frameworks.inference.inputs import FedInput, shown_input
from symparams.frameworks.inference.tensors import PRODUCT, BuiltModule, BuiltTensor
from symparams.frameworks.inference.their_code import RAISED, their_code
from symparams.records import Record

#: Operators that are one thing, with a bias or without.
WORDS = {"addmm": "mm", "baddbmm": "bmm", "convolution": "conv"}


class CountedProduct(Record):
    """One operator of a forward pass.

    Attributes:
        module: the path of the module that it runs in; "" of the whole.
        operator: torch's name of it, as ``mm``.
        axes: sizes whose product are its MACs.
        owner: the class of the module.
    """

    module: str
    operator: str
    axes: tuple[int, ...]
    owner: str

    @property
    def macs(self) -> int:
        """How many multiply-accumulates it takes."""
        return prod(self.axes)


def tensors_of(fed: Sequence[FedInput], device: str) -> tuple[Any, ...]:
    """Return tensors as they are said, a batch of one."""
    return tuple(
        torch.zeros((1, *f.axes), dtype=torch.long if f.integers else None, device=device)
        for f in fed
    )


def counted_products(module: nn.Module, tensors: Sequence[Any]) -> list[CountedProduct]:
    """Return the products of a forward pass in evaluation mode, as torch's counter counts them.

    Attention is its two products: the fused kernels of a device have no count there.

    Raises:
        SymparamsError: it counts more or less in all, as where it takes one of two branches.
    """
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode, flop_registry

    found: list[CountedProduct] = []
    owners = {path: type(part).__name__ for path, part in module.named_modules()}

    def recording(operator: Any, count: Callable[..., int]) -> Callable[..., int]:
        def counted(*given: Any, out_val: Any = None, **options: Any) -> int:
            flops = count(*given, out_val=out_val, **options)
            path = max(counter.mod_tracker.parents, key=lambda name: name.count("."))
            path = path.partition(".")[2]  # the class of the whole stands in front
            name = operator._qualified_op_name.rpartition("::")[2]
            axes = _axes(name, given, out_val)
            if 2 * prod(axes) != flops:
                axes = (flops // 2,)
            owner = owners.get(path, "")
            found.append(CountedProduct(path, WORDS.get(name, name), axes, owner))
            return flops

        counted._get_raw = True  # type: ignore[attr-defined]  # torch's mark: tensors, not shapes
        return counted

    mapping = {operator: recording(operator, count) for operator, count in flop_registry.items()}
    counter = FlopCounterMode(display=False, custom_mapping=mapping)
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with (
                torch.no_grad(),
                _untrained(module),
                torch.backends.mkldnn.flags(enabled=False),
                sdpa_kernel(SDPBackend.MATH),
                counter,
            ):
                module.eval()(*tensors)
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
    whole, parts = counter.get_total_flops() // 2, sum(p.macs for p in found)
    if whole != parts:
        raise SymparamsError(f"torch counts {whole:,} MACs, and {parts:,} by its operators")
    return [p for p in found if p.macs]


@contextmanager
def _untrained(module: nn.Module) -> Iterator[None]:
    """Have no parameter be trained: torch's tracker fails at a view of one that enters a module."""
    trained = [p for p in module.parameters() if p.requires_grad]
    try:
        for parameter in trained:
            parameter.requires_grad_(False)
        yield
    finally:
        for parameter in trained:
            parameter.requires_grad_(True)


def _axes(operator: str, given: Sequence[Any], made: Any) -> tuple[int, ...]:
    """Return the sizes that an operator multiplies; () of one that is not known."""
    shapes = [tuple(g.shape) if isinstance(g, torch.Tensor) else () for g in given]
    if operator in ("mm", "bmm"):
        return (*shapes[0], shapes[1][-1])
    if operator in ("addmm", "baddbmm"):
        return (*shapes[1], shapes[2][-1])
    if operator in ("convolution", "_convolution"):
        transposed = given[6]
        places = shapes[0] if transposed else tuple(made.shape)
        several = () if places[0] == 1 else places[:1]
        return (*several, *places[2:], *shapes[1])
    return ()


def built_products(module: nn.Module, fed: Sequence[FedInput], device: str) -> BuiltModule:
    """Return the products of a module as tensors of their axes, to be fitted as such.

    Raises:
        SymparamsError: it raises when it is fed so.
    """
    try:
        with their_code():
            products = counted_products(module, tensors_of(fed, device))
    except SymparamsError:
        raise
    except RAISED as error:  # whatever their code raises
        shown = " and ".join(map(shown_input, fed))
        raise SymparamsError(
            f"it raises when it is fed {shown}: {type(error).__name__}: {cause_of(error)}",
            None,
            "say what it takes, as in --input 3x224x224 or --input tokens:16",
        ) from None
    seen: Counter[str] = Counter()
    tensors: list[BuiltTensor] = []
    for one in products:
        name = f"{one.module}.{one.operator}" if one.module else one.operator
        number = seen[name]
        seen[name] += 1
        # The first of several has no number: most modules have one product only.
        numbered = f"{name}.{number}" if number else name
        tensors.append(BuiltTensor(numbered, one.axes, PRODUCT, one.owner))
    return BuiltModule(tuple(tensors))


__all__ = ["CountedProduct", "built_products", "counted_products", "tensors_of"]

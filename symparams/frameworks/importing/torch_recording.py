"""A builder of torch called at a point, fed, and recorded."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import torch
from torch import nn

from symparams.errors import SymparamsError
from symparams.frameworks.base import cause_of
from symparams.frameworks.importing.graph import SourceAxes, SourceGraph
from symparams.frameworks.importing.torch_reader import recorded
from symparams.records import Record

NAME = "torch"


class FedInput(Record):
    """What a module is fed: axes without the batch, as torch has them; integers or values."""

    axes: SourceAxes
    integers: bool = False


def likely_inputs(module: nn.Module) -> tuple[FedInput, ...]:
    """Return an input that the first layer of a module takes, none where no layer says it."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d | nn.ConvTranspose2d):
            side = 224 if isinstance(part, nn.Conv2d) else 4
            return (FedInput((part.in_channels, side, side)),)
        if isinstance(part, nn.Conv1d):
            return (FedInput((part.in_channels, 1024)),)
        if isinstance(part, nn.Conv3d):
            return (FedInput((part.in_channels, 16, 64, 64)),)
        if isinstance(part, nn.Embedding):
            return (FedInput((16,), True),)
        if isinstance(part, nn.Linear):
            return (FedInput((part.in_features,)),)
    return ()


def made(builder: Callable[..., Any], given: Mapping[str, Any], device: str) -> Any:
    """Return what a builder gives on a device."""
    with warnings.catch_warnings(), torch.device(device):
        warnings.simplefilter("ignore")
        return builder if isinstance(builder, nn.Module) else builder(**given)


def recorded_graph(
    builder: Callable[..., Any],
    name: str,
    given: Mapping[str, Any],
    inputs: Sequence[FedInput],
    counted: bool = True,
) -> tuple[SourceGraph, Any, tuple[FedInput, ...]]:
    """Return what a module does at a point, the module, and what it was fed.

    On the meta device, which has shapes and no values; where that fails, with values. MACs are
    counted only where they are asked for, in a pass of its own.

    Raises:
        SymparamsError: the builder or the module raises, or nothing says what it takes.
    """
    refusals: list[str] = []
    for device in ("meta", "cpu"):
        try:
            module = made(builder, given, device)
        except Exception as error:  # whatever their code raises
            refusals.append(f"{type(error).__name__}: {cause_of(error)}")
            continue
        if not isinstance(module, nn.Module):
            kind = type(module).__name__
            raise SymparamsError(f"'{name}' returns {kind}, which is no module of torch")
        fed = tuple(inputs) or likely_inputs(module)
        if not fed:
            raise SymparamsError(
                f"nothing says what '{name}' takes", None, "say it, as in --input 3x224x224"
            )
        try:
            graph = _recorded(module, name, fed, device, counted)
        except Exception as error:
            refusals.append(f"{type(error).__name__}: {cause_of(error)}")
            continue
        return graph, module, fed
    shown = ", ".join(map(shown_input, inputs)) or "what its first layer takes"
    raise SymparamsError(
        f"'{name}' raises when it is fed {shown}: {refusals[-1]}",
        None,
        "say what it takes, as in --input 3x224x224 or --input tokens:16",
    )


def shown_input(fed: FedInput) -> str:
    """Return an input as an option has it."""
    axes = "x".join(map(str, fed.axes))
    return f"tokens:{axes}" if fed.integers else axes


def tensors_of(fed: Sequence[FedInput], device: str) -> tuple[Any, ...]:
    """Return tensors as they are said, a batch of one."""
    return tuple(
        torch.zeros((1, *f.axes), dtype=torch.long if f.integers else None, device=device)
        for f in fed
    )


def _recorded(
    module: nn.Module, name: str, fed: Sequence[FedInput], device: str, counted: bool
) -> SourceGraph:
    recorder = recorded(module, tensors_of(fed, device))
    assert recorder.result is not None
    root = recorder.result
    macs = macs_of(module, tensors_of(fed, device)) if counted else {}
    return SourceGraph(NAME, name, root, recorder.weights, macs)


def macs_of(module: nn.Module, tensors: Sequence[Any]) -> dict[str, int]:
    """Return the MACs of a forward pass by torch's own counter: of "", the whole."""
    from torch.utils.flop_counter import FlopCounterMode

    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with warnings.catch_warnings(), torch.no_grad(), nullcontext():
            warnings.simplefilter("ignore")
            counter = FlopCounterMode(display=False)
            with counter:
                module.eval()(*tensors)
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
    return {"": counter.get_total_flops() // 2}


__all__ = ["NAME", "FedInput", "recorded_graph", "shown_input"]

"""A builder of torch called at a point, fed, and recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import nn

from symparams.errors import SymparamsError
from symparams.frameworks.base import cause_of
from symparams.frameworks.importing.graph import SourceGraph
from symparams.frameworks.importing.torch_reader import recorded
from symparams.frameworks.inference.inputs import FedInput, shown_input
from symparams.frameworks.inference.their_code import RAISED, their_code
from symparams.frameworks.inference.torch_products import counted_products, tensors_of

NAME = "torch"


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
    with their_code(), torch.device(device):
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
        except RAISED as error:  # whatever their code raises
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
            with their_code():
                graph = _recorded(module, name, fed, device, counted)
        except RAISED as error:
            if _runs(module, fed, device):
                raise  # it is the recording that fails
            refusals.append(f"{type(error).__name__}: {cause_of(error)}")
            continue
        return graph, module, fed
    shown = ", ".join(map(shown_input, inputs)) or "what its first layer takes"
    raise SymparamsError(
        f"'{name}' raises when it is fed {shown}: {refusals[-1]}",
        None,
        "say what it takes, as in --input 3x224x224 or --input tokens:16",
    )


def _runs(module: nn.Module, fed: Sequence[FedInput], device: str) -> bool:
    """Tell whether a module takes its inputs where nothing is recorded."""
    inputs = tensors_of(fed, device)
    try:
        with their_code(), torch.no_grad():
            module.eval()(*inputs) if isinstance(inputs, tuple) else module.eval()(**inputs)
    except RAISED:
        return False
    return True


def _recorded(
    module: nn.Module, name: str, fed: Sequence[FedInput], device: str, counted: bool
) -> SourceGraph:
    recorder = recorded(module, tensors_of(fed, device))
    assert recorder.result is not None
    root = recorder.result
    macs: dict[str, int] = {}
    if counted:
        macs[""] = sum(p.macs for p in counted_products(module, tensors_of(fed, device)))
    return SourceGraph(NAME, name, root, recorder.weights, macs)


__all__ = ["NAME", "recorded_graph"]

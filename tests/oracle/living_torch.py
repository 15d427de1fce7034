"""How many values live at once in a model of torch, by its graph of torch.fx.

Each node of the graph makes a tensor, but for weights and for modules that hand
on what comes in; a tensor goes away behind its last user.
"""

from __future__ import annotations

import torch
from torch import fx, nn
from torch.fx.passes.shape_prop import ShapeProp

#: Modules that make nothing in inference.
HANDED_ON: tuple[type[nn.Module], ...] = (nn.Identity, nn.Dropout)


class Leaves(fx.Tracer):
    """Takes what hands on for one operation, as every module of torch.nn is."""

    def __init__(self, handed_on: tuple[type[nn.Module], ...]) -> None:
        super().__init__()
        self.handed_on = handed_on

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return isinstance(m, self.handed_on) or super().is_leaf_module(m, module_qualified_name)


def most_living(
    net: nn.Module, *given: torch.Tensor, handed_on: tuple[type[nn.Module], ...] = ()
) -> tuple[int, str]:
    """The most values that live at once, and the kind of module where they do."""
    none_made = (*HANDED_ON, *handed_on)
    graph = fx.GraphModule(net, Leaves(none_made).trace(net))
    ShapeProp(graph).propagate(*given)
    # A node that hands on is another name for what comes in.
    same: dict[fx.Node, fx.Node] = {}
    readers: dict[fx.Node, int] = {}

    def reads(node: fx.Node) -> set[fx.Node]:
        return {same.get(one, one) for one in node.all_input_nodes}

    for node in graph.graph.nodes:
        if node.op == "call_module" and isinstance(graph.get_submodule(node.target), none_made):
            (before,) = node.all_input_nodes
            same[node] = same.get(before, before)
            continue
        for one in reads(node):
            readers[one] = readers.get(one, 0) + 1

    def size(node: fx.Node) -> int:
        made = node.meta.get("tensor_meta")
        weight = node.op == "get_attr"
        return made.shape.numel() if hasattr(made, "shape") and not weight else 0

    living = most = 0
    place = ""
    for node in graph.graph.nodes:
        if node in same or node.op == "output":
            continue
        living += size(node)
        if living > most:
            module = graph.get_submodule(node.target) if node.op == "call_module" else None
            most, place = living, node.name if module is None else type(module).__name__
        for one in reads(node):
            readers[one] -= 1
        living -= sum(size(one) for one in {*reads(node), node} if not readers.get(one, 0))
    return most, place

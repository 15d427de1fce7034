"""Kinds around a layer: torch's parametrizations of its kernel, and adapters beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import nn
from torch.nn.utils import parametrizations

from symparams.frameworks.base import Axes, NotBuilt, Renamed, named
from symparams.frameworks.torch_layers import KINDS, AdaptedModule, by_dimension

_TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
_TABLES = (nn.Embedding, nn.EmbeddingBag)


def axis_of(each: str, module: Any) -> int:
    """Return the axis of torch's kernel that is meant by what ``each`` says of Keras' or the text's
    order.

    Transposed convolutions and tables have inputs in front of outputs.
    """
    transposed = isinstance(module, _TRANSPOSED)
    if each == "last_axis" and not _depthwise(module):
        each = "input" if transposed else "output"
    if each not in ("output", "input"):
        kind = type(module).__name__
        raise NotBuilt(f"not built: torch's {kind} has no norm with each = {each}")
    return int((each == "output") == (transposed or isinstance(module, _TABLES)))


def _depthwise(module: Any) -> bool:
    """Tell whether a module has a group for each channel, whose multiplier is no axis in torch."""
    return bool(getattr(module, "groups", 1) == getattr(module, "in_channels", 1) > 1)


def kernels(made: AdaptedModule) -> Iterator[tuple[str, Any]]:
    """Yield (name in front, module) of everything that has a kernel."""
    for prefix, module in list(made.inner.named_modules()):
        if "weight" in module._parameters:
            yield f"{prefix}." if prefix else "", module


@KINDS.rewriter("weightnorm", options="each")
def weightnorm(layer: Any, made: AdaptedModule) -> None:
    for prefix, module in kernels(made):
        own = {"all": None, "dim0": 0}
        axis = own[layer.each] if layer.each in own else axis_of(layer.each, module)
        kernel = made.names[f"{prefix}weight"]
        parametrizations.weight_norm(module, "weight", axis)
        size = () if axis is None else (module.weight.shape[axis],)
        kept = f"{prefix}parametrizations.weight.original"
        made.names[f"{kept}0"] = length(size)
        made.names[f"{kept}1"] = kernel


def length(size: Axes) -> Renamed:
    """Return the lengths of a kernel, whose other axes are 1."""

    def renamed(axes: Axes) -> list[tuple[str, Axes]]:
        ones = [axis for axis in axes if axis != 1]
        return [("g", size if ones in ([], list(size)) else axes)]

    return renamed


@KINDS.rewriter("spectralnorm", options="vectors each")
def spectralnorm(layer: Any, made: AdaptedModule) -> None:
    for prefix, module in kernels(made):
        kernel = made.names[f"{prefix}weight"]
        # torch's own choice is the outputs of a transposed convolution, or else the first axis.
        first = layer.each == "dim0"
        dim = int(isinstance(module, _TRANSPOSED)) if first else axis_of(layer.each, module)
        parametrizations.spectral_norm(module, dim=dim)
        kept = f"{prefix}parametrizations.weight"
        made.names[f"{kept}.original"] = kernel
        made.names[f"{kept}.0._u"] = named("u")
        made.names[f"{kept}.0._v"] = named("v")


@KINDS.rewriter("orthogonal", options="base")
def orthogonal(layer: Any, made: AdaptedModule) -> None:
    for prefix, module in kernels(made):
        if layer.base:
            raise NotBuilt(
                "not built: torch works the base of 'orthogonal' out from values, and the meta "
                "device has none"
            )
        kernel = made.names[f"{prefix}weight"]
        parametrizations.orthogonal(module, "weight", "matrix_exp", use_trivialization=False)
        made.names[f"{prefix}parametrizations.weight.original"] = kernel


class LowRankModule(nn.Module):
    """A module that stays, and two thin ones that learn beside it."""

    def __init__(self, base: nn.Module, first: nn.Module, second: nn.Module) -> None:
        super().__init__()
        self.base = base
        self.a = first
        self.b = second
        nn.init.zeros_(second.weight)

    def forward(self, tensor: Any) -> Any:
        """Return what both give together."""
        return self.base(tensor) + self.b(self.a(tensor))


@KINDS.rewriter("lora", options="rank bias")
def lora(layer: Any, made: AdaptedModule) -> None:
    """Build thin modules beside the module, as the paper has them: torch has none."""
    base, rank = made.inner, layer.rank
    first, second = thin(base, rank)
    for name, parameter in base.named_parameters():
        if not (layer.bias and name.endswith("bias")):
            parameter.requires_grad_(False)
    kernel = made.names["weight"]
    made.names = {f"base.{own}": renamed for own, renamed in made.names.items()}
    made.names["base.bias"] = named("bias")
    made.names["a.weight"] = lambda axes: [("lora_a", kernel(axes)[0][1])]
    made.names["b.weight"] = lambda axes: [("lora_b", (axes[1], axes[0]))]
    made.inner = LowRankModule(base, first, second)


def thin(base: nn.Module, rank: int) -> tuple[nn.Module, nn.Module]:
    """Return the two modules beside a dense layer, an embedding or a convolution."""
    if isinstance(base, nn.Linear):
        return (
            nn.Linear(base.in_features, rank, bias=False),
            nn.Linear(rank, base.out_features, bias=False),
        )
    if isinstance(base, nn.Embedding):
        return (
            nn.Embedding(base.num_embeddings, rank),
            nn.Linear(rank, base.embedding_dim, bias=False),
        )
    for count in (1, 2, 3):
        made = by_dimension("Conv", count)
        if isinstance(base, made) and base.groups == 1:
            narrow = made(
                base.in_channels,
                rank,
                base.kernel_size,
                base.stride,
                base.padding,
                base.dilation,
                bias=False,
            )
            return narrow, made(rank, base.out_channels, 1, bias=False)
    raise NotBuilt("not built: torch's 'lora' is of dense layers, embeddings and convolutions")

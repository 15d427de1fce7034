"""Kinds around a layer: torch's parametrizations of its kernel, and adapters beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symparams.frameworks.base import Axes, NotBuilt, Renamed, named
from symparams.frameworks.torch_layers import KINDS, AdaptedModule, by_dimension, conv, nn, own
from symparams.frameworks.written_calls import Api, WrittenExpression, option, writes
from symparams.layers import Convolution

parametrizations = Api("torch.nn.utils.parametrizations", "parametrizations")


def class_of(module: Any) -> str:
    """Return the name of a module's class."""
    if isinstance(module, WrittenExpression):
        return str(module.parts[0]).rpartition(".")[2]
    return type(module).__name__


def axis_of(each: str, module: Any) -> int:
    """Return the axis of torch's kernel that is meant by what ``each`` says of Keras' or the text's
    order.

    Transposed convolutions and tables have inputs in front of outputs.
    """
    kind = class_of(module)
    transposed = kind.startswith("ConvTranspose")
    if each == "last_axis" and not _depthwise(module):
        each = "input" if transposed else "output"
    if each not in ("output", "input"):
        raise NotBuilt(f"not built: torch's {kind} has no norm with each = {each}")
    table = kind in ("Embedding", "EmbeddingBag")
    return int((each == "output") == (transposed or table))


def _depthwise(module: Any) -> bool:
    """Tell whether a module has a group for each channel, whose multiplier is no axis in torch."""
    if isinstance(module, WrittenExpression):
        options = module.parts[2]
        groups = options["groups"].value if "groups" in options else 1
        return bool(groups == options.get("in_channels") != 1)
    return bool(getattr(module, "groups", 1) == getattr(module, "in_channels", 1) > 1)


def kernels(made: AdaptedModule, change: Callable[[str, Any], Any]) -> None:
    """Change everything that has a kernel: ``change`` takes the name in front and the module."""

    def changed(prefix: str, module: Any) -> Any:
        return change(prefix, module) if f"{prefix}weight" in made.names else module

    if not writes():
        for name, module in list(made.inner.named_modules()):
            if "weight" in module._parameters:
                change(f"{name}." if name else "", module)
    elif class_of(made.inner) == "Sequential":
        parts = (changed(f"{k}.", part) for k, part in enumerate(made.inner.parts[1]))
        made.inner = nn.Sequential(*parts)
    else:
        made.inner = changed("", made.inner)


@KINDS.rewriter("weightnorm", options="each")
def weightnorm(layer: Any, made: AdaptedModule) -> None:
    def change(prefix: str, module: Any) -> Any:
        said = {"all": None, "dim0": 0}
        axis = said[layer.each] if layer.each in said else axis_of(layer.each, module)
        kernel = made.names[f"{prefix}weight"]
        normed = parametrizations.weight_norm(module, dim=option(axis, 0))
        size = () if axis is None or writes() else (module.weight.shape[axis],)
        kept = f"{prefix}parametrizations.weight.original"
        made.names[f"{kept}0"] = length(size)
        made.names[f"{kept}1"] = kernel
        return normed

    kernels(made, change)


def length(size: Axes) -> Renamed:
    """Return the lengths of a kernel, whose other axes are 1."""

    def renamed(axes: Axes) -> list[tuple[str, Axes]]:
        ones = [axis for axis in axes if axis != 1]
        return [("g", size if ones in ([], list(size)) else axes)]

    return renamed


@KINDS.rewriter("spectralnorm", options="vectors each")
def spectralnorm(layer: Any, made: AdaptedModule) -> None:
    def change(prefix: str, module: Any) -> Any:
        kernel = made.names[f"{prefix}weight"]
        # torch's own choice is the outputs of a transposed convolution, or else the first axis.
        usual = int(class_of(module).startswith("ConvTranspose"))
        dim = usual if layer.each == "dim0" else axis_of(layer.each, module)
        kept = f"{prefix}parametrizations.weight"
        made.names[f"{kept}.original"] = kernel
        made.names[f"{kept}.0._u"] = named("u")
        made.names[f"{kept}.0._v"] = named("v")
        return parametrizations.spectral_norm(module, dim=option(dim, usual))

    kernels(made, change)


@KINDS.rewriter("orthogonal", options="base map")
def orthogonal(layer: Any, made: AdaptedModule) -> None:
    def change(prefix: str, module: Any) -> Any:
        if layer.base:
            raise NotBuilt(
                "not built: torch works the base of 'orthogonal' out from values, and the meta "
                "device has none"
            )
        kernel = made.names[f"{prefix}weight"]
        made.names[f"{prefix}parametrizations.weight.original"] = kernel
        # Reflections would be worked out from values.
        chosen = "cayley" if layer.map == "cayley" else "matrix_exp"
        return parametrizations.orthogonal(module, orthogonal_map=chosen, use_trivialization=False)

    kernels(made, change)


@KINDS.rewriter("lora", options="rank bias")
def lora(layer: Any, made: AdaptedModule) -> None:
    """Build thin modules beside the module, as the paper has them: torch has none."""
    first, second = thin(made.layer, made.axes, layer.rank)
    kernel = made.names["weight"]
    made.names = {f"base.{name}": renamed for name, renamed in made.names.items()}
    made.names["base.bias"] = named("bias")
    made.names["a.weight"] = lambda axes: [("lora_a", kernel(axes)[0][1])]
    made.names["b.weight"] = lambda axes: [("lora_b", (axes[1], axes[0]))]
    made.inner = own.LowRankModule(made.inner, first, second, bias=option(layer.bias, False))


def thin(base: Any, axes: Axes, rank: Any) -> tuple[Any, Any]:
    """Return the two modules beside a dense layer, an embedding or a convolution."""
    if base.kind in ("dense", "linear"):
        first = nn.Linear(in_features=axes[-1], out_features=rank, bias=False)
        return first, nn.Linear(in_features=rank, out_features=base.units, bias=False)
    if base.kind == "embed":
        first = nn.Embedding(num_embeddings=base.vocabulary, embedding_dim=rank)
        return first, nn.Linear(in_features=rank, out_features=base.width, bias=False)
    if base.kind == "conv" and base.groups == 1:
        narrow = Convolution(
            filters=rank,
            kernel=base.kernel,
            stride=base.stride,
            pad=base.pad,
            dilation=base.dilation,
            bias=False,
        )
        wide = by_dimension("Conv", len(axes) - 1)(
            in_channels=rank, out_channels=base.filters, kernel_size=1, bias=False
        )
        return conv(narrow, axes).inner, wide
    raise NotBuilt("not built: torch's 'lora' is of dense layers, embeddings and convolutions")

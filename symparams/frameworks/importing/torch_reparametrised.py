"""Kernels of torch that are made of other tensors: weight and spectral norm, orthogonal ones.

Both ways of torch are read: ``nn.utils.parametrizations``, and the older functions of
``nn.utils`` that hook into the forward pass.
"""

from __future__ import annotations

from typing import Any

from torch import nn
from torch.nn.utils import parametrizations
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

from symparams.frameworks.importing.graph import SourceAround

_KERNEL = "weight"
_NEW = f"parametrizations.{_KERNEL}"


def around(module: Any) -> SourceAround | None:
    """Return the word around a layer whose kernel is made of other tensors.

    None where the kernel is its own, and where no word says how it is made.
    """
    if hasattr(module, "parametrizations"):
        made = list(module.parametrizations.values())
        if len(made) != 1 or _KERNEL not in module.parametrizations or len(made[0]) != 1:
            return None
        return _parametrized(module, made[0][0])
    hooks = list(module._forward_pre_hooks.values())
    return _hooked(module, hooks[0]) if len(hooks) == 1 else None


def remade(module: Any) -> bool:
    """Tell whether a tensor of a module is made of others."""
    older = (WeightNorm, SpectralNorm)
    return hasattr(module, "parametrizations") or any(
        isinstance(hook, older) for hook in module._forward_pre_hooks.values()
    )


def _parametrized(module: Any, how: Any) -> SourceAround | None:
    if isinstance(how, parametrizations._WeightNorm):
        return _weightnorm(module, how.dim, (f"{_NEW}.original0", f"{_NEW}.original1"))
    if isinstance(how, parametrizations._SpectralNorm):
        vectors = (f"{_NEW}.0._u", f"{_NEW}.0._v")
        return _spectralnorm(module, how.dim, (f"{_NEW}.original", *vectors))
    if isinstance(how, parametrizations._Orthogonal):
        return _orthogonal(module, how)
    return None


def _hooked(module: Any, hook: Any) -> SourceAround | None:
    name = getattr(hook, "name", "")
    if name != _KERNEL:
        return None
    if isinstance(hook, WeightNorm):
        return _weightnorm(module, hook.dim, (f"{name}_g", f"{name}_v"))
    if isinstance(hook, SpectralNorm):
        kept = (f"{name}_orig", f"{name}_u", f"{name}_v")
        return _spectralnorm(module, hook.dim, kept)
    return None


def _weightnorm(module: Any, dim: int | None, names: tuple[str, str]) -> SourceAround | None:
    """Read a weight norm; None where a length stands for places of the window."""
    each = "all" if dim in (None, -1) else _each(module, dim)
    if each is None:
        return None
    options = {} if each == "output" else {"each": each}
    return SourceAround("weightnorm", options, dict(zip(("g", "kernel"), names, strict=True)))


def _spectralnorm(module: Any, dim: int, names: tuple[str, str, str]) -> SourceAround | None:
    each = _each(module, dim)
    if each is None:
        return None
    options = {"vectors": 2} | ({} if each == "output" else {"each": each})
    return SourceAround(
        "spectralnorm", options, dict(zip(("kernel", "u", "v"), names, strict=True))
    )


def _orthogonal(module: Any, how: Any) -> SourceAround:
    words = {"matrix_exp": "exp", "cayley": "cayley", "householder": "householder"}
    chosen = words[how.orthogonal_map.name]
    *_, rows, columns = module.parametrizations[_KERNEL].original.shape
    usual = "exp" if rows == columns else "householder"
    based = getattr(how, "base", None) is not None
    # A base is what torch has where nothing else is asked for, and the convention with it.
    options = ({} if based else {"base": False}) | ({} if chosen == usual else {"map": chosen})
    base = {"base": f"{_NEW}.0.base"} if based else {}
    return SourceAround("orthogonal", options, {"kernel": f"{_NEW}.original", **base})


def _each(module: Any, dim: int) -> str | None:
    """Return what an axis of torch's kernel is: ``output``, ``input``, or nothing of both."""
    if dim not in (0, 1):
        return None
    # Transposed convolutions and tables have inputs in front.
    turned = isinstance(
        module, nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d | nn.Embedding
    )
    return "output" if dim == int(turned) else "input"

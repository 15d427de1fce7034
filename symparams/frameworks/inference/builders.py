"""A builder: a Python function that returns a module, called with sizes by their names.

Code of a repository runs here, and only here: because somebody has named it.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from symparams.algebra import Number
from symparams.errors import SymparamsError, did_you_mean, listed, nearest
from symparams.frameworks.base import cause_of
from symparams.frameworks.inference.inputs import fed_input, sizes_of_input
from symparams.frameworks.inference.sampling import told
from symparams.frameworks.inference.tensors import BuildRefusal, BuiltModule, SizePoint
from symparams.frameworks.inference.their_code import RAISED, their_code
from symparams.records import shortened

#: Errors of a builder that no other sizes cure.
HOPELESS = (ImportError, NameError, SyntaxError)


def builder_named(written: str) -> Callable[..., Any]:
    """Return the function that ``pkg.module:builder`` names; its module is imported for it.

    The folder that one stands in counts as a place of modules, as for ``python -m``.

    Raises:
        SymparamsError: it is not written so, or there is no such module or function.
    """
    module_name, colon, path = written.partition(":")
    if (
        not colon
        or not path
        or not all(p.isidentifier() for p in (*module_name.split("."), *path.split(".")))
    ):
        raise SymparamsError(
            f"'{written}' names no builder",
            None,
            "as in models.resnet:build: a module and a function",
        )
    if "" not in sys.path and os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        with their_code():
            found: Any = import_module(module_name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if module_name == missing or module_name.startswith(f"{missing}."):
            raise SymparamsError(
                f"there is no module '{missing}'", None, _near_modules(missing)
            ) from None
        raise SymparamsError(
            f"'{module_name}' cannot be imported: it needs '{missing}', which is not installed"
        ) from None
    except RAISED as error:  # whatever their code raises
        raise SymparamsError(
            f"'{module_name}' cannot be imported: {type(error).__name__}: {cause_of(error)}"
        ) from None
    for name in path.split("."):
        if not hasattr(found, name):
            public = [n for n in dir(found) if not n.startswith("_")]
            hint = did_you_mean(name, public)
            raise SymparamsError(f"'{module_name}' has no '{name}'", None, hint)
        found = getattr(found, name)
    if not callable(found):
        raise SymparamsError(f"'{written}' is no function, but {_kind(found)}")
    return found  # type: ignore[no-any-return]  # it is callable


def _near_modules(missing: str) -> str:
    """Name modules of the folder that one stands in that were perhaps meant."""
    here = [n.removesuffix(".py") for n in os.listdir() if n.endswith(".py") or os.path.isdir(n)]
    return did_you_mean(missing, here)


def _kind(value: object) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def fed_only(builder: Callable[..., Any], inputs: Sequence[str]) -> list[str]:
    """Return the sizes that stand in inputs alone, and are no argument of a builder."""
    try:
        takes = inspect.signature(builder).parameters
    except (TypeError, ValueError):
        return []
    return [n for i in inputs for n in sizes_of_input(i) if n not in takes]


def check_arguments(builder: Callable[..., Any], name: str, sizes: Sequence[str]) -> None:
    """Check that a builder takes the sizes by name, and needs nothing else.

    Raises:
        SymparamsError: it lacks an argument that is named, or needs one that is not.
    """
    try:
        parameters = inspect.signature(builder).parameters
    except (TypeError, ValueError):
        return  # of C: the call will say
    by_name = {
        n: p for n, p in parameters.items() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    }
    anything = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    unknown = [s for s in sizes if s not in by_name]
    if unknown and not anything:
        takes = f"it takes {', '.join(by_name)}" if by_name else "it takes no arguments by name"
        near = nearest(unknown[0], by_name)
        hint = did_you_mean(unknown[0], by_name, takes) if near else takes
        raise SymparamsError(f"'{name}' takes no argument {listed(unknown)}", None, hint)
    open_ = [
        n
        for n, p in parameters.items()
        if p.default is p.empty
        and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
        and n not in sizes
    ]
    if open_:
        raise SymparamsError(
            f"'{name}' needs {listed(open_)}, which --sizes does not name",
            None,
            f'as in --sizes "{", ".join([*sizes, *open_])}"',
        )


class ModuleBuilder:
    """A builder with the framework of what it returns, found at the first call.

    Args:
        builder, name: the function, and what it is called.
        fractional: sizes that it gets as floats.
        inputs: what its module is fed, where the products of a forward pass are asked for; else
            the tensors of the module are.
    """

    def __init__(
        self,
        builder: Callable[..., Any],
        name: str,
        fractional: Sequence[str] = (),
        inputs: Sequence[str] = (),
    ) -> None:
        self._builder = builder
        self._name = name
        self._fractional = frozenset(fractional)
        self._inputs = inputs
        self._fed_only = frozenset(fed_only(builder, inputs))
        self._device = "meta"
        #: Whether a first point that raises on the meta device is tried in memory.
        self.falls_back = True
        #: The framework, once something was built.
        self.framework = ""
        self._built_once = False

    @property
    def on_meta(self) -> bool:
        """Whether it builds where tensors have shapes and no values."""
        return self._device == "meta"

    def __call__(self, point: SizePoint) -> BuiltModule | BuildRefusal:
        """Return the tensors of the module at a point, or what the builder raised."""
        made = self._attempt(point, self._device)
        first = self.falls_back and self._device == "meta" and not self._built_once
        if isinstance(made, _Raised) and first:
            again = self._attempt(point, "cpu")  # an initialiser that copies values, say
            if not isinstance(again, _Raised):
                self._device, made = "cpu", again
        if isinstance(made, _Raised):
            error = made.error
            if isinstance(error, SymparamsError):
                return BuildRefusal(error.message, hopeless=False)
            message = f"{type(error).__name__}: {_said(error)}"
            if isinstance(error, HOPELESS):
                message = f"'{self._name}' raises at {told(point)}: {message}"
            return BuildRefusal(message, isinstance(error, HOPELESS))
        self._built_once = True
        return made

    def _attempt(self, point: SizePoint, device: str) -> BuiltModule | _Raised:
        """Return what is read at a point on a device, or what was raised."""
        given = {n: self._given(n, v) for n, v in point.items() if n not in self._fed_only}
        made = self._made(given, device)
        if isinstance(made, _Raised):
            return made
        tensors = self._read(made)
        if not self._inputs:
            return tensors
        from symparams.frameworks.inference.torch_products import built_products

        if self.framework != "torch":
            raise SymparamsError(
                f"'{self._name}' returns a model of {self.framework}: MACs are counted by torch",
                None,
                "symparams import reads the model, and its MACs",
            )
        try:
            return built_products(made, [fed_input(i, point) for i in self._inputs], device)
        except SymparamsError as error:
            return _Raised(error)

    def _given(self, name: str, value: Number) -> int | float:
        if name in self._fractional:
            return float(value)
        return int(value)

    def _made(self, given: dict[str, int | float], device: str) -> Any:
        from contextlib import nullcontext

        torch = _torch()
        place = nullcontext() if torch is None else torch.device(device)
        _fresh_names()
        try:
            with their_code(), place:
                return self._builder(**given)
        except RAISED as error:  # whatever their code raises is a fact of the point
            return _Raised(error)

    def _read(self, made: Any) -> BuiltModule:
        """Return the tensors of a module of torch or Keras.

        Raises:
            SymparamsError: it is none, or its shapes are not known yet.
        """
        from symparams.frameworks.inference import keras_tensors, torch_tensors

        for reader in (keras_tensors, torch_tensors):
            if reader.is_module(made):
                self.framework = reader.NAME
                module: BuiltModule = reader.built_module(made)
                return module
        raise SymparamsError(
            f"'{self._name}' returns {_kind(made)}, which is no module of torch or Keras"
        )


def _said(error: BaseException) -> str:
    """Return the first two lines of an error: validators have the reason in the second."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return shortened(" ".join(lines[:2])) or type(error).__name__


class _Raised:
    """What a builder raised."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _torch() -> Any:
    """Return torch where a builder can have it."""
    from importlib.util import find_spec

    if "torch" not in sys.modules and find_spec("torch") is None:
        return None
    return import_module("torch")


def _fresh_names() -> None:
    """Have Keras count its layers from the beginning: their numbers are in the names.

    Garbage is left to Python: to look for it takes a second in a process that holds much.
    """
    keras = sys.modules.get("keras")
    if keras is not None:
        keras.utils.clear_session(free_memory=False)


__all__ = ["ModuleBuilder", "builder_named", "check_arguments", "fed_only"]

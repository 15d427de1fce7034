"""Thousands of layer formulas in a few symbols, the same for us and for SymPy.

Every formula comes from a layer's own declaration of its weights. Layer bodies
run on any kind of size, so one draw gives ``Polynomial`` formulas on our
symbols and ``sympy.Expr`` formulas on SymPy's.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import sympy

from symparams.algebra import Size, symbol
from symparams.algebra.border import sympy_symbol
from symparams.layers import kinds
from symparams.layers.base import Layer, Shape

SYMBOLS = ("V", "a", "c", "d", "f", "g", "h", "i", "k", "n", "o", "w")
LAYERS = 5_000
SEED = 1906
NORMS = ("bn", "layernorm", "rmsnorm")
KINDS = ("dense", "linear", "conv", "rnn", "gru", "lstm", "recurrent", "embed", *NORMS)


class _Draws:
    """Layers on shapes made of the sizes of ``alphabet``."""

    def __init__(self, alphabet: list[Any]) -> None:
        self.alphabet = alphabet
        self.random = Random(SEED)

    def size(self) -> Any:
        """A size as architectures have them: a symbol, a multiple, a sum, a product, a number."""
        one, other = self.random.choices(self.alphabet, k=2)
        number = self.random.choice((2, 3, 4, 8, 64))
        kind = self.random.choice("ssssmmapn")
        return {"s": one, "m": number * one, "a": one + other, "p": one * other, "n": number}[kind]

    def layer(self) -> tuple[Layer, Shape]:
        """A layer and the shape of its input."""
        random, size = self.random, self.size
        kind = random.choice(KINDS)
        make = kinds()[kind]
        if kind == "conv":
            window = random.choice((1, 3, random.choice(self.alphabet)))
            shape = tuple(random.choices(self.alphabet, k=random.choice((1, 2))))
            return make(filters=size(), kernel=window, pad="same"), (*shape, size())
        if kind == "embed":
            return make(vocabulary=size(), width=size()), (size(),)
        options: dict[str, Any] = {}
        if kind not in NORMS:
            options["units"] = size()
        if kind in ("rnn", "gru", "lstm"):
            options["bias_vectors"] = random.choice((1, 2))
        if kind == "recurrent":
            options["gates"] = random.choice(self.alphabet)
        return make(**options), (random.choice(self.alphabet), size())

    def formulas(self) -> list[Any]:
        """The parameter formulas of :data:`LAYERS` layers."""
        found = []
        for _ in range(LAYERS):
            layer, shape = self.layer()
            found.append(sum(w.count for w in layer.weights(shape) if not w.buffer))
        return found


@cache
def our_formulas() -> list[Size]:
    """The formulas on our symbols; they are expanded, as every size is."""
    return _Draws([symbol(name) for name in SYMBOLS]).formulas()


@cache
def sympy_formulas() -> list[sympy.Expr]:
    """The same on SymPy's symbols, as its operators leave them: ``4*h*(a + i) + 4*h``."""
    return _Draws([sympy_symbol(name) for name in SYMBOLS]).formulas()


@cache
def expanded_formulas() -> list[sympy.Expr]:
    """The same, each already expanded."""
    return [sympy.expand(formula) for formula in sympy_formulas()]

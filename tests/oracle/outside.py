"""Rows of the layer tables that the language cannot say today, and why.

A listing holds for a class, or for a class where an option has one of some
values. ``text`` is how the language might say it: the day it is understood, a
test asks for the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outside:
    """What a table has and the language has not.

    Attributes:
        models: classes of the framework; empty for all.
        reason: why no text says it.
        option, values: the option that puts it outside; any value where none is listed.
        text: refused today, understood one day.
    """

    models: tuple[str, ...]
    reason: str
    option: str = ""
    values: tuple[Any, ...] = ()
    text: str = ""

    def holds(self, model: str, options: Mapping[str, Any]) -> bool:
        """Whether it speaks of a layer."""
        if self.models and model not in self.models:
            return False
        if not self.option:
            return True
        return self.option in options and (not self.values or options[self.option] in self.values)

    def __str__(self) -> str:
        chosen = " or ".join(map(str, self.values)) or "…"
        option = f"({self.option} = {chosen})" if self.option else ""
        return f"{', '.join(self.models) or 'any layer'}{option}: {self.reason}"


KERAS = (
    Outside(("UnitNormalization",), "no unit normalisation", text="input(32) -> unit_norm"),
    Outside(
        ("SpectralNormalization",),
        "no layer that watches the weights of another",
        text="input(20) -> spectral_norm(dense(10))",
    ),
    Outside(("Normalization",), "statistics of a data set are no layer"),
    Outside(("AlphaDropout",), "no alpha dropout", text="input(8) -> dropout(0.5, alpha = yes)"),
)

TORCH = (
    Outside(
        ("LocalResponseNorm",),
        "no local response normalisation",
        text="input(8, 8, 64) -> local_response_norm(5)",
    ),
    Outside(("AdaptiveLogSoftmaxWithLoss",), "a loss with weights of its own"),
    Outside(
        (
            "parametrizations.weight_norm",
            "parametrizations.spectral_norm",
            "parametrizations.orthogonal",
        ),
        "no layer that rewrites the weights of another",
        text="input(20) -> weight_norm(dense(10))",
    ),
    Outside(("Fold",), "no fold: windows that overlap", text="input(16, 18) -> fold(4, 3)"),
    Outside(("CrossEntropyLoss", "NLLLoss"), "a loss is no layer"),
)

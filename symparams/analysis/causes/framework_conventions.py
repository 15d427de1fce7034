"""Counted as another framework, or the textbooks, do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from symparams.analysis.causes.hypotheses import BUILT, CauseQuestion, Hypothesis
from symparams.elaboration import Document, Network, build, conventions, understand
from symparams.errors import Source

_CALLED = {"keras": "Keras does", "pytorch": "torch does", "textbook": "textbooks do"}


@cache
def _read(source: Source, convention: str) -> Document:
    return understand(source, convention)


def other_convention(asked: CauseQuestion) -> Iterator[Hypothesis]:
    """Yield the network as each convention counts it."""
    for name in conventions():

        def counted(network: Network, name: str = name) -> Network:
            own = network.definition
            document = _read(own.span.source, name)
            one_line = own.parameters is None and document.bare is not None
            other = document.definition("" if one_line else own.name)
            other = replace(other, added=own.added, gradients=own.gradients, storages=own.storages)
            return build(other, {**network.values, **network.taken})

        says = f"counted as {_CALLED.get(name, name + ' does')}"
        yield Hypothesis(says, counted, effort=BUILT)

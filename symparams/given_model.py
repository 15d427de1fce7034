"""What a model is made of: the text of it, and the sizes it is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symparams.elaboration import Document, Given, WrittenModel


class GivenModel:
    """A written model and the sizes it is given, for the parts of :class:`~symparams.api.Model`."""

    _definition: WrittenModel
    _given: Given
    _document: Document | None

    def _with(self, sizes: Mapping[str, Any]) -> Given:
        """Return what the model is given, and more sizes."""
        return self._given.with_more(self._definition, sizes)


__all__ = ["GivenModel"]

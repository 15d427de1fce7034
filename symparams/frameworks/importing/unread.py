"""What cannot be read, whatever the framework: it becomes a layer of the text, and says why."""

from __future__ import annotations


class CannotRead(Exception):
    """A layer or function that the neutral representation has nothing for; the message says why."""


__all__ = ["CannotRead"]

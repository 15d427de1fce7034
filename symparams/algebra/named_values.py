"""Values with names: the words that a size may be, ``op in {conv3, conv5, skip}``."""

from __future__ import annotations

from collections.abc import Sequence


class NamedValue(int):
    """One of several words, as a number from 1 on: what engines work with; it is written as its
    word.

    >>> NamedValue.of(["conv3", "skip"])
    (conv3, skip)
    """

    word: str

    def __new__(cls, number: int, word: str) -> NamedValue:
        made = super().__new__(cls, number)
        made.word = word
        return made

    @classmethod
    def of(cls, words: Sequence[str]) -> tuple[NamedValue, ...]:
        """Return words as values, in their order."""
        return tuple(cls(k, word) for k, word in enumerate(words, 1))

    def __str__(self) -> str:
        return self.word

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format(self.word, "" if spec == "," else spec)

    def __reduce__(self) -> tuple[object, ...]:
        return (NamedValue, (int(self), self.word))

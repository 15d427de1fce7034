"""The words of a text, each with the comments in front of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from symparams.language.lexer import Token

_COMMENT = re.compile(r"#[^\n]*")
_BLANK = re.compile(r"\n\s*\n")

#: Other spellings of an operator, and the one that is written.
_SPELLING = {"→": "->", "−": "-", "**": "^"}


@dataclass
class Comment:
    """A comment without the white space behind it."""

    text: str
    #: Whether it has a line of its own; otherwise a word stands in front of it.
    own: bool
    #: Whether a blank line is in front of it.
    blank: bool


@dataclass
class SourceWord:
    """A word or sign, and what stands between it and the one before."""

    type: str
    text: str
    start: int
    comments: list[Comment] = field(default_factory=list)
    #: Whether it is the first of its line.
    broken: bool = False
    #: Whether a blank line is directly in front of it.
    blank: bool = False


def words(text: str, tokens: Iterable[Token]) -> list[SourceWord]:
    """Return all words but those that only end a statement; the last one stands for the end.

    Args:
        text: the text of the source.
        tokens: its tokens, newlines included.
    """
    found: list[SourceWord] = []
    end = 0
    for token in tokens:
        if token.type not in ("NEWLINE", "SEP"):
            spelling = _SPELLING.get(token.text, token.text)
            found.append(_word(text, end, SourceWord(token.type, spelling, token.span.start)))
            end = token.span.end
    return [*found, _word(text, end, SourceWord("", "", len(text)))]


def _word(text: str, end: int, word: SourceWord) -> SourceWord:
    """Return ``word``, with what stands between ``end``, where the one before ended, and itself."""
    at = end
    # At the beginning of a text nothing stands in front.
    own = end == 0
    for match in _COMMENT.finditer(text, end, word.start):
        between = text[at : match.start()]
        own = own or "\n" in between
        word.comments.append(Comment(match[0].rstrip(), own, bool(_BLANK.search(between))))
        at = match.end()
        own = True
    word.broken = "\n" in text[end : word.start]
    word.blank = bool(_BLANK.search(text, at, word.start))
    return word

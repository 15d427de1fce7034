"""The words of a text, each with the comments in front of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from symparams.errors import Source
from symparams.language.parser import scan

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
class Word:
    """A word or sign, and what stands between it and the one before."""

    type: str
    text: str
    start: int
    comments: list[Comment] = field(default_factory=list)
    #: Whether it is the first of its line.
    broken: bool = False
    #: Whether a blank line is directly in front of it.
    blank: bool = False


def words(source: Source) -> list[Word]:
    """All words but those that only end a statement; the last one stands for the end.

    Raises:
        SyntaxProblem: the text has more words than the parser takes.
    """
    return list(_words(source))


def _words(source: Source) -> Iterator[Word]:
    end = 0
    for token in scan(source):
        if token.type in ("NEWLINE", "SEP"):
            continue
        text = _SPELLING.get(token.text, token.text)
        yield _word(source.text, end, Word(token.type, text, token.span.start))
        end = token.span.end
    yield _word(source.text, end, Word("", "", len(source.text)))


def _word(text: str, end: int, word: Word) -> Word:
    """``word``, with what stands between ``end``, where the one before ended, and itself."""
    start = at = end
    for match in _COMMENT.finditer(text, end, word.start):
        between = text[at : match.start()]
        own = start == 0 or "\n" in text[start : match.start()]
        word.comments.append(Comment(match[0].rstrip(), own, bool(_BLANK.search(between))))
        at = match.end()
    word.broken = "\n" in text[start : word.start]
    word.blank = bool(_BLANK.search(text, at, word.start))
    return word

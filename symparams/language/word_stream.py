"""The words of a text, taken one by one as pieces, with no comment left behind."""

from __future__ import annotations

from collections.abc import Sequence

from symparams.language.comments import Comment, SourceWord
from symparams.language.line_breaking import Hard, LineEnd, Piece, PieceRow, Remark, Text
from symparams.language.words import BEGINS

SPACE = Text(" ")
NOTHING = Text("")


class WordStream:
    """Takes words in order.

    A comment comes out with what is taken next: at a place where a line may
    end it ends the line, anywhere else it goes behind the line.
    """

    def __init__(self, words: Sequence[SourceWord]) -> None:
        self.words = words
        self.k = 0

    def next(self) -> SourceWord:
        return self.words[self.k]

    def take(self) -> Piece:
        """Return the next word; comments in front of it go behind the line."""
        word = self.next()
        behind = [Remark(c.text) for c in self.take_comments()]
        self.k += 1
        return PieceRow(*behind, Text(word.text)) if behind else Text(word.text)

    def skip(self, text: str) -> bool:
        """Leave out the next word if it is ``text``; its comments stay."""
        if self.next().text != text:
            return False
        comments = self.take_comments()
        self.k += 1
        self.next().comments[:0] = comments
        return True

    def take_comments(self) -> list[Comment]:
        word = self.next()
        comments, word.comments = word.comments, []
        return comments

    def line(self, flat: str = " ") -> Piece:
        """Return a place where a line may end, and must where there are comments."""
        kept = self.next().broken
        comments = self.take_comments()
        if not comments:
            return LineEnd(flat, kept)
        return PieceRow(*remarks(comments, blanks=False), Hard())

    def space(self) -> Piece:
        """Return a space, or the end of a line where there are comments."""
        return self.line() if self.next().comments else SPACE

    def operator(self, flat: str = " ") -> tuple[Piece, Piece]:
        """Return a place where a line may end, and the operator behind it."""
        operator, operand = self.words[self.k], self.words[self.k + 1]
        if operand.comments and (operand.comments[0].own or not operator.broken):
            operator.comments += operand.comments
            operand.comments = []
        operator.broken = operator.broken or operand.broken
        return self.line(flat), self.take()

    def spaced(self, count: int) -> Piece:
        """Join so many words with spaces between them."""
        parts: list[Piece] = [self.take()]
        for _ in range(count - 1):
            parts += [SPACE, self.take()]
        return PieceRow(*parts)

    def above(self, first: bool = False) -> list[Piece]:
        """Return what stands between the statement before, or the brace, and the next one."""
        word = self.next()
        comments = self.take_comments()
        own = [comment for comment in comments if comment.own]
        for comment in own[: 1 if first else 0]:
            comment.blank = False
        return [*remarks(comments), Hard(word.blank and (bool(own) or not first))]

    def goes_on(self) -> bool:
        """Tell whether the next statement would go on with the one before, without a ``;``."""
        word, after = self.words[self.k], self.words[self.k + 1]
        return word.text == "-" or (
            word.text == "where" and (after.type in BEGINS or after.text == "-")
        )

    def on_line(self) -> bool:
        """Tell whether the next word is on the line of the one before, and no comment between."""
        return not self.next().broken and not self.next().comments


def remarks(comments: Sequence[Comment], blanks: bool = True) -> list[Piece]:
    """Return comments behind the line before, then those with lines of their own."""
    parts: list[Piece] = []
    for comment in comments:
        if comment.own:
            parts += [Hard(comment.blank and blanks), Text(comment.text)]
        else:
            parts.append(Remark(comment.text))
    return parts

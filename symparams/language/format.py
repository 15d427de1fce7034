"""One layout for every source: ``symparams fmt``.

What fits in :data:`~symparams.language.line_breaking.WIDTH` columns stands on one
line. What does not is broken at its loosest operator first, and there a line
that ended in the source ends again: a chain keeps a stage a line, a table a
row a line. Comments stay where they stand.
"""

from __future__ import annotations

from symparams.errors import Source, SymparamsError
from symparams.language import tree
from symparams.language.comments import SourceWord, words
from symparams.language.line_breaking import lines
from symparams.language.parser import LARGEST, parse, scan
from symparams.language.typesetter import Typesetter

#: A layout that moves comments can need a second look; more would be a fault.
MOST_ROUNDS = 5


def format_text(source: Source) -> str:
    """Return the text of a source in the layout of symparams.

    The result says the same: it is read again, and its tree and its comments
    are those of the source. Formatting it once more changes nothing.

    Raises:
        SyntaxProblem: the text is not a sentence of the language.
        SymparamsError: the result would be larger than 1 MiB.
        SymparamsError: the result would not say the same (a fault of symparams).

    >>> format_text(Source("<text>", "input( 8 )→dense(4,bias=no)  # a layer"))
    'input(8) -> dense(4, bias = no)  # a layer\\n'
    """
    before, found = _read(source)
    wanted = _comments(found)
    text = source.text
    for _ in range(MOST_ROUNDS):
        typesetter = Typesetter(found)
        laid_out = lines(typesetter.file(before))
        again = "\n".join(laid_out).strip("\n") + "\n"
        again = "" if again == "\n" else again
        if again == text:
            return text
        text = again
        if len(text) > LARGEST:
            raise SymparamsError(f"'{source.name}' would be larger than 1 MiB when laid out")
        try:
            after, found = _read(Source(source.name, text))
        except SymparamsError as error:
            raise _fault(source) from error
        if after != before or _comments(found) != wanted:
            raise _fault(source)
        before = after
    raise _fault(source)


def _read(source: Source) -> tuple[tree.File | None, list[SourceWord]]:
    """Return the tree, or none of a text without words, and the words."""
    tokens = scan(source)
    found = words(source.text, tokens)
    return (parse(source, tokens) if len(found) > 1 else None), found


def _comments(found: list[SourceWord]) -> list[str]:
    return [comment.text for word in found for comment in word.comments]


def _fault(source: Source) -> SymparamsError:
    return SymparamsError(
        f"'{source.name}' cannot be laid out without a change of what it says",
        None,
        "this is a fault of symparams; the text is left as it is",
    )

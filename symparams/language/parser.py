"""From text to the syntax tree, and how a file is read."""

from __future__ import annotations

import os
import stat
from functools import cache
from os import PathLike, fspath
from typing import Any

from symparams.errors import Source, Span, SyntaxProblem, Unreadable
from symparams.language import tree
from symparams.language.lexer import DEEPEST, END, Token, arrange, classify

#: The most bytes of a file that is read: files come from strangers.
LARGEST = 1 << 20


def read(path: str | PathLike[str]) -> Source:
    """Return the text of a file, under the name it was asked for by.

    Raises:
        Unreadable: there is no such file, it cannot be read, it is larger
            than 1 MiB, it is not UTF-8, or it is no regular file: reading a
            pipe or a device might never end.
    """
    name = fspath(path)
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            raise Unreadable(f"'{name}' is a folder, not a file")
        if not stat.S_ISREG(kind):
            raise Unreadable(f"'{name}' is a pipe or a device, not a file")
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise Unreadable(f"there is no file '{name}'") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"'{name}' cannot be read: {reason.lower()}") from None
    if len(content) > LARGEST:
        raise Unreadable(f"'{name}' is larger than 1 MiB")
    try:
        # A byte-order mark stays in the text, where it counts as white space.
        return Source(name, content.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        raise Unreadable(f"'{name}' is not UTF-8 (byte {error.start})") from None


def parse(source: Source, tokens: list[Token] | None = None) -> tree.File:
    """Return the tree of a whole source.

    Args:
        source: the text.
        tokens: what :func:`scan` gave for it, if it is known; used up here.

    Raises:
        SyntaxProblem: the text is not a sentence of the language, or exceeds
            its limits of size and nesting.
    """
    found = _run(source, "file", tokens)
    assert isinstance(found, tree.File)
    return found


def parse_expression(source: Source) -> tree.Expression:
    """Return the tree of one expression: a formula, a comparison, an option's value.

    Raises:
        SyntaxProblem: the text is not one expression, or exceeds the limits
            of size and nesting.
    """
    found = _run(source, "expression")
    assert isinstance(found, tree.Expression)
    return found


def parse_assertion(source: Source) -> tree.Assertion:
    """Return the tree of what is said of a measure: ``~= 12*l*h^2 within 5% for l >= 24``.

    Raises:
        SyntaxProblem: as :func:`parse_expression`.
    """
    found = _run(source, "assertion")
    assert isinstance(found, tree.Assertion)
    return found


@cache
def _parser() -> Any:  # a Lark, whose inner parts carry no types
    from symparams.language.builder import TreeBuilder
    from symparams.language.tables import load

    return load(TreeBuilder())


def scan(source: Source) -> list[Token]:
    """Return the tokens of a text as the grammar's lexer reads them, newlines included.

    Raises:
        SyntaxProblem: the text exceeds the limits of size.
    """
    from lark.lexer import LexerThread

    text = source.text
    if len(text) > LARGEST:
        raise SyntaxProblem("the text is larger than 1 MiB", Span(source, 0, 0))
    reading: Any = LexerThread.from_text(_parser().parser.lexer, text)
    return classify(source, reading.lex(None))


def _run(source: Source, start: str, raw: list[Token] | None = None) -> tree.SyntaxNode:
    from lark.exceptions import UnexpectedToken

    parser = _parser()
    tokens = arrange(source, scan(source) if raw is None else raw, statements=start == "file")
    end = tokens[-1].span.end if tokens else 0
    tokens.append(Token(END, Span(source, end, end), ""))
    run = parser.parse_interactive(start=start)
    found: object = None
    for i, token in enumerate(tokens):
        if token.problem is not None:
            raise token.problem
        try:
            found = run.feed_token(token)
        except UnexpectedToken:
            from symparams.language.problems import diagnose

            raise diagnose(tokens, i, frozenset(run.accepts()), start) from None
    assert isinstance(found, tree.SyntaxNode)
    check_depth(found)
    return found


def check_depth(node: tree.SyntaxNode) -> None:
    """Refuse a tree that later walks, which recurse, could not stand.

    Raises:
        SyntaxProblem: at the first node too deep.
    """
    level: list[tree.SyntaxNode] = [node]
    for _ in range(DEEPEST + 1):
        values: list[object] = [getattr(n, name) for n in level for name in n.said]
        level = []
        while values:
            value = values.pop()
            if isinstance(value, tree.SyntaxNode):
                level.append(value)
            elif isinstance(value, tuple):
                values.extend(value)
        if not level:
            return
    first = min(level, key=lambda n: n.span.start)
    raise SyntaxProblem(f"this is nested more than {DEEPEST} deep", first.span)

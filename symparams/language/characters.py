"""What to say about characters that are not in the language."""

from __future__ import annotations

import unicodedata

from symparams.errors import Span, SyntaxProblem

_WRITE = {
    "×": "*",
    "·": "*",
    "∗": "*",
    "⋅": "*",
    "•": "*",
    "⊙": "*",
    "÷": "/",
    "⁄": "/",
    "∕": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "≈": "~=",
    "≃": "~=",
    "≡": "==",
    "⊕": "+",
    "∥": "|",
    "‖": "|",
    "∧": "and",
    "∨": "or",
    "¬": "not",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "⟶": "->",
    "⇒": "->",
    "➔": "->",
    "➜": "->",
    "…": "...",
    "（": "(",
    "）": ")",
    "［": "[",
    "］": "]",
    "｛": "{",
    "｝": "}",
    "，": ",",
    "、": ",",
    "；": ";",
    "＝": "=",
    "＋": "+",
    "＊": "*",
    "&": "and",
}

_SAY = {
    ":": "nothing takes a ':' here; options are written with '=', a range with '..'",
    '"': "the quote is never closed on its line",
    "`": "names are written without quotes",
    "!": "write 'not', or '!=' for 'differs'",
    "$": "names are written without it",
    "∘": "a chain is written '->', what comes first in front",
    "√": "sizes have no roots; the layer is 'sqrt'",
    "∞": "every size is finite",
    "@": "a matrix product is a layer: dense(…), linear(…)",
    "?": "a condition is written 'if … then … else …'",
    "~": "'~=' compares to the digits printed, 'not' denies",
    "\\": "a line goes on by itself behind or before '->'",
}

_QUOTES = "'“”„‘’«»"

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ", "0123456789-n")


def unknown_character(span: Span) -> SyntaxProblem:
    """Return the problem of a character no terminal begins with."""
    character = span.text
    if character in _WRITE:
        return SyntaxProblem(
            f"'{character}' is not in the language", span, f"write '{_WRITE[character]}'"
        )
    if character == '"':
        return SyntaxProblem(f"'{character}' begins a text", span, _SAY[character])
    if character in _QUOTES:
        hint = 'words are written without quotes, the file of an import in "…"'
        return SyntaxProblem(f"the quote {character} is not in the language", span, hint)
    if character in _SAY:
        return SyntaxProblem(f"'{character}' is not in the language", span, _SAY[character])
    if superscript(character):
        return raised(span)
    if not character.isprintable() or unicodedata.category(character) in ("Cf", "Mn"):
        name = unicodedata.name(character, "control character").lower()
        return SyntaxProblem(
            f"an invisible character, U+{ord(character):04X} ({name})", span, "remove it"
        )
    return SyntaxProblem(f"'{character}' is not in the language", span)


def superscript(character: str) -> bool:
    """Tell whether ``character`` is a raised digit or n."""
    return character != character.translate(_SUPERSCRIPTS)


def raised(span: Span) -> SyntaxProblem:
    """Return the problem of ``²``."""
    plain = span.text.translate(_SUPERSCRIPTS)
    return SyntaxProblem(f"'{span.text}' is not in the language", span, f"write '^{plain}'")


def bad_name(span: Span) -> SyntaxProblem:
    """Return the problem of a name with a character that Python's identifiers lack."""
    text = span.text
    for k, character in enumerate(text):
        if not f"_{character}".isidentifier():
            place = Span(span.source, span.start + k, span.start + k + 1)
            if superscript(character):
                return raised(place)
            return SyntaxProblem(f"'{character}' cannot be part of a name", place)
    return SyntaxProblem(f"a name cannot begin with '{text[0]}'", span)


def dashes(span: Span) -> SyntaxProblem:
    """Return the problem of ``--`` and ``-->``."""
    return SyntaxProblem(
        f"'{span.text}' is not in the language",
        span,
        "a chain is written '->', a double minus '- -x'",
    )

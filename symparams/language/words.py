"""Which words are keywords, and where: shared by the lexer, the errors and the formatter."""

from __future__ import annotations

from typing import Final

#: Words that are never names (except behind a dot and as the name of an option).
RESERVED: Final = frozenset({"if", "then", "else", "and", "or", "not", "for", "in"}) | {
    "yes",
    "no",
    "none",
}

#: The word that opens a variant; its name follows, which may be a number: ``7B``.
VARYING: Final = "variant"

#: The word that is a keyword behind the name of a variant.
DERIVING: Final = "of"

#: Words that open a statement where a name follows them.
DEFINING: Final = frozenset({"model", "block", "layer", "measure"})
OPENING: Final = (
    DEFINING
    | {"convention", "default", "import", "shared", "symbol", VARYING}
    | {"weight", "table", "buffer"}
)

#: Words that open a statement where an expression follows them.
CLAIMING: Final = frozenset({"expect"})

#: Words that are keywords behind '==' where a quoted text follows them.
QUOTING: Final = frozenset({"module"})

#: Words that are keywords behind a name that a ``symbol`` line begins with.
NAMING: Final = frozenset({"as"})

#: Words that open a line directly inside the braces of a layer.
MEMBERS: Final = frozenset({"output", "macs"})

#: Words that are keywords behind an expression.
INFIX: Final = frozenset({"on", "where", "step", "within", "when"})

#: The word that opens a choice, where what is chosen by follows it, and braces follow that.
CHOOSING: Final = "choice"

CONTEXTUAL: Final = OPENING | CLAIMING | QUOTING | NAMING | MEMBERS | INFIX | {DERIVING, CHOOSING}

#: Terminals an expression can begin with (a minus apart: it continues a line).
BEGINS: Final = frozenset(
    {"NAME", "NUMBER", "STRING", "LPAR", "LSQB", "LBRACE"}
    | {"YES", "NO", "NONE", "NOT", "IF", "PROBLEM"}
)

#: What a number is, and one with letters behind it: ``1.3b``.
NUMERIC: Final = frozenset({"NUMBER", "PROBLEM"})

#: Terminals an expression can end with.
ENDS: Final = frozenset(
    {"NAME", "TARGET", "NUMBER", "STRING", "RPAR", "RSQB", "RBRACE", "SET_CLOSE", "CHOICE_CLOSE"}
    | {"YES", "NO", "NONE", "PROBLEM", "PERCENTAGE"}
)


def opens_statement(word: str, following: str, in_layer: bool = False) -> bool:
    """Tell whether ``word``, first in a statement, is a keyword before the terminal
    ``following``.
    """
    if word == VARYING and following in NUMERIC:
        return True
    if word in OPENING:
        # 'and' and 'or' go on with an expression; the other reserved words
        # cannot, so what was meant is a (forbidden) name.
        return following in {"NAME", "STRING"} or following.lower() in RESERVED - {"and", "or"}
    if word in CLAIMING or (word == "macs" and in_layer):
        return following in BEGINS or following == "MINUS"
    return word == "output" and in_layer and following == "LSQB"

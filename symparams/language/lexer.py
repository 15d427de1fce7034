"""From text to the tokens the parser is fed.

The terminals come from the grammar. What no single character decides is
decided here: which newlines end a statement, which words are keywords, which
names a binding gives. The state of this belongs to one parse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symparams.errors import Source, Span, SyntaxProblem
from symparams.language.characters import bad_name, dashes, unknown_character
from symparams.language.literals import PrintedNumber, number_value
from symparams.language.words import (
    BEGINS,
    CHOOSING,
    CONTEXTUAL,
    DEFINING,
    DERIVING,
    ENDS,
    INFIX,
    NAMING,
    NUMERIC,
    QUOTING,
    RESERVED,
    opens_statement,
)

if TYPE_CHECKING:
    from lark import Token as LarkToken

#: The most words of a text: parsing takes about a second for as many.
MOST_TOKENS = 100_000
#: The deepest that brackets nest: what walks the tree recurses, and Python's stack is not endless.
DEEPEST = 200

END = "$END"
#: Stands for whatever is wrong by itself; raised when the parser gets there.
PROBLEM = "PROBLEM"

OPENERS = {
    "LPAR": "RPAR",
    "LSQB": "RSQB",
    "LBRACE": "RBRACE",
    "SET_OPEN": "SET_CLOSE",
    "CHOICE_OPEN": "CHOICE_CLOSE",
}
CLOSERS = {closer: opener for opener, closer in OPENERS.items()}

_CONTEXTUAL_TYPES = {word.upper() for word in CONTEXTUAL}
_RESERVED_TYPES = {word.upper() for word in RESERVED}


@dataclass(slots=True)
class Token:
    """A terminal of the grammar at its place."""

    type: str
    span: Span
    text: str
    #: What a number is worth, with its suffix and unit.
    number: PrintedNumber | None = None
    problem: SyntaxProblem | None = None


def classify(source: Source, read: Iterable[LarkToken]) -> list[Token]:
    """Return the tokens of the grammar's lexer, with what is wrong by itself marked.

    Contextual keywords become names, to be promoted by :func:`arrange`.

    Raises:
        SyntaxProblem: there are more than :data:`MOST_TOKENS`.
    """
    tokens: list[Token] = []
    for found in read:
        start = found.start_pos or 0
        text = str(found)
        token = Token(found.type, Span(source, start, start + len(text)), text)
        if token.type in _CONTEXTUAL_TYPES:
            token.type = "NAME"
        elif token.type == "NAME":
            if not text.isidentifier():
                token.problem = bad_name(token.span)
        elif token.type == "NUMBER":
            try:
                token.number = number_value(token.span)
            except SyntaxProblem as problem:
                token.problem = problem
        elif token.type == "UNKNOWN":
            token.problem = unknown_character(token.span)
        # '--' would read as a double minus where an arrow is meant.
        if text in ("-", "->") and source.text[start - 1 : start] == "-":
            token.problem = dashes(Span(source, start - 1, start + len(text)))
        if token.problem is not None:
            token.type = PROBLEM
        tokens.append(token)
        if len(tokens) > MOST_TOKENS:
            raise SyntaxProblem(f"the text has more than {MOST_TOKENS:,} words", token.span)
    return tokens


def arrange(source: Source, tokens: list[Token], statements: bool = True) -> list[Token]:
    """Return the tokens for the parser, without those that only lay out.

    Args:
        source: what was read.
        tokens: from :func:`classify`.
        statements: whether a text of statements is read, in which newlines
            and the first words of a line have a meaning, or one expression.

    Raises:
        SyntaxProblem: brackets are nested more than :data:`DEEPEST` deep.
    """
    return _Arranger(source, tokens, statements).run()


def partners(tokens: list[Token]) -> dict[int, int]:
    """Return the index of the closing bracket for that of the opening one, where there is one."""
    found: dict[int, int] = {}
    opened: list[int] = []
    waiting = dict.fromkeys(OPENERS, 0)
    for i, token in enumerate(tokens):
        if token.type in OPENERS:
            opened.append(i)
            waiting[token.type] += 1
        elif token.type in CLOSERS and waiting[CLOSERS[token.type]]:
            # A bracket that fits further down is closed; those above stay open.
            fits = False
            while not fits:
                k = opened.pop()
                waiting[tokens[k].type] -= 1
                fits = tokens[k].type == CLOSERS[token.type]
            found[k] = i
    return found


class _Arranger:
    def __init__(self, source: Source, tokens: list[Token], statements: bool) -> None:
        end = tokens[-1].span.end if tokens else 0
        # Three ends, so that looking ahead needs no check.
        sentinel = Token(END, Span(source, end, end), "")
        self.raw = [*tokens, sentinel, sentinel, sentinel]
        self.out: list[Token] = []
        self.statements = statements
        #: Kinds of the open brackets: "(", "[", "{", "layer", "set", "choice", "parameters".
        self.open: list[str] = []
        #: The defining words of heads being read, by how deep they stand (a
        #: default in the parameters of one may hold braces with another).
        self.heads: dict[int, str] = {}
        self.partner = partners(tokens)
        self.targets: set[int] = set()
        #: Where the braces of choices begin in the text.
        self.choices: set[int] = set()

    def run(self) -> list[Token]:
        for i, token in enumerate(self.raw):
            if token.type == END:
                break
            if token.type == "NEWLINE":
                if self.ends_statement(i):
                    self.separate(Token("SEP", token.span, "\n"))
            elif token.type == "SEP":
                if not self.fresh() or not self.in_lines():
                    self.separate(token)
            else:
                self.word(i, token)
                self.bracket(token)
                self.out.append(token)
        if self.out and self.out[-1].type == "SEP":
            self.out.pop()
        return self.out

    # --- where a statement ends and begins ---

    def in_lines(self) -> bool:
        """Tell whether newlines count here: in braces, or in no bracket at all."""
        return self.statements if not self.open else self.open[-1] in ("{", "layer", "choice")

    def fresh(self) -> bool:
        """Tell whether a statement begins here."""
        return self.in_lines() and (
            not self.out
            or self.out[-1].type == "SEP"
            or (self.out[-1].type in ("LBRACE", "CHOICE_OPEN") and bool(self.open))
        )

    def separate(self, token: Token) -> None:
        self.out.append(token)
        if self.in_lines():
            self.end_head()

    def ends_statement(self, i: int) -> bool:
        if not self.in_lines() or self.fresh():
            return False
        following = self.raw[i + 1]
        after = self.raw[i + 2].type
        if following.type == "NAME":
            if opens_statement(following.text, after) and after in {"NAME", "STRING"} | NUMERIC:
                # Two names in a row are no expression, so this is a new line
                # even where the one before is unfinished.
                return True
            if following.text == "where" and after in BEGINS | {"MINUS"}:
                return False
            if following.text == "on" and self.head():
                return False
            if following.text == "within" and after == "NUMBER":
                return False
        if following.type == "LBRACE" and self.head() == "layer":
            return False
        return self.out[-1].type in ENDS and following.type in BEGINS

    def head(self) -> str:
        """Return the defining word, while the head of a definition is being read."""
        return self.heads.get(len(self.open), "")

    def end_head(self) -> None:
        self.heads.pop(len(self.open), None)

    # --- words ---

    def word(self, i: int, token: Token) -> None:
        """Make a keyword of a name, or a name of a keyword, by its place."""
        previous = self.out[-1].type if self.out else ""
        if token.type in _RESERVED_TYPES:
            names_option = (
                previous in ("LPAR", "COMMA")
                and bool(self.open)
                and self.open[-1] == "("
                and self.raw[i + 1].type == "EQUAL"
            )
            if previous == "DOT" or names_option:
                token.type = "NAME"
        elif token.type in NUMERIC and self.names_variant(token):
            token.type, token.problem = "NAME", None
        elif token.type == "NAME":
            if i in self.targets:
                token.type = "TARGET"
            elif self.chooses(i, token, previous):
                token.type = token.text.upper()
            elif self.fresh():
                self.begin(i, token)
            elif self.inside(i, token, previous):
                token.type = token.text.upper()
        elif token.type == "EQUAL":
            self.end_head()
        elif token.type == "COLON" and self.open[-1:] != ["choice"]:
            token.type, token.problem = PROBLEM, unknown_character(token.span)
        elif token.type == "PERCENT" and previous == "NUMBER" and self.tolerating():
            token.type = "PERCENTAGE"

    def names_variant(self, token: Token) -> bool:
        """Tell whether a number is a name: ``7B`` of ``variant 7B of llama``, ``llama.7B``."""
        if not token.text[:1].isdigit() or " " in token.text or "\t" in token.text:
            return False
        previous = self.out[-2:]
        if previous and previous[-1].type == "VARIANT":
            return True
        # Written close: 'x .5' is a slip.
        return (
            [t.type for t in previous] == ["NAME", "DOT"]
            and previous[0].span.end == previous[1].span.start
            and previous[1].span.end == token.span.start
        )

    def inside(self, i: int, token: Token, previous: str) -> bool:
        """Tell whether a name is a keyword inside a statement."""
        if token.text == DERIVING:
            return len(self.out) > 1 and self.out[-2].type == "VARIANT"
        if token.text in QUOTING:
            return previous == "EQ" and self.raw[i + 1].type == "STRING"
        if token.text in NAMING and [t.type for t in self.out[-2:]] == ["SYMBOL", "NAME"]:
            return True
        return token.text in INFIX and previous in ENDS and previous != PROBLEM

    def chooses(self, i: int, token: Token, previous: str) -> bool:
        """Tell whether ``choice`` is a keyword: a size follows it, and braces that.

        Where it does, the braces are noted.
        """
        if token.text != CHOOSING or previous == "DOT" or previous.lower() in DEFINING:
            return False
        end = i + 2
        if self.raw[end].type == "LSQB" and end in self.partner:
            end = self.partner[end] + 1
        if self.raw[i + 1].type != "NAME" or self.raw[end].type != "LBRACE":
            return False
        self.choices.add(self.raw[end].span.start)
        return True

    def tolerating(self) -> bool:
        """Tell whether the last word is the number of ``within 5%``."""
        return len(self.out) > 1 and self.out[-2].type == "WITHIN"

    def begin(self, i: int, token: Token) -> None:
        """Take the first word of a statement."""
        targets = self.targets_from(i)
        if targets:
            self.targets.update(targets)
            token.type = "TARGET"
            return
        in_layer = bool(self.open) and self.open[-1] == "layer"
        if not opens_statement(token.text, self.raw[i + 1].type, in_layer):
            return
        token.type = token.text.upper()
        if token.text in DEFINING:
            self.heads[len(self.open)] = token.text
        elif token.text == "shared":
            self.targets.update(self.targets_from(i + 1) or [i + 1])

    def targets_from(self, i: int) -> list[int]:
        """Return the names bound by a statement that starts at ``i``: ``a, y[h, w] = ...``."""
        found: list[int] = []
        while self.raw[i].type == "NAME":
            found.append(i)
            i += 1
            if self.raw[i].type == "LSQB":
                if i not in self.partner:
                    return []
                i = self.partner[i] + 1
            if self.raw[i].type == "NEWLINE" and self.raw[i + 1].type == "EQUAL":
                i += 1
            if self.raw[i].type == "EQUAL":
                return found
            if self.raw[i].type != "COMMA":
                return []
            i += 2 if self.raw[i + 1].type == "NEWLINE" else 1
        return []

    # --- brackets ---

    def bracket(self, token: Token) -> None:
        if token.type in OPENERS:
            previous = [t.type for t in self.out[-2:]]
            kind = {"LPAR": "(", "LSQB": "[", "LBRACE": "{"}[token.type]
            if kind == "{" and previous[-1:] == ["IN"]:
                kind, token.type = "set", "SET_OPEN"
            elif token.span.start in self.choices:
                kind, token.type = "choice", "CHOICE_OPEN"
            elif kind == "{" and self.head() == "layer" and previous[-1] in ENDS:
                kind = "layer"
                self.end_head()
            elif kind == "(" and previous[:1] and previous[0].lower() in DEFINING:
                kind = "parameters"
            self.open.append(kind)
            if len(self.open) > DEEPEST:
                raise SyntaxProblem(f"brackets are nested more than {DEEPEST} deep", token.span)
        elif token.type in CLOSERS:
            if token.type == "RBRACE":
                if self.out and self.out[-1].type == "SEP":
                    self.out.pop()
                if self.open and self.open[-1] in ("set", "choice"):
                    token.type = f"{self.open[-1].upper()}_CLOSE"
            if self.open:
                self.end_head()
                self.open.pop()

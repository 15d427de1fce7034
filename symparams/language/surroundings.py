"""What stands around the token the parser stumbled over, and how to name it."""

from __future__ import annotations

from symparams.errors import Span, SyntaxProblem
from symparams.language.lexer import END, OPENERS, Token, partners
from symparams.language.words import DEFINING, ENDS


class Surroundings:
    """The wrong token among the others.

    Args:
        tokens: all of the text, the last one its end.
        i: index of the token the parser did not take.
        accepts: terminals it would have taken.
        start: ``file`` or ``expression``.
    """

    def __init__(self, tokens: list[Token], i: int, accepts: frozenset[str], start: str) -> None:
        self.tokens = tokens
        self.i = i
        self.accepts = accepts
        self.start = start
        self.token = tokens[i]
        self.previous = tokens[i - 1] if i else None
        self.partner = partners(tokens)
        self.opener = {closer: opener for opener, closer in self.partner.items()}
        self.open = self.opened()
        self.statement = self.statement_start()

    # --- what is around ---

    def opened(self) -> list[int]:
        """Return indices of the brackets open before the token, outermost first."""
        stack: list[int] = []
        for k in range(self.i):
            if self.tokens[k].type in OPENERS:
                stack.append(k)
            elif k in self.opener:
                del stack[stack.index(self.opener[k]) :]
        return stack

    def statement_start(self) -> int:
        """Return the index of the first token of the innermost statement around the token."""
        k = self.i
        while k > 0 and self.tokens[k - 1].type not in ("SEP", "LBRACE"):
            k = self.skip_back(k - 1)
        return k

    def skip_back(self, k: int) -> int:
        """Return ``k``, or the opening bracket where ``k`` closes one."""
        return self.opener.get(k, k)

    def level(self) -> list[Token]:
        """Return the tokens before the wrong one in the same bracket and statement, nearest
        first.
        """
        found: list[Token] = []
        k = self.i - 1
        bottom = self.open[-1] if self.open else -1
        while k > bottom and self.tokens[k].type != "SEP":
            k = self.skip_back(k)
            found.append(self.tokens[k])
            k -= 1
        return found

    def bracket(self) -> Token | None:
        """Return the innermost open bracket."""
        return self.tokens[self.open[-1]] if self.open else None

    def first(self) -> Token:
        return self.tokens[self.statement]

    def in_head(self) -> bool:
        """Tell whether the head of a definition is being read, before '=' or '{'."""
        if self.first().type.lower() not in DEFINING:
            return False
        return not any(t.type == "EQUAL" for t in self.level()) and (
            not self.open or self.open[-1] < self.statement
        )

    def in_condition(self) -> bool:
        """Tell whether a comparison is what the user is writing."""
        k = self.i - 1
        while k >= 0 and self.tokens[k].type != "SEP":
            kind = self.tokens[k].type
            if kind in ("WHERE", "EXPECT", "IF"):
                return True
            if kind in ("THEN", "ELSE", "EQUAL", "COMMA", "LBRACE", "LSQB"):
                # A comma goes on with the conditions of a 'where'.
                if kind != "COMMA" or self.open:
                    return False
            elif kind == "LPAR" and k > 0 and self.tokens[k - 1].type in ENDS:
                return False
            k = self.skip_back(k) - 1
        return self.start != "file"

    def first_on_line(self) -> bool:
        if self.previous is None:
            return True
        between = self.token.span.source.text[self.previous.span.end : self.token.span.start]
        return "\n" in between

    def ended(self) -> bool:
        """Tell whether the line or the text ends at the wrong token."""
        return self.token.type in (END, "SEP")

    # --- how it is said ---

    def quoted(self, token: Token) -> str:
        if token.type == END:
            return "the end of the text"
        if token.text == "\n":
            return "the end of the line"
        text = token.text if len(token.text) <= 30 else token.text[:29] + "…"
        return f"'{text}'" if '"' not in text else text

    def after(self) -> str:
        if self.previous is None or self.previous.type == "SEP":
            return "first"
        return f"after {self.quoted(self.previous)}"

    def between(self) -> str:
        if self.ended():
            return self.after()
        assert self.previous is not None
        return f"between {self.quoted(self.previous)} and {self.quoted(self.token)}"

    def place(self) -> Span:
        """Return the wrong token, or the end of the line before it."""
        if self.ended() and self.token.text != ";" and self.previous is not None:
            end = self.previous.span.end
            return Span(self.token.span.source, end, end)
        return self.token.span

    def at_token(self, message: str, hint: str = "") -> SyntaxProblem:
        return SyntaxProblem(message, self.place(), hint)

    def defined(self) -> str:
        """Return ``model 'resnet'``: the definition of the innermost statement."""
        first, name = self.first(), self.tokens[self.statement + 1]
        return f"{first.text} {self.quoted(name)}"

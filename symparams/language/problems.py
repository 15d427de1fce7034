"""From the token the parser stumbled over to an error in the user's words.

Known are the tokens, which of them is the wrong one, and what the parser
would have taken in its place. Each rule below looks for one kind of mistake
and says nothing when it is another; the first that speaks is heard.
"""

from __future__ import annotations

from collections.abc import Callable

from symparams.errors import SyntaxProblem, did_you_mean
from symparams.language.lexer import CLOSERS, END, OPENERS, PROBLEM, Token
from symparams.language.surroundings import Surroundings
from symparams.language.words import BEGINS, CLAIMING, DEFINING, ENDS, OPENING, RESERVED

_COMPARING = {"EQ", "NE", "LT", "LE", "GT", "GE", "APPROX"}
_JOINING = {"ARROW", "PLUS", "MINUS", "BAR", "STAR", "SLASH", "DIVIDES", "PERCENT", "POWER"}
_OPERATORS = _COMPARING | _JOINING | {"AND", "OR"}
_RESERVED_TYPES = {word.upper() for word in RESERVED}
_CLOSING_TEXT = {"LPAR": ")", "LSQB": "]", "LBRACE": "}", "SET_OPEN": "}"}

#: Comparisons as other languages write them, or with their signs turned round.
_SIGNS = {
    "=<": "<=",
    "=>": ">=",
    "=!": "!=",
    "=~": "~=",
    "<>": "!=",
    "<==": "<=",
    ">==": ">=",
    "!==": "!=",
    "=!=": "!=",
    "===": "==",
}

#: First words of lines in other languages, and what is written here.
_FOREIGN = {
    "def": "a template is written 'block f(x) = …'",
    "fn": "a template is written 'block f(x) = …'",
    "func": "a template is written 'block f(x) = …'",
    "function": "a template is written 'block f(x) = …'",
    "module": "a template is written 'block f(x) = …'",
    "class": "a network is written 'model m(…) = …', a template 'block f(…) = …'",
    "net": "a network is written 'model m(…) = …'",
    "network": "a network is written 'model m(…) = …'",
    "return": "the last line of braces is their value",
    "let": "write 'x = …'",
    "var": "write 'x = …'",
    "const": "write 'x = …'",
    "from": "write 'import \"blocks.arch\"'",
    "include": "write 'import \"blocks.arch\"'",
    "use": "write 'import \"blocks.arch\"'",
    "assert": "write 'expect m.params == …'",
    "while": "a repeat is written 'net * n'",
    "repeat": "a repeat is written 'net * n'",
    "lambda": "a template is written 'block f(x) = …'",
    "with": "",
    "async": "",
}


def diagnose(tokens: list[Token], i: int, accepts: frozenset[str], start: str) -> SyntaxProblem:
    """Return the problem at ``tokens[i]``.

    Args:
        tokens: all of the text, the last one its end.
        i: index of the token the parser did not take.
        accepts: terminals it would have taken.
        start: ``file`` or ``expression``.
    """
    return _Diagnosis(tokens, i, accepts, start).problem()


class _Diagnosis(Surroundings):
    def problem(self) -> SyntaxProblem:
        rules: tuple[Callable[[], SyntaxProblem | None], ...] = (
            self.empty,
            self.closing,
            self.unclosed,
            self.forbidden_name,
            self.misspelt_sign,
            self.layer_line,
            self.pattern,
            self.misplaced_equals,
            self.missing_equals,
            self.parameter,
            self.line_word,
            self.misspelt_arrow,
            self.conditional,
            self.missing_value,
            self.comprehension,
            self.compared_twice,
            self.side_by_side,
            self.stray,
        )
        for rule in rules:
            found = rule()
            if found is not None:
                return found
        return self.at_token(f"{self.quoted(self.token)} cannot stand {self.after()}")

    def empty(self) -> SyntaxProblem | None:
        if self.previous is not None or self.token.type != END:
            return None
        if self.start == "expression":
            return self.at_token("the expression is empty")
        hint = "a network begins with 'input(…) ->' or 'tokens(…) ->'"
        return self.at_token("the text is empty", hint)

    def closing(self) -> SyntaxProblem | None:
        token, bracket = self.token, self.bracket()
        if token.type not in CLOSERS:
            return None
        if bracket is None:
            return self.at_token(f"'{token.text}' closes nothing")
        wanted = _CLOSING_TEXT[bracket.type]
        if wanted == token.text:
            return None
        return SyntaxProblem(
            f"'{token.text}' does not close '{bracket.text}'",
            token.span,
            f"expected '{wanted}'",
            [(f"'{bracket.text}' was opened here", bracket.span)],
        )

    def unclosed(self) -> SyntaxProblem | None:
        never = [k for k in self.open if k not in self.partner]
        breaks = self.ended() or self.first_on_line() or self.token.type == "EQUAL"
        if not never or not breaks:
            return None
        k = never[-1]
        bracket = self.tokens[k]
        return SyntaxProblem(f"'{bracket.text}' was never closed", bracket.span, self.opens(k))

    def opens(self, k: int) -> str:
        """Return what the bracket at ``k`` opens, said as a hint."""
        bracket = self.tokens[k]
        before = self.tokens[k - 1] if k else None
        called = before is not None and before.type in ("NAME", "TARGET")
        name = self.quoted(before) if before is not None and called else ""
        if bracket.type == "LPAR":
            if called and k > 1 and self.tokens[k - 2].type.lower() in DEFINING:
                return f"it opens the parameters of {name}"
            return f"it opens the arguments of {name}" if called else ""
        if bracket.type == "LSQB":
            return f"it opens the index of {name}" if called else "it opens a list"
        if bracket.type == "SET_OPEN":
            return "it opens a domain"
        return "it opens braces"

    def forbidden_name(self) -> SyntaxProblem | None:
        """Return a reserved word where only a name can stand."""
        token = self.token
        if token.type == "EQUAL" and self.previous is not None:
            # 'if = 3': the parser took the word for what it is.
            words = _RESERVED_TYPES - (
                {"YES", "NO", "NONE"} if self.i - 1 > self.statement else set()
            )
            if self.previous.type not in words:
                return None
            token = self.previous
        elif token.type not in _RESERVED_TYPES or not self.name_wanted():
            return None
        return SyntaxProblem(f"'{token.text}' is a keyword and cannot be a name", token.span)

    def name_wanted(self) -> bool:
        """Tell whether a name, and not any expression, is what belongs here."""
        given = self.tokens[self.i + 1].type == "EQUAL"
        return bool(self.accepts & {"NAME", "TARGET"}) and ("NUMBER" not in self.accepts or given)

    def misspelt_sign(self) -> SyntaxProblem | None:
        """Return two signs in one word, the parser at the first of them or at the second."""
        for k in range(max(0, self.i - 1), min(self.i + 1, len(self.tokens) - 1)):
            one, two = self.tokens[k], self.tokens[k + 1]
            both = one.span.to(two.span)
            meant = _SIGNS.get(both.text) if one.span.end == two.span.start else None
            # Where '=' could stand, the sign behind it is wrong, but for a 'where' in a head.
            given = k < self.i and one.type == "EQUAL"
            given = given and not any(t.type == "WHERE" for t in self.level())
            if meant is None or (given and two.type == PROBLEM):
                continue
            hint = f"write '{'=' if given else meant}'"
            if both.text == "=>" and not given and not self.in_condition():
                hint = "a chain is written '->'"
            return SyntaxProblem(f"'{both.text}' is not in the language", both, hint)
        return None

    def misplaced_equals(self) -> SyntaxProblem | None:
        if self.token.type != "EQUAL":
            return None
        if self.in_condition():
            return self.at_token("'=' gives a value and does not compare", "write '=='")
        level = list(reversed(self.level()))
        kinds = [t.type for t in level]
        first = self.first()
        if first.type.lower() in DEFINING and "EQUAL" in kinds:
            given = kinds.index("EQUAL")
            if "WHERE" in kinds[:given]:
                span = level[given].span
                return SyntaxProblem("'=' gives a value and does not compare", span, "write '=='")
        bracket = self.bracket()
        if bracket is not None and bracket.type == "LPAR":
            return self.at_token("an option is one name, '=' and its value")
        if "EQUAL" in kinds:
            return self.at_token("a second '=' in one line")
        if kinds == ["NAME", "LPAR"]:
            hint = f"a template is written 'block {level[0].text}(…) = …'"
            return self.at_token("a call cannot be given a value", hint)
        return self.at_token("only names take a value", "write 'x = …' or 'a, b = …'")

    def missing_equals(self) -> SyntaxProblem | None:
        if "EQUAL" not in self.accepts or self.previous is None:
            return None
        if self.token.type == "EQ":
            return self.at_token("'==' compares and gives no value", "write '='")
        if self.first().type in ("TARGET", "SHARED"):
            name = self.quoted(self.previous)
            return self.at_token(f"expected '=' after {name}", "write 'shared x = …'")
        if not self.in_head():
            return None
        if self.ended():
            hint = f"write '{self.first().text} {self.tokens[self.statement + 1].text} = …'"
            return self.at_token(f"{self.defined()} has no body", hint)
        if self.token.type == "LSQB":
            return self.at_token("expected 'on' before the axes", "write 'on [h, w, c]'")
        if self.token.type in _RESERVED_TYPES | {"NAME", "LBRACE", "ARROW", "LPAR", "NUMBER"}:
            return self.at_token(f"expected '=' before the body of {self.defined()}")
        return None

    def layer_line(self) -> SyntaxProblem | None:
        kinds = [self.tokens[k].type for k in range(self.statement)]
        lines = "the lines of a layer begin with weight, table, buffer, output or macs"
        first = self.first()
        if first.type == "LAYER" and self.in_head() and "LBRACE" in self.accepts:
            hint = "write 'layer f(…) on […] { … }'"
            if self.token.type == "EQUAL":
                hint = "what is defined with '=' is a block"
            return self.at_token(f"expected the braces of {self.defined()}", hint)
        if self.i != self.statement or "OUTPUT" not in self.accepts or "LAYER" not in kinds:
            return None
        if self.token.type == "NAME":
            if self.token.text == "output":
                return self.at_token("expected '[' after 'output'", "write 'output [..., o]'")
            if self.token.text == "macs":
                return self.at_token("expected a size after 'macs'", "write 'macs i * o'")
            known = ["weight", "table", "buffer", "output", "macs"]
            return self.at_token(lines, did_you_mean(self.token.text, known))
        return self.at_token(lines)

    def pattern(self) -> SyntaxProblem | None:
        """Return axes of ``on``, of a binding, of a weight."""
        kinds = [t.type for t in self.level()]
        if self.accepts == {"LSQB"} and self.previous is not None:
            name = self.quoted(self.previous)
            if kinds[1:2] and kinds[1] in ("WEIGHT", "TABLE", "BUFFER"):
                word = kinds[1].lower()
                hint = f"write '{word} {self.previous.text}[…]'"
                return self.at_token(f"{word} {name} has no shape", hint)
            return self.at_token(f"the axes of {name} are missing", "write 'x[h, w, c]'")
        bracket = self.bracket()
        if self.previous is not None and self.previous.type == "ON":
            return self.at_token("the axes after 'on' are missing", "write 'on [h, w, c]'")
        if bracket is None or bracket.type != "LSQB":
            return None
        axis = {"NAME", "NUMBER", "ELLIPSIS"}
        if self.accepts - {"RSQB"} == axis or self.accepts == {"COMMA", "RSQB"}:
            before = self.tokens[: self.open[-1]]
            if before and before[-1].type == "OUTPUT":
                return None
            return self.at_token("an axis is a name, a number, '_' or '...'")
        if self.token.type == "ELLIPSIS" and self.tokens[self.open[-1] - 1].type == "OUTPUT":
            return self.at_token("'...' stands first in an output")
        return None

    def parameter(self) -> SyntaxProblem | None:
        level = [t.type for t in self.level()]
        in_domain = "IN" in level and "FOR" not in level and "RANGE" in self.accepts
        if in_domain and (self.token.type in {"EQUAL", "COMMA", *CLOSERS} or self.ended()):
            hint = "a domain is written '{3, 5, 7}' or '1..9'"
            return self.at_token(f"expected '..' {self.after()}", hint)
        if not self.open or self.open[-1] < 2:
            return None
        k = self.open[-1]
        if self.tokens[k].type != "LPAR" or self.tokens[k - 2].type.lower() not in DEFINING:
            return None
        if self.accepts <= {"NAME", "RPAR"}:
            if self.token.type in _RESERVED_TYPES:
                return None
            return self.at_token("a parameter is a name", "write 'c', 's = 1' or 'h in 1..9'")
        if self.token.type in BEGINS:
            return self.at_token(f"expected ',' or '=' {self.between()}")
        return None

    def line_word(self) -> SyntaxProblem | None:
        """Return lines whose first word is a keyword, or should be one."""
        first, at = self.first(), self.i - self.statement
        if self.start == "expression":
            if at == 1 and first.text in OPENING | CLAIMING and self.token.type == "NAME":
                return SyntaxProblem("one expression is read here, and no statement", first.span)
            return None
        if first.type == "IMPORT" and at == 1:
            hint = f"write 'import \"{self.token.text}.arch\"'"
            return self.at_token("the file of an import stands in quotes", hint)
        if first.type == "DEFAULT" and at == 2:
            hint = f"write 'default {self.tokens[self.i - 1].text}(… = …)'"
            return self.at_token("a default line gives options in parentheses", hint)
        if first.type == "DEFAULT" and self.accepts <= {"NAME", "RPAR"}:
            return self.at_token("a default line gives options only", "write 'name = value'")
        if at != 1 or first.type != "NAME" or self.token.type not in ("NAME", "STRING"):
            return None
        word = first.text
        if word in _FOREIGN:
            return SyntaxProblem(f"'{word}' begins no statement here", first.span, _FOREIGN[word])
        near = did_you_mean(word, OPENING | CLAIMING)
        return SyntaxProblem(f"'{word}' begins no statement", first.span, near) if near else None

    def misspelt_arrow(self) -> SyntaxProblem | None:
        token, previous = self.token, self.previous
        if previous is None:
            return None
        if previous.type == token.type == "BAR" and previous.span.end == token.span.start:
            both = previous.span.to(token.span)
            return SyntaxProblem("'||' is not in the language", both, "write 'or'")
        if token.type != "GT" or previous.type not in ("MINUS", "GT", "BAR"):
            return None
        both = previous.span.to(token.span)
        return SyntaxProblem(
            f"'{both.text}' is not in the language", both, "a chain is written '->'"
        )

    def conditional(self) -> SyntaxProblem | None:
        written = "it is written 'if … then … else …'"
        level = [t.type for t in self.level()]
        whole = self.previous is not None and self.previous.type in ENDS
        if whole and "THEN" in self.accepts and self.token.type not in _COMPARING:
            return self.at_token(f"expected 'then' {self.between()}", written)
        if whole and "ELSE" in self.accepts:
            return self.at_token("this 'if' has no 'else'", written)
        if self.token.type in ("THEN", "ELSE") and whole:
            if "IF" not in level:
                return self.at_token(f"'{self.token.text}' without 'if'", written)
            return self.at_token(f"a second '{self.token.text}' for one 'if'", written)
        if self.token.type == "IF":
            if "FOR" in level and whole:
                hint = "write '[if … then … else id for …]'"
                return self.at_token("a comprehension takes no condition", hint)
            if not whole and self.previous is not None:
                hint = "write '(if … then … else …)'"
                return self.at_token("an 'if' in the middle needs parentheses", hint)
        return None

    def missing_value(self) -> SyntaxProblem | None:
        """Return the one before wants something behind it, and this cannot be it."""
        token, previous = self.token, self.previous
        if token.type in BEGINS | {"FOR", "SET_OPEN"} or "NAME" not in self.accepts:
            return None
        begins = previous is None or previous.type in ("SEP", "LBRACE", "LPAR", "LSQB", "EQUAL")
        if begins and token.type == "ARROW":
            hint = "what goes in comes first: input(…), tokens(…), or a name"
            return self.at_token("a chain cannot begin with '->'", hint)
        if token.type == "DOT":
            following = self.tokens[self.i + 1]
            if following.type == "NUMBER":
                span = token.span.to(following.span)
                return SyntaxProblem(
                    "a number begins with a digit", span, f"write '0.{following.text}'"
                )
        if token.type in ("RANGE", "ELLIPSIS"):
            return None
        if previous is not None and previous.type == "DOT":
            if self.tokens[self.i - 2].type == "NUMBER":
                number = self.tokens[self.i - 2]
                span = number.span.to(previous.span)
                hint = f"write '{number.text}' or '{number.text}.0'"
                return SyntaxProblem(f"'{span.text}' lacks the digits behind its point", span, hint)
            return self.at_token(f"a name is missing {self.between()}")
        if previous is None or previous.type == "SEP":
            return self.at_token(f"{self.quoted(token)} cannot begin a line")
        if previous.type == "ARROW" and token.type == "ARROW":
            return self.at_token("two '->' in a row", "a layer is missing between them")
        if previous.type in OPENERS and token.type in CLOSERS:
            hint = "braces end in a value" if token.type == "RBRACE" else ""
            return self.at_token(
                f"nothing stands between '{previous.text}' and '{token.text}'", hint
            )
        if previous.type == "EQUAL" and self.ended() and not self.open_in_statement():
            if self.first().type.lower() in DEFINING:
                return self.at_token(f"{self.defined()} has no body")
            return self.at_token("a value is missing after '='")
        what = "a layer" if previous.type == "ARROW" else "a value"
        if previous.type == "NAME" or previous.type in ENDS:
            return None
        return self.at_token(f"{what} is missing {self.between()}")

    def open_in_statement(self) -> bool:
        return bool(self.open) and self.open[-1] > self.statement

    def comprehension(self) -> SyntaxProblem | None:
        level = [t.type for t in self.level()]
        if self.token.type == "FOR":
            if "FOR" in level:
                return self.at_token(
                    "one 'for' only", "put a list inside: '[[… for b in …] for a in …]'"
                )
            hint = "write '[… for c in …]', or 'cat(… for c in …)'"
            return self.at_token("a 'for' stands inside [ ] or in a call", hint)
        if self.token.type == "IN":
            return self.at_token("'in' stands after 'for', and in parameters")
        if "IN" in self.accepts and "FOR" in level:
            return self.at_token(
                f"expected 'in' {self.between()}", "it is written '[… for c in …]'"
            )
        return None

    def compared_twice(self) -> SyntaxProblem | None:
        if self.token.type not in _COMPARING:
            return None
        for token in self.level():
            if token.type in _COMPARING:
                hint = "write 'a < b and b < c'"
                return self.at_token("comparisons do not chain", hint)
            if token.type in ("AND", "OR", "COMMA", "WHERE", "IF", "THEN", "ELSE", "EQUAL"):
                break
        return None

    def side_by_side(self) -> SyntaxProblem | None:
        """Return two expressions with nothing between them."""
        token, previous, bracket = self.token, self.previous, self.bracket()
        if token.type == "STRING":
            what = "quoted text is only the file of an import, or an equation"
            return self.at_token(what, "write it without quotes")
        if previous is None or previous.type not in ENDS or token.type not in BEGINS:
            return None
        what = "an operator"
        hint = ""
        if bracket is not None and bracket.type != "LBRACE":
            what = "',' or an operator"
        elif "ARROW" in self.accepts and "NUMBER" not in (previous.type, token.type):
            left = previous.text if previous.type == "NAME" else "…"
            hint = f"a chain is written '{left} -> {token.text}'"
        if previous.type == "NUMBER" and token.type == "NAME":
            hint = f"write '{previous.text} * {token.text}'"
        if token.type in _RESERVED_TYPES and token.type not in ("YES", "NO", "NONE"):
            hint = ""
        return self.at_token(f"expected {what} {self.between()}", hint)

    def stray(self) -> SyntaxProblem | None:
        token, bracket = self.token, self.bracket()
        if token.type == "SEP" and bracket is None:
            return self.at_token("one expression is read here, and it ends before ';'")
        if token.type == "SEP" and bracket is not None:
            return self.at_token(f"';' inside '{bracket.text}'", "write ','")
        if token.type == "WHERE":
            hint = "it stands once, behind a head, a body or a bare value"
            return self.at_token(f"'where' cannot stand {self.after()}", hint)
        if token.type == "RANGE":
            return self.at_token("'..' stands after 'in' only", "write '1..n' after 'in'")
        if token.type == "ELLIPSIS":
            return self.at_token("'...' stands for axes, in patterns and outputs only")
        if token.type == "COMMA" and self.previous is not None and self.previous.type in ENDS:
            return self.at_token("several values stand in parentheses here", "write '(a, b)'")
        if token.type == "SET_OPEN":
            return self.at_token("a list is written with '[' and ']'")
        return None

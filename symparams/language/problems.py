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
    here = Surroundings(tokens, i, accepts, start)
    for rule in _RULES:
        problem = rule(here)
        if problem is not None:
            return problem
    return here.at_token(f"{here.quoted(here.token)} cannot stand {here.after()}")


def _empty(here: Surroundings) -> SyntaxProblem | None:
    if here.previous is not None or here.token.type != END:
        return None
    if here.start != "file":
        return here.at_token("the expression is empty")
    hint = "a network begins with 'input(…) ->' or 'tokens(…) ->'"
    return here.at_token("the text is empty", hint)


def _closing(here: Surroundings) -> SyntaxProblem | None:
    token, bracket = here.token, here.bracket()
    if token.type not in CLOSERS:
        return None
    if bracket is None:
        return here.at_token(f"'{token.text}' closes nothing")
    wanted = _CLOSING_TEXT[bracket.type]
    if wanted == token.text:
        return None
    return SyntaxProblem(
        f"'{token.text}' does not close '{bracket.text}'",
        token.span,
        f"expected '{wanted}'",
        [(f"'{bracket.text}' was opened here", bracket.span)],
    )


def _unclosed(here: Surroundings) -> SyntaxProblem | None:
    never = [k for k in here.open if k not in here.partner]
    breaks = here.ended() or here.first_on_line() or here.token.type == "EQUAL"
    if not never or not breaks:
        return None
    k = never[-1]
    bracket = here.tokens[k]
    return SyntaxProblem(f"'{bracket.text}' was never closed", bracket.span, _opens(here, k))


def _opens(here: Surroundings, k: int) -> str:
    """Return what the bracket at ``k`` opens, said as a hint."""
    bracket = here.tokens[k]
    before = here.tokens[k - 1] if k else None
    called = before is not None and before.type in ("NAME", "TARGET")
    name = here.quoted(before) if before is not None and called else ""
    if bracket.type == "LPAR":
        if called and k > 1 and here.tokens[k - 2].type.lower() in DEFINING:
            return f"it opens the parameters of {name}"
        return f"it opens the arguments of {name}" if called else ""
    if bracket.type == "LSQB":
        return f"it opens the index of {name}" if called else "it opens a list"
    if bracket.type == "SET_OPEN":
        return "it opens a domain"
    return "it opens braces"


def _forbidden_name(here: Surroundings) -> SyntaxProblem | None:
    """Say that a reserved word stands where only a name can."""
    token = here.token
    if token.type == "EQUAL" and here.previous is not None:
        # 'if = 3': the parser took the word for what it is.
        words = _RESERVED_TYPES - ({"YES", "NO", "NONE"} if here.i - 1 > here.statement else set())
        if here.previous.type not in words:
            return None
        token = here.previous
    elif token.type not in _RESERVED_TYPES or not _name_wanted(here):
        return None
    return SyntaxProblem(f"'{token.text}' is a keyword and cannot be a name", token.span)


def _name_wanted(here: Surroundings) -> bool:
    """Tell whether a name, and not any expression, is what belongs here."""
    given = here.tokens[here.i + 1].type == "EQUAL"
    return bool(here.accepts & {"NAME", "TARGET"}) and ("NUMBER" not in here.accepts or given)


def _misspelt_sign(here: Surroundings) -> SyntaxProblem | None:
    """Say how a sign of two is written; the parser is at the first of them or at the second."""
    for k in range(max(0, here.i - 1), min(here.i + 1, len(here.tokens) - 1)):
        one, two = here.tokens[k], here.tokens[k + 1]
        both = one.span.to(two.span)
        meant = _SIGNS.get(both.text) if one.span.end == two.span.start else None
        # Where '=' could stand, the sign behind it is wrong, but for a 'where' in a head.
        given = k < here.i and one.type == "EQUAL"
        given = given and not any(t.type == "WHERE" for t in here.level())
        if meant is None or (given and two.type == PROBLEM):
            continue
        hint = f"write '{'=' if given else meant}'"
        if both.text == "=>" and not given and not here.in_condition():
            hint = "a chain is written '->'"
        return SyntaxProblem(f"'{both.text}' is not in the language", both, hint)
    return None


def _misplaced_equals(here: Surroundings) -> SyntaxProblem | None:
    if here.token.type != "EQUAL":
        return None
    if here.in_condition():
        return here.at_token("'=' gives a value and does not compare", "write '=='")
    level = list(reversed(here.level()))
    kinds = [t.type for t in level]
    first = here.first()
    if first.type.lower() in DEFINING and "EQUAL" in kinds:
        given = kinds.index("EQUAL")
        if "WHERE" in kinds[:given]:
            span = level[given].span
            return SyntaxProblem("'=' gives a value and does not compare", span, "write '=='")
    bracket = here.bracket()
    if bracket is not None and bracket.type == "LPAR":
        return here.at_token("an option is one name, '=' and its value")
    if "EQUAL" in kinds:
        return here.at_token("a second '=' in one line")
    if kinds == ["NAME", "LPAR"]:
        hint = f"a template is written 'block {level[0].text}(…) = …'"
        return here.at_token("a call cannot be given a value", hint)
    return here.at_token("only names take a value", "write 'x = …' or 'a, b = …'")


def _missing_equals(here: Surroundings) -> SyntaxProblem | None:
    if "EQUAL" not in here.accepts or here.previous is None:
        return None
    if here.token.type == "EQ":
        return here.at_token("'==' compares and gives no value", "write '='")
    if here.first().type in ("TARGET", "SHARED"):
        name = here.quoted(here.previous)
        return here.at_token(f"expected '=' after {name}", "write 'shared x = …'")
    if not here.in_head():
        return None
    if here.ended():
        hint = f"write '{here.first().text} {here.tokens[here.statement + 1].text} = …'"
        return here.at_token(f"{here.defined()} has no body", hint)
    if here.token.type == "LSQB":
        return here.at_token("expected 'on' before the axes", "write 'on [h, w, c]'")
    if here.token.type in _RESERVED_TYPES | {"NAME", "LBRACE", "ARROW", "LPAR", "NUMBER"}:
        return here.at_token(f"expected '=' before the body of {here.defined()}")
    return None


def _layer_line(here: Surroundings) -> SyntaxProblem | None:
    kinds = [here.tokens[k].type for k in range(here.statement)]
    lines = "the lines of a layer begin with weight, table, buffer, output or macs"
    first = here.first()
    if first.type == "LAYER" and here.in_head() and "LBRACE" in here.accepts:
        hint = "write 'layer f(…) on […] { … }'"
        if here.token.type == "EQUAL":
            hint = "what is defined with '=' is a block"
        return here.at_token(f"expected the braces of {here.defined()}", hint)
    if here.i != here.statement or "OUTPUT" not in here.accepts or "LAYER" not in kinds:
        return None
    if here.token.type == "NAME":
        if here.token.text == "output":
            return here.at_token("expected '[' after 'output'", "write 'output [..., o]'")
        if here.token.text == "macs":
            return here.at_token("expected a size after 'macs'", "write 'macs i * o'")
        known = ["weight", "table", "buffer", "output", "macs"]
        return here.at_token(lines, did_you_mean(here.token.text, known))
    return here.at_token(lines)


def _pattern(here: Surroundings) -> SyntaxProblem | None:
    """Say what is wrong with the axes of ``on``, of a binding, of a weight."""
    kinds = [t.type for t in here.level()]
    if here.accepts == {"LSQB"} and here.previous is not None:
        name = here.quoted(here.previous)
        if kinds[1:2] and kinds[1] in ("WEIGHT", "TABLE", "BUFFER"):
            word = kinds[1].lower()
            hint = f"write '{word} {here.previous.text}[…]'"
            return here.at_token(f"{word} {name} has no shape", hint)
        return here.at_token(f"the axes of {name} are missing", "write 'x[h, w, c]'")
    bracket = here.bracket()
    if here.previous is not None and here.previous.type == "ON":
        return here.at_token("the axes after 'on' are missing", "write 'on [h, w, c]'")
    if bracket is None or bracket.type != "LSQB":
        return None
    axis = {"NAME", "NUMBER", "ELLIPSIS"}
    if here.accepts - {"RSQB"} == axis or here.accepts == {"COMMA", "RSQB"}:
        before = here.tokens[: here.open[-1]]
        if before and before[-1].type == "OUTPUT":
            return None
        return here.at_token("an axis is a name, a number, '_' or '...'")
    if here.token.type == "ELLIPSIS" and here.tokens[here.open[-1] - 1].type == "OUTPUT":
        return here.at_token("'...' stands first in an output")
    return None


def _parameter(here: Surroundings) -> SyntaxProblem | None:
    level = [t.type for t in here.level()]
    in_domain = "IN" in level and "FOR" not in level and "RANGE" in here.accepts
    if in_domain and (here.token.type in {"EQUAL", "COMMA", *CLOSERS} or here.ended()):
        hint = "a domain is written '{3, 5, 7}' or '1..9'"
        return here.at_token(f"expected '..' {here.after()}", hint)
    if not here.open or here.open[-1] < 2:
        return None
    k = here.open[-1]
    if here.tokens[k].type != "LPAR" or here.tokens[k - 2].type.lower() not in DEFINING:
        return None
    if here.accepts <= {"NAME", "RPAR"}:
        if here.token.type in _RESERVED_TYPES:
            return None
        return here.at_token("a parameter is a name", "write 'c', 's = 1' or 'h in 1..9'")
    if here.token.type in BEGINS:
        return here.at_token(f"expected ',' or '=' {here.between()}")
    return None


def _line_word(here: Surroundings) -> SyntaxProblem | None:
    """Say what is wrong in a line whose first word is a keyword, or should be one."""
    first, at = here.first(), here.i - here.statement
    if here.start != "file":
        if at == 1 and first.text in OPENING | CLAIMING and here.token.type == "NAME":
            return SyntaxProblem("one expression is read here, and no statement", first.span)
        return None
    if first.type == "IMPORT" and at == 1:
        hint = f"write 'import \"{here.token.text}.arch\"'"
        return here.at_token("the file of an import stands in quotes", hint)
    if first.type == "SYMBOL" and here.token.type != PROBLEM:
        written = "write 'symbol h as \"d_{\\mathrm{model}}\"'"
        if at == 2:
            return here.at_token(f"expected 'as' {here.between()}", written)
        if at == 3:
            return here.at_token("how a size is typeset stands in quotes", written)
    if first.type == "DEFAULT" and at == 2:
        hint = f"write 'default {here.tokens[here.i - 1].text}(… = …)'"
        return here.at_token("a default line gives options in parentheses", hint)
    if first.type == "DEFAULT" and here.accepts <= {"NAME", "RPAR"}:
        return here.at_token("a default line gives options only", "write 'name = value'")
    if first.type == "VARIANT" and here.accepts <= {"NAME", "RPAR"} and here.open:
        return here.at_token("a variant gives values by name", "write 'name = value'")
    if first.type == "VARIANT" and at <= 3 and here.accepts <= {"NAME", "OF"}:
        what = f"{here.quoted(here.token)} cannot stand {here.after()}"
        return here.at_token(what, "it is written 'variant medium of net(h = 1024)'")
    if at != 1 or first.type != "NAME" or here.token.type not in ("NAME", "STRING"):
        return None
    word = first.text
    if word in _FOREIGN:
        return SyntaxProblem(f"'{word}' begins no statement here", first.span, _FOREIGN[word])
    near = did_you_mean(word, OPENING | CLAIMING)
    return SyntaxProblem(f"'{word}' begins no statement", first.span, near) if near else None


def _misspelt_arrow(here: Surroundings) -> SyntaxProblem | None:
    token, previous = here.token, here.previous
    if previous is None:
        return None
    if previous.type == token.type == "BAR" and previous.span.end == token.span.start:
        both = previous.span.to(token.span)
        return SyntaxProblem("'||' is not in the language", both, "write 'or'")
    if token.type != "GT" or previous.type not in ("MINUS", "GT", "BAR"):
        return None
    both = previous.span.to(token.span)
    return SyntaxProblem(f"'{both.text}' is not in the language", both, "a chain is written '->'")


def _conditional(here: Surroundings) -> SyntaxProblem | None:
    written = "it is written 'if … then … else …'"
    level = [t.type for t in here.level()]
    whole = here.previous is not None and here.previous.type in ENDS
    if whole and "THEN" in here.accepts and here.token.type not in _COMPARING:
        return here.at_token(f"expected 'then' {here.between()}", written)
    if whole and "ELSE" in here.accepts:
        return here.at_token("this 'if' has no 'else'", written)
    if here.token.type in ("THEN", "ELSE") and whole:
        if "IF" not in level:
            return here.at_token(f"'{here.token.text}' without 'if'", written)
        return here.at_token(f"a second '{here.token.text}' for one 'if'", written)
    if here.token.type == "IF":
        if "FOR" in level and whole:
            hint = "write '[if … then … else id for …]'"
            return here.at_token("a comprehension takes no condition", hint)
        if not whole and here.previous is not None:
            hint = "write '(if … then … else …)'"
            return here.at_token("an 'if' in the middle needs parentheses", hint)
    return None


def _missing_value(here: Surroundings) -> SyntaxProblem | None:
    """Say what is missing where this cannot be what the word before wants behind it."""
    token, previous = here.token, here.previous
    if token.type in BEGINS | {"FOR", "SET_OPEN"} or "NAME" not in here.accepts:
        return None
    begins = previous is None or previous.type in ("SEP", "LBRACE", "LPAR", "LSQB", "EQUAL")
    if begins and token.type == "ARROW":
        hint = "what goes in comes first: input(…), tokens(…), or a name"
        return here.at_token("a chain cannot begin with '->'", hint)
    if token.type == "DOT":
        following = here.tokens[here.i + 1]
        if following.type == "NUMBER":
            span = token.span.to(following.span)
            return SyntaxProblem(
                "a number begins with a digit", span, f"write '0.{following.text}'"
            )
    if token.type in ("RANGE", "ELLIPSIS"):
        return None
    if previous is not None and previous.type == "DOT":
        if here.tokens[here.i - 2].type == "NUMBER":
            number = here.tokens[here.i - 2]
            span = number.span.to(previous.span)
            hint = f"write '{number.text}' or '{number.text}.0'"
            return SyntaxProblem(f"'{span.text}' lacks the digits behind its point", span, hint)
        return here.at_token(f"a name is missing {here.between()}")
    if previous is None or previous.type == "SEP":
        return here.at_token(f"{here.quoted(token)} cannot begin a line")
    if previous.type == "ARROW" and token.type == "ARROW":
        return here.at_token("two '->' in a row", "a layer is missing between them")
    if previous.type in OPENERS and token.type in CLOSERS:
        hint = "braces end in a value" if token.type == "RBRACE" else ""
        return here.at_token(f"nothing stands between '{previous.text}' and '{token.text}'", hint)
    if previous.type == "EQUAL" and here.ended() and not _open_in_statement(here):
        if here.first().type.lower() in DEFINING:
            return here.at_token(f"{here.defined()} has no body")
        return here.at_token("a value is missing after '='")
    what = "a layer" if previous.type == "ARROW" else "a value"
    if previous.type == "NAME" or previous.type in ENDS:
        return None
    return here.at_token(f"{what} is missing {here.between()}")


def _open_in_statement(here: Surroundings) -> bool:
    return bool(here.open) and here.open[-1] > here.statement


def _comprehension(here: Surroundings) -> SyntaxProblem | None:
    level = [t.type for t in here.level()]
    if here.token.type == "FOR":
        if "FOR" in level:
            return here.at_token(
                "one 'for' only", "put a list inside: '[[… for b in …] for a in …]'"
            )
        hint = "write '[… for c in …]', or 'cat(… for c in …)'"
        return here.at_token("a 'for' stands inside [ ] or in a call", hint)
    if here.token.type == "IN":
        return here.at_token("'in' stands after 'for', and in parameters")
    if "IN" in here.accepts and "FOR" in level:
        return here.at_token(f"expected 'in' {here.between()}", "it is written '[… for c in …]'")
    return None


def _compared_twice(here: Surroundings) -> SyntaxProblem | None:
    if here.token.type not in _COMPARING:
        return None
    for token in here.level():
        if token.type in _COMPARING:
            hint = "write 'a < b and b < c'"
            return here.at_token("comparisons do not chain", hint)
        if token.type in ("AND", "OR", "COMMA", "WHERE", "IF", "THEN", "ELSE", "EQUAL"):
            break
    return None


def _tolerance(here: Surroundings) -> SyntaxProblem | None:
    """Say that a tolerance is a percentage."""
    before = [token.type for token in here.tokens[max(0, here.i - 2) : here.i]]
    if before[-1:] != ["WITHIN"] and before != ["WITHIN", "NUMBER"]:
        return None
    what = "expected '%'" if before[-1] == "NUMBER" else "expected a percentage"
    return here.at_token(f"{what} {here.after()}", "write 'within 5%', a share of the exact count")


def _side_by_side(here: Surroundings) -> SyntaxProblem | None:
    """Say that nothing stands between two expressions."""
    token, previous, bracket = here.token, here.previous, here.bracket()
    if token.type == "STRING":
        what = "quoted text is only the file of an import, a notation, or an equation"
        return here.at_token(what, "write it without quotes")
    if previous is None or previous.type not in ENDS or token.type not in BEGINS:
        return None
    what = "an operator"
    hint = ""
    if bracket is not None and bracket.type != "LBRACE":
        what = "',' or an operator"
    elif "ARROW" in here.accepts and "NUMBER" not in (previous.type, token.type):
        left = previous.text if previous.type == "NAME" else "…"
        hint = f"a chain is written '{left} -> {token.text}'"
    if previous.type == "NUMBER" and token.type == "NAME":
        hint = f"write '{previous.text} * {token.text}'"
    if token.type in _RESERVED_TYPES and token.type not in ("YES", "NO", "NONE"):
        hint = ""
    return here.at_token(f"expected {what} {here.between()}", hint)


def _stray(here: Surroundings) -> SyntaxProblem | None:
    token, bracket = here.token, here.bracket()
    if token.type == "SEP" and bracket is None:
        return here.at_token("one expression is read here, and it ends before ';'")
    if token.type == "SEP" and bracket is not None:
        return here.at_token(f"';' inside '{bracket.text}'", "write ','")
    if token.type == "WHERE":
        hint = "it stands once, behind a head, a body or a bare value"
        return here.at_token(f"'where' cannot stand {here.after()}", hint)
    if token.type == "RANGE":
        return here.at_token("'..' stands after 'in' only", "write '1..n' after 'in'")
    if token.type == "ELLIPSIS":
        return here.at_token("'...' stands for axes, in patterns and outputs only")
    if token.type == "COMMA" and here.previous is not None and here.previous.type in ENDS:
        return here.at_token("several values stand in parentheses here", "write '(a, b)'")
    if token.type == "SET_OPEN":
        return here.at_token("a list is written with '[' and ']'")
    return None


#: In the order in which they are asked; the first that speaks is heard.
_RULES: tuple[Callable[[Surroundings], SyntaxProblem | None], ...] = (
    _empty,
    _closing,
    _unclosed,
    _tolerance,
    _forbidden_name,
    _misspelt_sign,
    _layer_line,
    _pattern,
    _misplaced_equals,
    _missing_equals,
    _parameter,
    _line_word,
    _misspelt_arrow,
    _conditional,
    _missing_value,
    _comprehension,
    _compared_twice,
    _side_by_side,
    _stray,
)

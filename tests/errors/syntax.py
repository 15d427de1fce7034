"""Malformed sources and the exact text of their errors.

The headings say what is wrong; the texts are what a user sees, caret and all.
"""

# ruff: noqa: E501  (a message is as long as it is)

from __future__ import annotations

# What is read as a file.
FILES: dict[str, list[tuple[str, str]]] = {
    "nothing at all": [
        (
            "",
            "net.arch:1:1: the text is empty\n"
            "    \n"
            "    ^ a network begins with 'input(…) ->' or 'tokens(…) ->'",
        ),
        (
            "# only a comment\n",
            "net.arch:1:1: the text is empty\n"
            "    # only a comment\n"
            "    ^ a network begins with 'input(…) ->' or 'tokens(…) ->'",
        ),
    ],
    "brackets": [
        (
            "input(3) -> dense(",
            "net.arch:1:18: '(' was never closed\n"
            "    input(3) -> dense(\n"
            "                     ^ it opens the arguments of 'dense'",
        ),
        (
            "input(3)\n-> [conv(3)",
            "net.arch:2:4: '[' was never closed\n    -> [conv(3)\n       ^ it opens a list",
        ),
        (
            "model m(h = 3 = input(h)",
            "net.arch:1:8: '(' was never closed\n"
            "    model m(h = 3 = input(h)\n"
            "           ^ it opens the parameters of 'm'",
        ),
        (
            "model m(h = 3\nexpect m.params == 3",
            "net.arch:1:8: '(' was never closed\n"
            "    model m(h = 3\n"
            "           ^ it opens the parameters of 'm'",
        ),
        (
            "model m =\n    input(3)\n    -> dense(4\n\nmodel n = input(3)",
            "net.arch:3:13: '(' was never closed\n"
            "        -> dense(4\n"
            "                ^ it opens the arguments of 'dense'",
        ),
        (
            "model m = {\n    a = 3\n    a\n",
            "net.arch:1:11: '{' was never closed\n    model m = {\n              ^ it opens braces",
        ),
        (
            "model m(h in {3, 5 = f",
            "net.arch:1:14: '{' was never closed\n"
            "    model m(h in {3, 5 = f\n"
            "                 ^ it opens a domain",
        ),
        (
            "xs[0",
            "net.arch:1:3: '[' was never closed\n    xs[0\n      ^ it opens the index of 'xs'",
        ),
        (
            "(a",
            "net.arch:1:1: '(' was never closed\n    (a\n    ^",
        ),
        (
            "a -> (b -> f(c)\nd -> e",
            "net.arch:1:6: '(' was never closed\n    a -> (b -> f(c)\n         ^",
        ),
        (
            "dense(3]",
            "net.arch:1:8: ']' does not close '('\n"
            "    dense(3]\n"
            "           ^ expected ')'\n"
            "net.arch:1:6: '(' was opened here\n"
            "    dense(3]\n"
            "         ^",
        ),
        (
            "dense([3, 4)",
            "net.arch:1:12: ')' does not close '['\n"
            "    dense([3, 4)\n"
            "               ^ expected ']'\n"
            "net.arch:1:7: '[' was opened here\n"
            "    dense([3, 4)\n"
            "          ^",
        ),
        (
            "model m(h in {3, 5) = f",
            "net.arch:1:19: ')' does not close '{'\n"
            "    model m(h in {3, 5) = f\n"
            "                      ^ expected '}'\n"
            "net.arch:1:14: '{' was opened here\n"
            "    model m(h in {3, 5) = f\n"
            "                 ^",
        ),
        (
            "dense(3))",
            "net.arch:1:9: ')' closes nothing\n    dense(3))\n            ^",
        ),
        (
            "}",
            "net.arch:1:1: '}' closes nothing\n    }\n    ^",
        ),
        (
            "()",
            "net.arch:1:2: nothing stands between '(' and ')'\n    ()\n     ^",
        ),
        (
            "x[]",
            "net.arch:1:3: nothing stands between '[' and ']'\n    x[]\n      ^",
        ),
        (
            "{ }",
            "net.arch:1:3: nothing stands between '{' and '}'\n"
            "    { }\n"
            "      ^ braces end in a value",
        ),
    ],
    "chains": [
        (
            "-> dense(3)",
            "net.arch:1:1: a chain cannot begin with '->'\n"
            "    -> dense(3)\n"
            "    ^^ what goes in comes first: input(…), tokens(…), or a name",
        ),
        (
            "model m = -> dense(3)",
            "net.arch:1:11: a chain cannot begin with '->'\n"
            "    model m = -> dense(3)\n"
            "              ^^ what goes in comes first: input(…), tokens(…), or a name",
        ),
        (
            "(-> dense(3))",
            "net.arch:1:2: a chain cannot begin with '->'\n"
            "    (-> dense(3))\n"
            "     ^^ what goes in comes first: input(…), tokens(…), or a name",
        ),
        (
            "input(3) ->",
            "net.arch:1:12: a layer is missing after '->'\n    input(3) ->\n               ^",
        ),
        (
            "input(3) ->   # and then?\n\n",
            "net.arch:1:12: a layer is missing after '->'\n"
            "    input(3) ->   # and then?\n"
            "               ^",
        ),
        (
            "input(3) -> -> dense(4)",
            "net.arch:1:13: two '->' in a row\n"
            "    input(3) -> -> dense(4)\n"
            "                ^^ a layer is missing between them",
        ),
        (
            "f(a, b -> )",
            "net.arch:1:11: a layer is missing between '->' and ')'\n"
            "    f(a, b -> )\n"
            "              ^",
        ),
        (
            "input(3) => dense(4)",
            "net.arch:1:10: '=>' is not in the language\n"
            "    input(3) => dense(4)\n"
            "             ^^ a chain is written '->'",
        ),
        (
            "input(3) > dense(4)",
            "net.arch:1:10: '>' compares two sizes\n"
            "    input(3) > dense(4)\n"
            "             ^ a chain is written '->'",
        ),
        (
            "model m = input(3) -> relu > dense(4)",
            "net.arch:1:28: '>' compares two sizes\n"
            "    model m = input(3) -> relu > dense(4)\n"
            "                               ^ a chain is written '->'",
        ),
        (
            "input(3) -- dense(4)",
            "net.arch:1:10: '--' is not in the language\n"
            "    input(3) -- dense(4)\n"
            "             ^^ a chain is written '->', a double minus '- -x'",
        ),
        (
            "input(3) --> dense(4)",
            "net.arch:1:10: '-->' is not in the language\n"
            "    input(3) --> dense(4)\n"
            "             ^^^ a chain is written '->', a double minus '- -x'",
        ),
        (
            "input(3) - > dense(4)",
            "net.arch:1:10: '- >' is not in the language\n"
            "    input(3) - > dense(4)\n"
            "             ^^^ a chain is written '->'",
        ),
        (
            "input(3) >> dense(4)",
            "net.arch:1:10: '>>' is not in the language\n"
            "    input(3) >> dense(4)\n"
            "             ^^ a chain is written '->'",
        ),
        (
            "input(3) |> dense(4)",
            "net.arch:1:10: '|>' is not in the language\n"
            "    input(3) |> dense(4)\n"
            "             ^^ a chain is written '->'",
        ),
        (
            "f -> g + id",
            "net.arch:1:8: '+' beside '->' needs parentheses\n"
            "    f -> g + id\n"
            "           ^ write 'f -> (g + id)' or '(f -> g) + id'",
        ),
        (
            "id + f -> g",
            "net.arch:1:4: '+' beside '->' needs parentheses\n"
            "    id + f -> g\n"
            "       ^ write '(id + f) -> g' or 'id + (f -> g)'",
        ),
        (
            "a -> b - c - d -> e",
            "net.arch:1:8: '-' beside '->' needs parentheses\n"
            "    a -> b - c - d -> e\n"
            "           ^ write 'a -> (b - c - d) -> e' or '(a -> b) - c - (d -> e)'",
        ),
        (
            "x -> conv(64, 3, stride = 2, pad = same) + id",
            "net.arch:1:42: '+' beside '->' needs parentheses\n"
            "    x -> conv(64, 3, stride = 2, pad = same) + id\n"
            "                                             ^ write 'x -> (… + id)' or '(x -> …) + id'",
        ),
        (
            "(a | b -> c)",
            "net.arch:1:4: '|' beside '->' needs parentheses\n"
            "    (a | b -> c)\n"
            "       ^ write '(a | b) -> c' or 'a | (b -> c)'",
        ),
        (
            "a + b | c",
            "net.arch:1:7: '|' beside '+' needs parentheses\n"
            "    a + b | c\n"
            "          ^ write 'a | (b + c)' or '(a | b) + c'",
        ),
        (
            "a | b - c",
            "net.arch:1:7: '|' beside '-' needs parentheses\n"
            "    a | b - c\n"
            "          ^ write 'a | (b - c)' or '(a | b) - c'",
        ),
        (
            "f -> if a then b else c",
            "net.arch:1:6: an 'if' in the middle needs parentheses\n"
            "    f -> if a then b else c\n"
            "         ^^ write '(if … then … else …)'",
        ),
        (
            "2 * if a then b else c",
            "net.arch:1:5: an 'if' in the middle needs parentheses\n"
            "    2 * if a then b else c\n"
            "        ^^ write '(if … then … else …)'",
        ),
    ],
    "values side by side": [
        (
            "3x",
            "net.arch:1:1: 'x' sticks to a number\n    3x\n    ^^ write '3 * x'",
        ),
        (
            "2Bx",
            "net.arch:1:1: 'Bx' sticks to a number\n    2Bx\n    ^^^ write '2B * x'",
        ),
        (
            "7k",
            "net.arch:1:1: 'k' sticks to a number\n"
            "    7k\n"
            "    ^^ the suffixes are K M B T, in capitals; or write '7 * k'",
        ),
        (
            "2x(4)",
            "net.arch:1:1: 'x' sticks to a number\n    2x(4)\n    ^^ write '2 * x'",
        ),
        (
            "dense(3 4)",
            "net.arch:1:9: expected ',' or an operator between '3' and '4'\n"
            "    dense(3 4)\n"
            "            ^",
        ),
        (
            "dense(h w)",
            "net.arch:1:9: expected ',' or an operator between 'h' and 'w'\n"
            "    dense(h w)\n"
            "            ^",
        ),
        (
            "[3\n 4]",
            "net.arch:2:2: expected ',' or an operator between '3' and '4'\n     4]\n     ^",
        ),
        (
            "a b",
            "net.arch:1:3: expected an operator between 'a' and 'b'\n"
            "    a b\n"
            "      ^ a chain is written 'a -> b'",
        ),
        (
            "2 x",
            "net.arch:1:3: expected an operator between '2' and 'x'\n"
            "    2 x\n"
            "      ^ write '2 * x'",
        ),
        (
            "2 (x)",
            "net.arch:1:3: '2' is a number and takes no '('\n    2 (x)\n      ^ write '2 * (…)'",
        ),
        (
            "f(a) b",
            "net.arch:1:6: expected an operator between ')' and 'b'\n"
            "    f(a) b\n"
            "         ^ a chain is written '… -> b'",
        ),
        (
            "x -> f y",
            "net.arch:1:8: expected an operator between 'f' and 'y'\n"
            "    x -> f y\n"
            "           ^ a chain is written 'f -> y'",
        ),
        (
            "xs[0 1]",
            "net.arch:1:6: expected ',' or an operator between '0' and '1'\n"
            "    xs[0 1]\n"
            "         ^",
        ),
        (
            "f(a (b) c)",
            "net.arch:1:9: expected ',' or an operator between ')' and 'c'\n"
            "    f(a (b) c)\n"
            "            ^",
        ),
        (
            "yes(3)",
            "net.arch:1:4: 'yes' takes no '('\n    yes(3)\n       ^",
        ),
        (
            "2.x",
            "net.arch:1:1: '2.' lacks the digits behind its point\n"
            "    2.x\n"
            "    ^^ write '2' or '2.0'",
        ),
        (
            "5.",
            "net.arch:1:1: '5.' lacks the digits behind its point\n"
            "    5.\n"
            "    ^^ write '5' or '5.0'",
        ),
        (
            'f("same")',
            "net.arch:1:3: quoted text stands only after 'import'\n"
            '    f("same")\n'
            "      ^^^^^^ write it without quotes",
        ),
        (
            'convention "keras"',
            "net.arch:1:12: quoted text stands only after 'import'\n"
            '    convention "keras"\n'
            "               ^^^^^^^ write it without quotes",
        ),
    ],
    "values left out": [
        (
            "f(a, , b)",
            "net.arch:1:6: a value is missing between ',' and ','\n    f(a, , b)\n         ^",
        ),
        (
            "f(,)",
            "net.arch:1:3: a value is missing between '(' and ','\n    f(,)\n      ^",
        ),
        (
            "[1,,2]",
            "net.arch:1:4: a value is missing between ',' and ','\n    [1,,2]\n       ^",
        ),
        (
            "a +",
            "net.arch:1:4: a value is missing after '+'\n    a +\n       ^",
        ),
        (
            "f(a + )",
            "net.arch:1:7: a value is missing between '+' and ')'\n    f(a + )\n          ^",
        ),
        (
            "* 3",
            "net.arch:1:1: '*' cannot begin a line\n    * 3\n    ^",
        ),
        (
            "and a",
            "net.arch:1:1: 'and' cannot begin a line\n    and a\n    ^^^",
        ),
        (
            "not",
            "net.arch:1:4: a value is missing after 'not'\n    not\n       ^",
        ),
        (
            "a and",
            "net.arch:1:6: a value is missing after 'and'\n    a and\n         ^",
        ),
        (
            "f(a).",
            "net.arch:1:6: a name is missing after '.'\n    f(a).\n         ^",
        ),
        (
            "if then a else b",
            "net.arch:1:4: a value is missing between 'if' and 'then'\n"
            "    if then a else b\n"
            "       ^^^^",
        ),
        (
            "if a then b else",
            "net.arch:1:17: a value is missing after 'else'\n"
            "    if a then b else\n"
            "                    ^",
        ),
        (
            "x =",
            "net.arch:1:4: a value is missing after '='\n    x =\n       ^",
        ),
        (
            "a, b =\n",
            "net.arch:1:7: a value is missing after '='\n    a, b =\n          ^",
        ),
        (
            "(a,,)",
            "net.arch:1:4: a value is missing between ',' and ','\n    (a,,)\n       ^",
        ),
        (
            "a -> b,",
            "net.arch:1:8: a value is missing after ','\n    a -> b,\n           ^",
        ),
        (
            "a where",
            "net.arch:1:8: a value is missing after 'where'\n    a where\n           ^",
        ),
    ],
    "conditions": [
        (
            "expect m.params = 5",
            "net.arch:1:17: '=' gives a value and does not compare\n"
            "    expect m.params = 5\n"
            "                    ^ write '=='",
        ),
        (
            "model m(h) = input(h) where h % 2 = 0",
            "net.arch:1:35: '=' gives a value and does not compare\n"
            "    model m(h) = input(h) where h % 2 = 0\n"
            "                                      ^ write '=='",
        ),
        (
            "model m(h) where h % 2 = 0 = input(h)",
            "net.arch:1:24: '=' gives a value and does not compare\n"
            "    model m(h) where h % 2 = 0 = input(h)\n"
            "                           ^ write '=='",
        ),
        (
            "x -> (if s = 1 then id else f)",
            "net.arch:1:12: '=' gives a value and does not compare\n"
            "    x -> (if s = 1 then id else f)\n"
            "               ^ write '=='",
        ),
        (
            "x -> (if s => 1 then id else f)",
            "net.arch:1:12: '=>' is not in the language\n"
            "    x -> (if s => 1 then id else f)\n"
            "               ^^ write '>='",
        ),
        (
            "if a then b",
            "net.arch:1:12: this 'if' has no 'else'\n"
            "    if a then b\n"
            "               ^ it is written 'if … then … else …'",
        ),
        (
            "f(if a then b)",
            "net.arch:1:14: this 'if' has no 'else'\n"
            "    f(if a then b)\n"
            "                 ^ it is written 'if … then … else …'",
        ),
        (
            "if a b else c",
            "net.arch:1:6: expected 'then' between 'a' and 'b'\n"
            "    if a b else c\n"
            "         ^ it is written 'if … then … else …'",
        ),
        (
            "if a else c",
            "net.arch:1:6: expected 'then' between 'a' and 'else'\n"
            "    if a else c\n"
            "         ^^^^ it is written 'if … then … else …'",
        ),
        (
            "if a then b c",
            "net.arch:1:13: this 'if' has no 'else'\n"
            "    if a then b c\n"
            "                ^ it is written 'if … then … else …'",
        ),
        (
            "a then b",
            "net.arch:1:3: 'then' without 'if'\n"
            "    a then b\n"
            "      ^^^^ it is written 'if … then … else …'",
        ),
        (
            "a else b",
            "net.arch:1:3: 'else' without 'if'\n"
            "    a else b\n"
            "      ^^^^ it is written 'if … then … else …'",
        ),
        (
            "a < b < c",
            "net.arch:1:7: comparisons do not chain\n"
            "    a < b < c\n"
            "          ^ write 'a < b and b < c'",
        ),
        (
            "expect 1 < m.params <= 3",
            "net.arch:1:21: comparisons do not chain\n"
            "    expect 1 < m.params <= 3\n"
            "                        ^^ write 'a < b and b < c'",
        ),
        (
            "a where b where c",
            "net.arch:1:11: 'where' cannot stand after 'b'\n"
            "    a where b where c\n"
            "              ^^^^^ it stands once, behind a head, a body or a bare value",
        ),
        (
            "f(a where b)",
            "net.arch:1:5: 'where' cannot stand after 'a'\n"
            "    f(a where b)\n"
            "        ^^^^^ it stands once, behind a head, a body or a bare value",
        ),
        (
            "x = 3 where x > 2",
            "net.arch:1:7: 'where' cannot stand after '3'\n"
            "    x = 3 where x > 2\n"
            "          ^^^^^ it stands once, behind a head, a body or a bare value",
        ),
    ],
    "calls and options": [
        (
            "conv(k = 3, 64)",
            "net.arch:1:13: a value without a name stands behind the option 'k'\n"
            "    conv(k = 3, 64)\n"
            "                ^^ values come first, options after them",
        ),
        (
            "conv(k = 3, a for a in xs)",
            "net.arch:1:13: a value without a name stands behind the option 'k'\n"
            "    conv(k = 3, a for a in xs)\n"
            "                ^^^^^^^^^^^^^ values come first, options after them",
        ),
        (
            "conv(k = 3, k = 4)",
            "net.arch:1:13: the option 'k' is given twice\n"
            "    conv(k = 3, k = 4)\n"
            "                ^\n"
            "net.arch:1:6: it is given here already\n"
            "    conv(k = 3, k = 4)\n"
            "         ^",
        ),
        (
            "conv(3, k == 2)",
            "net.arch:1:9: '==' compares, and an option is given with '='\n"
            "    conv(3, k == 2)\n"
            "            ^^^^^^ write 'k = …', or '(k == …)' to compare",
        ),
        (
            "f(x.y = 3)",
            "net.arch:1:7: an option is one name, '=' and its value\n    f(x.y = 3)\n          ^",
        ),
        (
            "f(3 = x)",
            "net.arch:1:5: an option is one name, '=' and its value\n    f(3 = x)\n        ^",
        ),
        (
            "f(a; b)",
            "net.arch:1:4: ';' inside '('\n    f(a; b)\n       ^ write ','",
        ),
        (
            "default conv",
            "net.arch:1:13: a default line gives options in parentheses\n"
            "    default conv\n"
            "                ^ write 'default conv(… = …)'",
        ),
        (
            "default conv 3",
            "net.arch:1:14: a default line gives options in parentheses\n"
            "    default conv 3\n"
            "                 ^ write 'default conv(… = …)'",
        ),
        (
            "default conv(3)",
            "net.arch:1:14: a default line gives options only\n"
            "    default conv(3)\n"
            "                 ^ write 'name = value'",
        ),
        (
            "default conv(bias = no, bias = yes)",
            "net.arch:1:25: the option 'bias' is given twice\n"
            "    default conv(bias = no, bias = yes)\n"
            "                            ^^^^\n"
            "net.arch:1:14: it is given here already\n"
            "    default conv(bias = no, bias = yes)\n"
            "                 ^^^^",
        ),
    ],
    "lists and ranges": [
        (
            "[a for c in xs if c]",
            "net.arch:1:16: a comprehension takes no condition\n"
            "    [a for c in xs if c]\n"
            "                   ^^ write '[if … then … else id for …]'",
        ),
        (
            "[a for c xs]",
            "net.arch:1:10: expected 'in' between 'c' and 'xs'\n"
            "    [a for c xs]\n"
            "             ^^ it is written '[… for c in …]'",
        ),
        (
            "[a for b in c for d in e]",
            "net.arch:1:15: one 'for' only\n"
            "    [a for b in c for d in e]\n"
            "                  ^^^ put a list inside: '[[… for b in …] for a in …]'",
        ),
        (
            "(a for b in c)",
            "net.arch:1:4: a 'for' stands inside [ ] or in a call\n"
            "    (a for b in c)\n"
            "       ^^^ write '[… for c in …]', or 'cat(… for c in …)'",
        ),
        (
            "a for b in c",
            "net.arch:1:3: a 'for' stands inside [ ] or in a call\n"
            "    a for b in c\n"
            "      ^^^ write '[… for c in …]', or 'cat(… for c in …)'",
        ),
        (
            "for x in y",
            "net.arch:1:1: a 'for' stands inside [ ] or in a call\n"
            "    for x in y\n"
            "    ^^^ write '[… for c in …]', or 'cat(… for c in …)'",
        ),
        (
            "a in b",
            "net.arch:1:3: 'in' stands after 'for', and in parameters\n    a in b\n      ^^",
        ),
        (
            "[f(a) for k in {1, 2}]",
            "net.arch:1:16: a list is written with '[' and ']'\n"
            "    [f(a) for k in {1, 2}]\n"
            "                   ^",
        ),
        (
            "1..n",
            "net.arch:1:2: '..' stands after 'in' only\n    1..n\n     ^^ write '1..n' after 'in'",
        ),
        (
            "f(1..n)",
            "net.arch:1:4: '..' stands after 'in' only\n"
            "    f(1..n)\n"
            "       ^^ write '1..n' after 'in'",
        ),
        (
            "f(...)",
            "net.arch:1:3: '...' stands for axes, in patterns and outputs only\n"
            "    f(...)\n"
            "      ^^^",
        ),
        (
            ".5",
            "net.arch:1:1: a number begins with a digit\n    .5\n    ^^ write '0.5'",
        ),
    ],
    "definitions": [
        (
            "model m",
            "net.arch:1:8: model 'm' has no body\n    model m\n           ^ write 'model m = …'",
        ),
        (
            "model m(h)",
            "net.arch:1:11: model 'm' has no body\n"
            "    model m(h)\n"
            "              ^ write 'model m = …'",
        ),
        (
            "model m =",
            "net.arch:1:10: model 'm' has no body\n    model m =\n             ^",
        ),
        (
            "model m =\nmodel n = input(3)",
            "net.arch:1:10: model 'm' has no body\n    model m =\n             ^",
        ),
        (
            "model m input(3)",
            "net.arch:1:9: expected '=' before the body of model 'm'\n"
            "    model m input(3)\n"
            "            ^^^^^",
        ),
        (
            "model m -> dense(3)",
            "net.arch:1:9: expected '=' before the body of model 'm'\n"
            "    model m -> dense(3)\n"
            "            ^^",
        ),
        (
            "model m {\n a }",
            "net.arch:1:9: expected '=' before the body of model 'm'\n    model m {\n            ^",
        ),
        (
            "model m == input(3)",
            "net.arch:1:9: '==' compares and gives no value\n"
            "    model m == input(3)\n"
            "            ^^ write '='",
        ),
        (
            "block f(c) [h, w] = id",
            "net.arch:1:12: expected 'on' before the axes\n"
            "    block f(c) [h, w] = id\n"
            "               ^ write 'on [h, w, c]'",
        ),
        (
            "block f on = id",
            "net.arch:1:12: the axes after 'on' are missing\n"
            "    block f on = id\n"
            "               ^ write 'on [h, w, c]'",
        ),
        (
            "block f on x = id",
            "net.arch:1:14: the axes of 'x' are missing\n"
            "    block f on x = id\n"
            "                 ^ write 'x[h, w, c]'",
        ),
        (
            "block f on [h, w + 1] = id",
            "net.arch:1:18: an axis is a name, a number, '_' or '...'\n"
            "    block f on [h, w + 1] = id\n"
            "                     ^",
        ),
        (
            "block f on [h, -1] = id",
            "net.arch:1:16: an axis is a name, a number, '_' or '...'\n"
            "    block f on [h, -1] = id\n"
            "                   ^",
        ),
        (
            "block f on [..., ...] = id",
            "net.arch:1:18: '...' can stand once in a pattern\n"
            "    block f on [..., ...] = id\n"
            "                     ^^^",
        ),
        (
            "block f on [] = id",
            "net.arch:1:13: an axis is a name, a number, '_' or '...'\n"
            "    block f on [] = id\n"
            "                ^",
        ),
        (
            "model m(3) = f",
            "net.arch:1:9: a parameter is a name\n"
            "    model m(3) = f\n"
            "            ^ write 'c', 's = 1' or 'h in 1..9'",
        ),
        (
            "model m(*args) = f",
            "net.arch:1:9: a parameter is a name\n"
            "    model m(*args) = f\n"
            "            ^ write 'c', 's = 1' or 'h in 1..9'",
        ),
        (
            "model m(h 3) = f",
            "net.arch:1:11: expected ',' or '=' between 'h' and '3'\n"
            "    model m(h 3) = f\n"
            "              ^",
        ),
        (
            "model m(h in [3, 5]) = f",
            "net.arch:1:20: expected '..' after ']'\n"
            "    model m(h in [3, 5]) = f\n"
            "                       ^ a domain is written '{3, 5, 7}' or '1..9'",
        ),
        (
            "model m(h in 3) = f",
            "net.arch:1:15: expected '..' after '3'\n"
            "    model m(h in 3) = f\n"
            "                  ^ a domain is written '{3, 5, 7}' or '1..9'",
        ),
        (
            "model m(c, c = 2) = f",
            "net.arch:1:12: the parameter 'c' is declared twice\n"
            "    model m(c, c = 2) = f\n"
            "               ^\n"
            "net.arch:1:9: it is declared here already\n"
            "    model m(c, c = 2) = f\n"
            "            ^",
        ),
        (
            "model in = f",
            "net.arch:1:7: 'in' is a keyword and cannot be a name\n    model in = f\n          ^^",
        ),
        (
            "model m(if) = f",
            "net.arch:1:9: 'if' is a keyword and cannot be a name\n"
            "    model m(if) = f\n"
            "            ^^",
        ),
        (
            "block f(in = 3) = id",
            "net.arch:1:9: 'in' is a keyword and cannot be a name\n"
            "    block f(in = 3) = id\n"
            "            ^^",
        ),
        (
            "layer f = id",
            "net.arch:1:9: expected the braces of layer 'f'\n"
            "    layer f = id\n"
            "            ^ what is defined with '=' is a block",
        ),
        (
            "layer f(x) on [..., i]",
            "net.arch:1:23: expected the braces of layer 'f'\n"
            "    layer f(x) on [..., i]\n"
            "                          ^ write 'layer f(…) on […] { … }'",
        ),
        (
            "layer f { }",
            "net.arch:1:11: the lines of a layer begin with weight, buffer, output or macs\n"
            "    layer f { }\n"
            "              ^",
        ),
        (
            "layer f { weights a[3] }",
            "net.arch:1:11: the lines of a layer begin with weight, buffer, output or macs\n"
            "    layer f { weights a[3] }\n"
            "              ^^^^^^^ did you mean 'weight'?",
        ),
        (
            "layer f { output o }",
            "net.arch:1:11: expected '[' after 'output'\n"
            "    layer f { output o }\n"
            "              ^^^^^^ write 'output [..., o]'",
        ),
        (
            "layer f { output [o, ...] }",
            "net.arch:1:22: '...' stands first in an output\n"
            "    layer f { output [o, ...] }\n"
            "                         ^^^",
        ),
        (
            "layer f { macs }",
            "net.arch:1:11: expected a size after 'macs'\n"
            "    layer f { macs }\n"
            "              ^^^^ write 'macs i * o'",
        ),
        (
            "layer f { a -> b }",
            "net.arch:1:11: the lines of a layer begin with weight, buffer, output or macs\n"
            "    layer f { a -> b }\n"
            "              ^",
        ),
        (
            "layer f {\n weight w\n output [1] }",
            "net.arch:2:10: weight 'w' has no shape\n"
            "     weight w\n"
            "             ^ write 'weight w[…]'",
        ),
    ],
    "bindings and braces": [
        (
            "f(x) = 3",
            "net.arch:1:6: a call cannot be given a value\n"
            "    f(x) = 3\n"
            "         ^ a template is written 'block f(…) = …'",
        ),
        (
            "(a, b) = x",
            "net.arch:1:8: only names take a value\n"
            "    (a, b) = x\n"
            "           ^ write 'x = …' or 'a, b = …'",
        ),
        (
            "a.b = 3",
            "net.arch:1:5: only names take a value\n"
            "    a.b = 3\n"
            "        ^ write 'x = …' or 'a, b = …'",
        ),
        (
            "x = y = 3",
            "net.arch:1:7: a second '=' in one line\n    x = y = 3\n          ^",
        ),
        (
            "yes = 3",
            "net.arch:1:1: 'yes' is a keyword and cannot be a name\n    yes = 3\n    ^^^",
        ),
        (
            "if = 3",
            "net.arch:1:1: 'if' is a keyword and cannot be a name\n    if = 3\n    ^^",
        ),
        (
            "y[h + 1] = 3",
            "net.arch:1:5: an axis is a name, a number, '_' or '...'\n    y[h + 1] = 3\n        ^",
        ),
        (
            "x = a, b",
            "net.arch:1:6: several values stand in parentheses here\n"
            "    x = a, b\n"
            "         ^ write '(a, b)'",
        ),
        (
            "a, b",
            "net.arch:1:1: several values stand in parentheses here\n"
            "    a, b\n"
            "    ^^^^ write '(a, b)'",
        ),
        (
            "shared E",
            "net.arch:1:9: expected '=' after 'E'\n"
            "    shared E\n"
            "            ^ write 'shared x = …'",
        ),
        (
            "shared E embed(3)",
            "net.arch:1:10: expected '=' after 'E'\n"
            "    shared E embed(3)\n"
            "             ^^^^^ write 'shared x = …'",
        ),
        (
            "weight w = 3",
            "net.arch:1:10: weight 'w' has no shape\n"
            "    weight w = 3\n"
            "             ^ write 'weight w[…]'",
        ),
        (
            "{ a = 3; b = 4 }",
            "net.arch:1:10: braces end in a value, and these end in a statement\n"
            "    { a = 3; b = 4 }\n"
            "             ^^^^^ write the result on a line of its own behind it",
        ),
        (
            "{ a; b }",
            "net.arch:1:3: nothing uses this value\n"
            "    { a; b }\n"
            "      ^ the last line of braces is their value; name the others",
        ),
        (
            "{ a where b == 3 }",
            "net.arch:1:11: 'where' stands behind the head or the body of a definition\n"
            "    { a where b == 3 }\n"
            "              ^^^^^^ move it behind '}'",
        ),
    ],
    "other languages": [
        (
            "def f(x):\n    return x",
            "net.arch:1:1: 'def' begins no statement here\n"
            "    def f(x):\n"
            "    ^^^ a template is written 'block f(x) = …'",
        ),
        (
            "class Net:",
            "net.arch:1:1: 'class' begins no statement here\n"
            "    class Net:\n"
            "    ^^^^^ a network is written 'model m(…) = …', a template 'block f(…) = …'",
        ),
        (
            "return x",
            "net.arch:1:1: 'return' begins no statement here\n"
            "    return x\n"
            "    ^^^^^^ the last line of braces is their value",
        ),
        (
            "let x = 3",
            "net.arch:1:1: 'let' begins no statement here\n    let x = 3\n    ^^^ write 'x = …'",
        ),
        (
            "for i in range(3):",
            "net.arch:1:1: a 'for' stands inside [ ] or in a call\n"
            "    for i in range(3):\n"
            "    ^^^ write '[… for c in …]', or 'cat(… for c in …)'",
        ),
        (
            "import torch",
            "net.arch:1:8: the file of an import stands in quotes\n"
            "    import torch\n"
            "           ^^^^^ write 'import \"torch.arch\"'",
        ),
        (
            "import blocks.arch",
            "net.arch:1:8: the file of an import stands in quotes\n"
            "    import blocks.arch\n"
            "           ^^^^^^ write 'import \"blocks.arch\"'",
        ),
        (
            "from x import y",
            "net.arch:1:1: 'from' begins no statement here\n"
            "    from x import y\n"
            "    ^^^^ write 'import \"blocks.arch\"'",
        ),
        (
            "modle m = input(3)",
            "net.arch:1:1: 'modle' begins no statement\n"
            "    modle m = input(3)\n"
            "    ^^^^^ did you mean 'model'?",
        ),
        (
            "expct m.params == 3",
            "net.arch:1:1: 'expct' begins no statement\n"
            "    expct m.params == 3\n"
            "    ^^^^^ did you mean 'expect'?",
        ),
        (
            "model m(h: int) = f",
            "net.arch:1:10: ':' is not in the language\n"
            "    model m(h: int) = f\n"
            "             ^ nothing takes a ':' here; options are written with '=', a range with '..'",
        ),
        (
            "f(x) { a }",
            "net.arch:1:6: expected an operator between ')' and '{'\n    f(x) { a }\n         ^",
        ),
        (
            "lambda x: x",
            "net.arch:1:1: 'lambda' begins no statement here\n"
            "    lambda x: x\n"
            "    ^^^^^^ a template is written 'block f(x) = …'",
        ),
        (
            "a && b",
            "net.arch:1:3: '&' is not in the language\n    a && b\n      ^ write 'and'",
        ),
        (
            "a || b",
            "net.arch:1:3: '||' is not in the language\n    a || b\n      ^^ write 'or'",
        ),
        (
            "!a",
            "net.arch:1:1: '!' is not in the language\n"
            "    !a\n"
            "    ^ write 'not', or '!=' for 'differs'",
        ),
        (
            "a ? b : c",
            "net.arch:1:3: '?' is not in the language\n"
            "    a ? b : c\n"
            "      ^ a condition is written 'if … then … else …'",
        ),
    ],
    "characters": [
        (
            "a × b",
            "net.arch:1:3: '×' is not in the language\n    a × b\n      ^ write '*'",
        ),
        (
            "a · b",
            "net.arch:1:3: '·' is not in the language\n    a · b\n      ^ write '*'",
        ),
        (
            "a ≤ b",
            "net.arch:1:3: '≤' is not in the language\n    a ≤ b\n      ^ write '<='",
        ),
        (
            "a ≠ b",
            "net.arch:1:3: '≠' is not in the language\n    a ≠ b\n      ^ write '!='",
        ),
        (
            "f（x）",
            "net.arch:1:2: '（' is not in the language\n    f（x）\n     ^ write '('",
        ),
        (
            "h²",
            "net.arch:1:2: '²' is not in the language\n    h²\n     ^ write '^2'",
        ),
        (
            "3²",
            "net.arch:1:2: '²' is not in the language\n    3²\n     ^ write '^2'",
        ),
        (
            "x⁻¹",
            "net.arch:1:2: '⁻' is not in the language\n    x⁻¹\n     ^ write '^-'",
        ),
        (
            "½",
            "net.arch:1:1: '½' cannot be part of a name\n    ½\n    ^",
        ),
        (
            "f('same')",
            "net.arch:1:3: the quote ' is not in the language\n"
            "    f('same')\n"
            '      ^ words are written without quotes, the file of an import in "…"',
        ),
        (
            "f(“same”)",
            "net.arch:1:3: the quote “ is not in the language\n"
            "    f(“same”)\n"
            '      ^ words are written without quotes, the file of an import in "…"',
        ),
        (
            '"abc',
            "net.arch:1:1: '\"' begins a text\n"
            '    "abc\n'
            "    ^ the quote is never closed on its line",
        ),
        (
            'import "abc',
            "net.arch:1:8: '\"' begins a text\n"
            '    import "abc\n'
            "           ^ the quote is never closed on its line",
        ),
        (
            "a\u200bb",
            "net.arch:1:2: an invisible character, U+200B (zero width space)\n"
            "    a\u200bb\n"
            "     ^ remove it",
        ),
        (
            "a – b",
            "net.arch:1:3: '–' is not in the language\n    a – b\n      ^ write '-'",
        ),
        (
            "a ⇒ b",
            "net.arch:1:3: '⇒' is not in the language\n    a ⇒ b\n      ^ write '->'",
        ),
        (
            "$x",
            "net.arch:1:1: '$' is not in the language\n    $x\n    ^ names are written without it",
        ),
        (
            "a@b",
            "net.arch:1:2: '@' is not in the language\n"
            "    a@b\n"
            "     ^ a matrix product is a layer: dense(…), linear(…)",
        ),
        (
            "1__0",
            "net.arch:1:1: an underscore stands between two digits\n    1__0\n    ^^^^",
        ),
        (
            "1_",
            "net.arch:1:1: an underscore stands between two digits\n    1_\n    ^^",
        ),
        (
            "1e99999999999",
            "net.arch:1:1: a number has at most 4,300 digits\n    1e99999999999\n    ^^^^^^^^^^^^^",
        ),
        (
            "a\\\nb",
            "net.arch:1:2: '\\' is not in the language\n"
            "    a\\\n"
            "     ^ a line goes on by itself behind or before '->'",
        ),
        (
            "a\x00b",
            "net.arch:1:2: an invisible character, U+0000 (control character)\n"
            "    a\x00b\n"
            "     ^ remove it",
        ),
        (
            "☃",
            "net.arch:1:1: '☃' is not in the language\n    ☃\n    ^",
        ),
    ],
    "where the error is": [
        (
            "input(3)\n    -> dense(4)\n    -> conv(3 3)\n",
            "net.arch:3:15: expected ',' or an operator between '3' and '3'\n"
            "        -> conv(3 3)\n"
            "                  ^",
        ),
        (
            "a -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> -> c -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d -> d",
            "net.arch:1:206: two '->' in a row\n"
            "    …b -> b -> b -> b -> b -> b -> b -> b -> b -> b -> -> c -> d -> d -> d -> d -> d -> d -> d -> d -> d …\n"
            "                                                       ^^ a layer is missing between them",
        ),
        (
            "\tf(a b)",
            "net.arch:1:6: expected ',' or an operator between 'a' and 'b'\n"
            "    \tf(a b)\n"
            "    \t    ^",
        ),
    ],
}

# What is read as one expression.
EXPRESSIONS: list[tuple[str, str]] = [
    (
        "",
        "<formula>:1:1: the expression is empty\n    \n    ^",
    ),
    (
        "a b",
        "<formula>:1:3: expected an operator between 'a' and 'b'\n"
        "    a b\n"
        "      ^ a chain is written 'a -> b'",
    ),
    (
        "f(",
        "<formula>:1:2: '(' was never closed\n    f(\n     ^ it opens the arguments of 'f'",
    ),
    (
        "m.params = 5",
        "<formula>:1:10: '=' gives a value and does not compare\n"
        "    m.params = 5\n"
        "             ^ write '=='",
    ),
    (
        "a; b",
        "<formula>:1:2: one expression is read here, and it ends before ';'\n    a; b\n     ^",
    ),
    (
        "a\n; b",
        "<formula>:2:1: one expression is read here, and it ends before ';'\n    ; b\n    ^",
    ),
    (
        "model m = 3",
        "<formula>:1:1: one expression is read here, and no statement\n    model m = 3\n    ^^^^^",
    ),
    (
        "a, b",
        "<formula>:1:2: several values stand in parentheses here\n    a, b\n     ^ write '(a, b)'",
    ),
    (
        "h = 3",
        "<formula>:1:3: '=' gives a value and does not compare\n    h = 3\n      ^ write '=='",
    ),
    (
        "(a = 3)",
        "<formula>:1:4: '=' gives a value and does not compare\n    (a = 3)\n       ^ write '=='",
    ),
]

"""Values, conditions, calls and lists."""

from __future__ import annotations

FILES: dict[str, list[tuple[str, str]]] = {
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
            "    ^^ the suffixes are K M B G T, and of bytes KB KiB MB MiB …; or write '7 * k'",
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
            '"same"',
            "net.arch:1:1: quoted text is only the file of an import, a notation, or an equation\n"
            '    "same"\n'
            "    ^^^^^^ write it without quotes",
        ),
        (
            '[8, "same"]',
            "net.arch:1:5: quoted text is only the file of an import, a notation, or an equation\n"
            '    [8, "same"]\n'
            "        ^^^^^^ write it without quotes",
        ),
        (
            'convention "keras"',
            "net.arch:1:12: quoted text is only the file of an import, a notation, or an equation\n"
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
}

"""Brackets, chains, and where an error stands."""

from __future__ import annotations

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

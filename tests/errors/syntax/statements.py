"""Definitions and bindings."""

from __future__ import annotations

FILES: dict[str, list[tuple[str, str]]] = {
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
            "net.arch:1:11: the lines of a layer begin with weight, table, buffer, output or macs\n"
            "    layer f { }\n"
            "              ^",
        ),
        (
            "layer f { weights a[3] }",
            "net.arch:1:11: the lines of a layer begin with weight, table, buffer, output or macs\n"
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
            "net.arch:1:11: the lines of a layer begin with weight, table, buffer, output or macs\n"
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
            "table t = 3",
            "net.arch:1:9: table 't' has no shape\n"
            "    table t = 3\n"
            "            ^ write 'table t[…]'",
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
    "variants": [
        (
            "variant x of m(4)",
            "net.arch:1:16: a variant gives values by name\n    variant x of m(4)\n                   ^ write 'name = value'",
        ),
        (
            "variant x m",
            "net.arch:1:11: 'm' cannot stand after 'x'\n    variant x m\n              ^ it is written 'variant medium of net(h = 1024)'",
        ),
        (
            "variant of m",
            "net.arch:1:12: 'm' cannot stand after 'of'\n    variant of m\n               ^ it is written 'variant medium of net(h = 1024)'",
        ),
        (
            "variant x of m(h == 4)",
            "net.arch:1:18: '==' compares and gives no value\n    variant x of m(h == 4)\n                     ^^ write '='",
        ),
        (
            "varaint x of m",
            "net.arch:1:1: 'varaint' begins no statement\n    varaint x of m\n    ^^^^^^^ did you mean 'variant'?",
        ),
        (
            "variant x of m(l = 1",
            "net.arch:1:15: '(' was never closed\n    variant x of m(l = 1\n                  ^ it opens the arguments of 'm'",
        ),
        (
            "variant 7 B of m",
            "net.arch:1:9: '7 B' cannot stand after 'variant'\n    variant 7 B of m\n            ^^^ it is written 'variant medium of net(h = 1024)'",
        ),
        (
            "variant x of 7B",
            "net.arch:1:14: '7B' cannot stand after 'of'\n    variant x of 7B\n                 ^^ it is written 'variant medium of net(h = 1024)'",
        ),
        (
            "variant x of m(h = 4, h = 5)",
            "net.arch:1:23: the option 'h' is given twice\n    variant x of m(h = 4, h = 5)\n                          ^\nnet.arch:1:16: it is given here already\n    variant x of m(h = 4, h = 5)\n                   ^",
        ),
        (
            "variant x of m.",
            "net.arch:1:16: a name is missing after '.'\n    variant x of m.\n                   ^",
        ),
    ],
}

"""Words and characters of other languages; single expressions."""

from __future__ import annotations

FILES: dict[str, list[tuple[str, str]]] = {
    "signs of other languages": [
        (
            "expect m.params =< 7B",
            "net.arch:1:17: '=<' is not in the language\n    expect m.params =< 7B\n                    ^^ write '<='",
        ),
        (
            "expect m.params => 7B",
            "net.arch:1:17: '=>' is not in the language\n    expect m.params => 7B\n                    ^^ write '>='",
        ),
        (
            "expect m.params =! 7",
            "net.arch:1:17: '=!' is not in the language\n    expect m.params =! 7\n                    ^^ write '!='",
        ),
        (
            "expect m.params =~ 7",
            "net.arch:1:17: '=~' is not in the language\n    expect m.params =~ 7\n                    ^^ write '~='",
        ),
        (
            "expect m.params <> 7",
            "net.arch:1:17: '<>' is not in the language\n    expect m.params <> 7\n                    ^^ write '!='",
        ),
        (
            "expect m.params === 7",
            "net.arch:1:17: '===' is not in the language\n    expect m.params === 7\n                    ^^^ write '=='",
        ),
        (
            "expect m.params !== 7",
            "net.arch:1:17: '!==' is not in the language\n    expect m.params !== 7\n                    ^^^ write '!='",
        ),
        (
            "expect m.params >== 7",
            "net.arch:1:17: '>==' is not in the language\n    expect m.params >== 7\n                    ^^^ write '>='",
        ),
        (
            "expect m.params <== 7",
            "net.arch:1:17: '<==' is not in the language\n    expect m.params <== 7\n                    ^^^ write '<='",
        ),
        (
            "model m(h) where h =< 4 = input(h)",
            "net.arch:1:20: '=<' is not in the language\n    model m(h) where h =< 4 = input(h)\n                       ^^ write '<='",
        ),
        (
            "input(3) -> (if s =< 1 then id else f)",
            "net.arch:1:19: '=<' is not in the language\n    input(3) -> (if s =< 1 then id else f)\n                      ^^ write '<='",
        ),
        (
            "model m => input(3)",
            "net.arch:1:9: '=>' is not in the language\n    model m => input(3)\n            ^^ write '='",
        ),
        (
            "input(8) -> dense(4, bias => no)",
            "net.arch:1:27: '=>' is not in the language\n    input(8) -> dense(4, bias => no)\n                              ^^ write '='",
        ),
        (
            "7g",
            "net.arch:1:1: 'g' sticks to a number\n    7g\n    ^^ the suffixes are K M B G T, and of bytes KB KiB MB MiB …; or write '7 * g'",
        ),
        (
            "7Gh",
            "net.arch:1:1: 'Gh' sticks to a number\n    7Gh\n    ^^^ write '7G * h'",
        ),
        (
            "2GOps",
            "net.arch:1:1: 'GOps' sticks to a number\n    2GOps\n    ^^^^^ write '2G * Ops'",
        ),
        (
            "expect m.macs ~= 7 G GMACs",
            "net.arch:1:18: a number has one suffix and one unit\n    expect m.macs ~= 7 G GMACs\n                     ^^^^^^^^^ as in '3.8 GMACs'",
        ),
        (
            "√(4)",
            "net.arch:1:1: '√' is not in the language\n    √(4)\n    ^ sizes have no roots; the layer is 'sqrt'",
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

"""What binds tighter, shown with parentheses around everything."""

from __future__ import annotations

import pytest

from symparams.errors import Source
from symparams.language import parse_expression, tree


def bracketed(node: tree.SyntaxNode) -> str:
    """A text with all structure in it."""
    match node:
        case tree.Name(id=name):
            return name
        case tree.Number(literal=literal):
            return literal
        case tree.Group(body=body):
            return f"<{bracketed(body)}>"
        case tree.Negate(body=body):
            return f"(- {bracketed(body)})"
        case tree.Not(body=body):
            return f"(not {bracketed(body)})"
        case tree.Power(base=base, exponent=exponent):
            return f"({bracketed(base)} ^ {bracketed(exponent)})"
        case tree.Sum(first=first, rest=rest) | tree.Product(first=first, rest=rest):
            return f"({bracketed(first)}{''.join(f' {op} {bracketed(e)}' for op, e in rest)})"
        case tree.Chain(items=items):
            return f"({' -> '.join(map(bracketed, items))})"
        case tree.Junction(op=op, items=items):
            return f"({f' {op} '.join(map(bracketed, items))})"
        case tree.Compare(left=left, op=op, right=right):
            return f"({bracketed(left)} {op} {bracketed(right)})"
        case tree.If(condition=c, then=a, otherwise=b):
            return f"(if {bracketed(c)} then {bracketed(a)} else {bracketed(b)})"
        case tree.Call(function=function, args=args):
            return f"{bracketed(function)}[call {', '.join(map(bracketed, args))}]"
        case tree.Index(base=base, indices=indices):
            return f"{bracketed(base)}[at {', '.join(map(bracketed, indices))}]"
        case tree.Attribute(base=base, name=name):
            return f"{bracketed(base)}.{name}"
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("source", "structure"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("a - b + c", "(a - b + c)"),
        ("a * b / c // d % e", "(a * b / c // d % e)"),
        ("a * b + c * d", "((a * b) + (c * d))"),
        ("a -> b * 3 -> c", "(a -> (b * 3) -> c)"),
        ("a -> b == c -> d", "((a -> b) == (c -> d))"),
        ("a | b | c", "(a | b | c)"),
        ("a | b * c", "(a | (b * c))"),
        ("-a * b", "((- a) * b)"),
        ("-a ^ b", "(- (a ^ b))"),
        ("a ^ -b", "(a ^ (- b))"),
        ("a ^ -b ^ c", "(a ^ (- (b ^ c)))"),
        ("a ^ -b * c", "((a ^ (- b)) * c)"),
        ("a ^ b ^ c", "(a ^ (b ^ c))"),
        ("a ** b", "(a ^ b)"),
        ("-a + b", "((- a) + b)"),
        ("a - -b", "(a - (- b))"),
        ("f(x) ^ 2", "(f[call x] ^ 2)"),
        ("-f.x[0](y)", "(- f.x[at 0][call y])"),
        ("not a == b", "(not (a == b))"),
        ("not a and b", "((not a) and b)"),
        ("a and b or c and d", "((a and b) or (c and d))"),
        ("a or b or c", "(a or b or c)"),
        ("a == b and c < d", "((a == b) and (c < d))"),
        ("a + b < c * d", "((a + b) < (c * d))"),
        ("if a or b then c else d -> e", "(if (a or b) then c else (d -> e))"),
        ("if a then b else c + d", "(if a then b else (c + d))"),
        ("if a then if b then c else d else e", "(if a then (if b then c else d) else e)"),
        ("if a then b else if c then d else e", "(if a then b else (if c then d else e))"),
        ("(if a then b else c) -> d", "(<(if a then b else c)> -> d)"),
        ("a -> (b + c)", "(a -> <(b + c)>)"),
        ("2 * a % 3 == 0", "((2 * a % 3) == 0)"),
    ],
)
def test_structure(source: str, structure: str) -> None:
    """Loosest first: if, or, and, not, comparison, ->, + - |, * / // %, unary -, ^, postfix."""
    assert bracketed(parse_expression(Source("<test>", source))) == structure

"""What is stated decides, and an index is no size: whole sources, by the command line."""

from __future__ import annotations

import pytest

from tests.cli.running import run

GROWS = "block g on [d] = (id | (linear(max(d, 4)) -> linear(1))); model m = input(3) -> "
ONE_OR_TWO = "linear(if c == 64 then 1 else 2)"

ANSWERS = [
    # an index counts from 0, an axis that grows begins at its first value
    (("count", GROWS + "g * 4"), "108\n"),
    (("count", GROWS + "g -> g -> g -> g"), "108\n"),
    (("formula", "input(1) -> linear(sum(max(j, 1) for j in 0..n))"), "n/2*(n + 1) + 1\n"),
    (("formula", "input(1) -> linear(sum(max(j, 3) for j in 2..n + 1))"), "n/2*(n + 3) + 1\n"),
    (("formula", "input(1) -> linear(sum(max(j, 0 - j) for j in 0-2..n))"), "n/2*(n + 1) + 3\n"),
    (("count", "input(1) -> linear(sum(max(j, 1) for j in 0..n))", "--set", "n=4"), "11\n"),
    # bounds both ways, and what is not equal
    (("formula", f"model m(c) where c != 64 = input(c) -> {ONE_OR_TWO}"), "2*c\nif c != 64\n"),
    (("formula", f"model m(c) where c < 64 = input(c) -> {ONE_OR_TWO}"), "2*c\nif c < 64\n"),
    (("formula", f"model m(c) where c <= 63 = input(c) -> {ONE_OR_TWO}"), "2*c\nif c <= 63\n"),
    (("formula", f"model m(c) where c > 64 = input(c) -> {ONE_OR_TWO}"), "2*c\nif c > 64\n"),
    # with a default the symbol stays
    (("formula", f"model m(c = 18) where c <= 63 = input(c) -> {ONE_OR_TWO}"), "2*c\nif c <= 63\n"),
    (
        ("formula", f"model m(c = 18) where c <= 64 = input(c) -> {ONE_OR_TWO}"),
        "36\nfor c = 18\n",
    ),
    (
        (
            "formula",
            "model m(i, f) where i != f = input(i) -> (if i == f then linear(1) else linear(2))",
        ),
        "2*i\nif i != f\n",
    ),
    # two sizes that may be equal: the other branch counts the same there
    (
        (
            "formula",
            "model m(s, N, V, d) where s <= N = tokens(s) -> embed(V, d) -> learned_positions(N)",
        ),
        "d*(N + V)\nif s <= N\n",
    ),
    (
        ("formula", "model m(s, N, V, d) = tokens(s) -> embed(V, d) -> learned_positions(N)"),
        "d*(N + V)\nif N >= s\n",
    ),
    (
        (
            "count",
            "model m(s, N, V, d) where s <= N = tokens(s) -> embed(V, d) -> learned_positions(N)",
            "--set",
            "s=4,N=4,V=3,d=2",
        ),
        "14\n",
    ),
    (("formula", "model m(s, N) where s <= N = input(s) -> linear(max(s, N))"), "N*s\nif s <= N\n"),
    # divisibility under factors, products and numbers
    (
        (
            "formula",
            "model m(n, p) where n % (2*p) == 0 = input(n // 2) -> linear(n // p)"
            " -> linear(n // (2*p)) -> linear(n / 2)",
        ),
        "n^2/p*(3/4 + 1/(2*p))\nif n % (2*p) == 0\n",
    ),
    (
        ("formula", "model m(n, p) where n % p == 0 = input(4) -> linear(n // p)", "--set", "n=64"),
        "256/p\nif n % p == 0\n",
    ),
    (
        ("formula", "model m(n) where n % 16 == 12 = input(4) -> linear(n // 16) -> linear(n / 4)"),
        "n^2/64 + n/16 - 3\nif n % 16 == 12\nif floor(n/16) > 0\n",
    ),
    (
        ("formula", "model m(W, H) where W == H = input(W // 2 - H // 2 + 3) -> linear(2)"),
        "-2*(floor(H/2) - floor(W/2) - 3)\nif W == H\n",
    ),
    # what something is divided by is not 0
    (
        ("formula", "model m(h) = input(4) -> linear(h // (h // 4))"),
        "4*floor(h/floor(h/4))\nif h >= 4\nif floor(h/floor(h/4)) > 0\n",
    ),
    # a default for what a general pass cannot say
    (
        ("formula", "model m(n = 3) = input(4) -> [dense(k // 2 + 1) for k in 1..n]"),
        "15\nfor n = 3\n",
    ),
    (
        ("formula", "model m(n = 3) = input(4) -> [dense(k) for k in 1..n]"),
        "n^3/3 + n^2/2 + n/6 + 4\n",
    ),
    (
        ("formula", "model m(n = 3) = { a = [k*k for k in 1..n]; input(4) -> linear(a[1]) }"),
        "16\nfor n = 3\n",
    ),
    (
        (
            "formula",
            "model m(n = 3) = input(4) -> [(if k == 2 then linear(4) else dense(4)) for k in 1..n]",
        ),
        "56\nfor n = 3\n",
    ),
]


@pytest.mark.parametrize(("args", "out"), ANSWERS, ids=[" ".join(a) for a, _ in ANSWERS])
def test_answers(args, out):
    made = run(*args)
    assert (made.code, made.out) == (0, out), made.err


REFUSED = [
    (
        ("prove", "input(1) -> linear(sum(max(j, 1) for j in 0..n))", "n*(n+1)/2"),
        1,
        "at n = 1:          2 against 1",
    ),
    (
        ("prove", "input(h) -> linear(3) where n + n == 7", "3*h"),
        2,
        """\
<text>:1:29: no size meets the assumption 'n + n == 7'
    input(h) -> linear(3) where n + n == 7
                                ^^^^^^^^^^
""",
    ),
    (
        ("formula", "input(h) -> linear(3) where 2*h == 7"),
        2,
        """\
<text>:1:29: no size meets the assumption '2*h == 7'
    input(h) -> linear(3) where 2*h == 7
                                ^^^^^^^^
""",
    ),
    (
        ("count", "model m(h = 2) where h < 5, h > 7 = input(h) -> linear(2)"),
        2,
        """\
<text>:1:29: the assumption 'h > 7' does not hold
""",
    ),
    (
        ("formula", "model m(h) where h < 5, h > 7 = input(h) -> linear(2)"),
        2,
        """\
<text>:1:25: no size meets the assumptions 'h > 7' and 'h < 5'
    model m(h) where h < 5, h > 7 = input(h) -> linear(2)
                            ^^^^^
""",
    ),
    (
        ("formula", "model m(h in 1..3) where h % 4 == 0 = input(h) -> linear(2)"),
        2,
        """\
<text>:1:26: no size meets the assumption 'h % 4 == 0'
    model m(h in 1..3) where h % 4 == 0 = input(h) -> linear(2)
                             ^^^^^^^^^^ 'h' is in 1..3
""",
    ),
    (
        ("formula", "model m(s, N) where s <= N = input(s) -> linear(if N == s then 1 else 2)"),
        2,
        """\
<text>:1:52: whether N == s depends on 'N' and 's'
    model m(s, N) where s <= N = input(s) -> linear(if N == s then 1 else 2)
                                                       ^^^^^^ give 'N' and 's' a value or a default
""",
    ),
    (
        ("formula", "input(4) -> linear(1 + sum(j // j for j in 0..n))"),
        2,
        """\
<text>:1:47: where a range ends depends on 'n'
    input(4) -> linear(1 + sum(j // j for j in 0..n))
                                                  ^ give 'n' a value or a default
""",
    ),
    (
        ("formula", "model m(h in 1..3) = input(4) -> linear(h // (h // 4))"),
        2,
        """\
<text>:1:46: division by zero
    model m(h in 1..3) = input(4) -> linear(h // (h // 4))
                                                 ^^^^^^^^
""",
    ),
]


@pytest.mark.parametrize(("args", "code", "says"), REFUSED, ids=[" ".join(a) for a, *_ in REFUSED])
def test_refusals(args, code, says):
    made = run(*args)
    assert made.code == code
    assert says in made.out + made.err


def test_a_claim_at_a_number_keeps_what_is_known(tmp_path):
    """``64/p`` is whole, as ``n/p`` was."""
    (tmp_path / "claims.arch").write_text(
        "model m(n, p) where n % p == 0 = input(4) -> linear(n // p)\n"
        "expect m(n = 64).params == 4*64/p\n"
        "expect m(n = 2*p).params == 8\n"
    )
    made = run("check", "claims.arch", cwd=tmp_path)
    assert made.code == 0
    assert "2 hold" in made.out

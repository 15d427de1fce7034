"""Domains and repeats beyond what a machine word holds: an answer or a clear error, and soon."""

from __future__ import annotations

import time

import pytest

import symparams
from symparams.analysis.checks import check
from symparams.errors import Source, SymparamsError
from tests.properties.test_only_our_errors import answered

HUGE = ["2^63", "2^63 - 1", "2^64 + 1", "10^40", "2^100"]

SOURCES = [
    "model m(h in 1..{}) = input(h) -> (if h == 3 then dense(8) else linear(8))",
    "model m(h in 1..{} step 7) = input(h) -> (if h % 2 == 0 then dense(8) else linear(8))",
    "model m(h in 1..{}) = input(h) -> dense(8) where h != 3, h % 5 == 0",
    "model m(h in 1..{}, n in 1..{}) = input(h) -> (if h > n then dense(n) else linear(n))",
    "model m(h in 1..{}) = input(h) -> split(2)[0] -> dense(3)",
    "model m(h in {}..2*{}) = input(8) -> dense(h // 3)",
    "model m(n in 1..{}) = input(8) -> dense(8) * n",
    "model m(n in 1..{}) = input(8) -> (id | linear(3)) * n",
    "model m = input(8) -> dense(8) * ({})",
    "model m = input(8) -> split(2)[0] * ({})",
    "model m = input(64, 64, 3) -> conv(3, 3) * ({})",
    "model m = input(8) -> [dense(8) for k in 1..{}]",
    "model m = input(8) -> [dense(k) for k in 1..{}]",
    "model m = input(8) -> linear(sum(j for j in 1..{}))",
    "model m(h in {{1, {}}}) = input(h) -> (if h == 1 then dense(8) else linear(8))",
    "model m(h in 1..{}) = input(h) -> linear(1)\nexpect m.params <= {}\nexpect m.params != 0",
    "model m(h in 1..{}) = input(h) -> linear(1)\nexpect m.params == h where h > 3",
]  # fmt: skip


@pytest.mark.parametrize("huge", HUGE)
@pytest.mark.parametrize("source", SOURCES)
def test_huge_numbers_are_answered(source, huge):
    start = time.process_time()
    answered(source.format(*[huge] * source.count("{}")))
    assert time.process_time() - start < 10  # a bound on a hang: machines are shared


def test_a_claim_over_a_huge_domain_is_decided():
    text = (
        "model m(h in 1..2^62) = input(h) -> linear(1)\n"
        "expect m.params <= 2^62\n"
        "expect m.params >= 1\n"
    )
    result = check([Source("net.arch", text)])
    assert result.holds, [str(e) for e in result.errors]


def test_a_claim_that_fails_at_the_far_end_does_not_hold():
    text = "model m(h in 1..2^62) = input(h) -> linear(1)\nexpect m.params < 2^62\n"
    assert not check([Source("net.arch", text)]).holds


@pytest.mark.parametrize("huge", HUGE)
@pytest.mark.parametrize(
    "words",
    [
        ["search", "input(h) -> dense(n)", "--over", "h=1..9,n=1..{}", "--count", "--time-limit", "0.5"],
        ["search", "input(h) -> dense(n)", "--over", "h=1..{},n=1..{}", "--maximize", "params",
         "--budget", "params <= 1000", "--time-limit", "0.5"],
        ["search", "input(h) -> dense(n)", "--over", "h=1..{},n=1..{}", "--sample", "2"],
        ["search", "input(h) -> dense(n)", "--over", "n=1..{}", "--pareto", "params,min:macs",
         "--set", "h=3", "--time-limit", "0.5"],
        ["solve", "input(h) -> dense(n)", "params <= {}", "--for", "n", "--set", "h=3"],
        ["solve", "input(h) -> dense(n)", "params <= 1000", "--for", "n", "--over", "n=1..{}", "--set", "h=3"],
        ["sweep", "input(h) -> dense(n)", "--over", "n=1..{}", "--set", "h=3"],
        ["sensitivity", "input(h) -> dense(n)", "--set", "h={},n=3"],
        ["prove", "input(h) -> dense(n)", "h*n + n + {}"],
    ],
    ids=lambda words: " ".join(words)[:60],
)  # fmt: skip
def test_huge_numbers_on_the_command_line(words, huge):
    from tests.cli.running import run

    text = huge.replace(" ", "")
    result = run(*(w.format(*[text] * w.count("{}")) for w in words))
    assert result.code in (0, 1, 2, 3)
    assert result.out or result.err


def test_our_error_is_what_a_negative_repeat_says():
    model = "input(8) -> dense(8) * (3 - 2^64)"
    with pytest.raises(SymparamsError, match="cannot repeat"):
        symparams.parse(model).count()

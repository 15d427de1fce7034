"""``symparams search`` as a user types it: pages, formats, exit codes."""

import io
import json

import pytest

from symparams.cli.progress import counting_up
from symparams.search.clock import Clock, OutOfTimeError
from tests.cli.running import run

GPT = [
    "zoo:gpt2",
    "--set",
    "s=2048,a=1",
    "--over",
    "h=256..16384:64,l=6..128",
    "--budget",
    "params <= 7B",
]

BEST = """Sizes of gpt2 with the largest params
 l      h         params   below 7B
-----------------------------------
83  2,624  6,997,919,360  2,080,640
 9  7,808  6,993,531,904  6,468,096
space: 31,119 configurations
feasible: 6,247 configurations
proof: optimal: branch and bound, 2 nodes; nothing is above 6,997,919,360
at the defaults V = 50257
given s = 2048, a = 1
"""


def test_the_best():
    result = run("search", *GPT, "--maximize", "params", "--top", "2", "--count")
    assert (result.err, result.code) == ("", 0)
    shown, wanted = result.out.splitlines(), BEST.splitlines()
    proof = next(k for k, line in enumerate(wanted) if line.startswith("proof"))
    assert shown[:proof] == wanted[:proof]
    assert shown[proof].startswith("proof: optimal: branch and bound, ")
    assert shown[proof].endswith(" nodes; nothing is above 6,997,919,360")
    assert shown[proof + 1 :] == wanted[proof + 1 :]


def test_json():
    out = run(
        "search", *GPT, "--budget", "macs <= 20T", "--maximize", "l*h^2", "--format", "json"
    ).out
    found = json.loads(out)
    assert found["proved"] is True
    assert found["engine"] == "branch and bound"
    assert found["budgets"] == ["params <= 7B", "macs <= 20T"]
    assert found["domains"] == {"l": "6..128", "h": "256..16384 step 64"}
    assert found["given"] == {"s": 2048, "a": 1}
    (row,) = found["rows"]
    h, depth = row["h"], row["l"]
    assert row["l*h^2"] == found["bound"] == depth * h * h
    assert row["params"] == 50257 * h + 2048 * h + depth * (12 * h * h + 13 * h) + 2 * h
    assert row["slack of params <= 7B"] == 7 * 10**9 - row["params"]
    assert row["macs"] + row["slack of macs <= 20T"] == 20 * 10**12


def test_the_front():
    model = "input(6, h) -> dense(h) * l"
    args = [
        model,
        "--over",
        "h=1..9,l=1..5",
        "--pareto",
        "params,min:l",
        "--budget",
        "params <= 100",
    ]
    found = json.loads(run("search", *args, "--format", "json").out)
    every = {
        ((h * h + h) * n, n) for h in range(1, 10) for n in range(1, 6) if (h * h + h) * n <= 100
    }
    front = {(p, n) for p, n in every if not any(q >= p and m <= n for q, m in every - {(p, n)})}
    assert {(row["params"], row["l"]) for row in found["rows"]} == front
    assert found["status"] == "exact"


def test_samples():
    args = ["input(6, h) -> dense(h) * l", "--over", "h=1..9,l=1..5", "--budget", "params <= 100"]
    found = json.loads(
        run("search", *args, "--sample", "50", "--seed", "7", "--format", "json").out
    )
    assert len(found["rows"]) == 50
    assert all((r["h"] ** 2 + r["h"]) * r["l"] == r["params"] <= 100 for r in found["rows"])
    again = json.loads(
        run("search", *args, "--sample", "50", "--seed", "7", "--format", "json").out
    )
    assert again == found
    counted = json.loads(run("search", *args, "--count", "--format", "json").out)
    assert counted["feasible"] == found["feasible"]
    assert counted["size"] == 45


def test_a_search_without_a_proof_says_so(monkeypatch):
    monkeypatch.setattr("symparams.search.optimum.available", lambda: False)
    args = ["zoo:supernet", "--budget", "params == 1M", "--maximize", "macs - params/1001"]
    looks = iter(range(10**9))

    def look(clock):
        if next(looks) > 20:  # the time is over after a few nodes, however fast the machine is
            raise OutOfTimeError

    monkeypatch.setattr(Clock, "look", look)
    result = run("search", *args, "--time-limit", "600")
    assert result.code == 3
    assert "\nsearch: branch and bound, " in result.out
    assert "not proved" in result.out
    found = json.loads(run("search", *args, "--time-limit", "600", "--format", "json").out)
    assert found["proved"] is False


def test_progress_is_told_on_a_terminal(monkeypatch):
    told = io.StringIO()
    told.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", told)
    monkeypatch.setattr("symparams.cli.progress.PATIENCE", 0.0)
    with counting_up("boxes searched") as tell:
        tell(1_234, None)
        tell(5_678, None)
    assert told.getvalue() == "\r1,234 boxes searched\r5,678 boxes searched\r" + " " * 20 + "\r"


def test_nothing_is_told_elsewhere(monkeypatch):
    told = io.StringIO()
    monkeypatch.setattr("sys.stderr", told)
    monkeypatch.setattr("symparams.cli.progress.PATIENCE", 0.0)
    with counting_up("boxes searched") as tell:
        tell(1_234, None)
    assert told.getvalue() == ""


DEPTHS = "model m(n in {18, 34}, w in 1..3) = input(4) -> (if n == 18 then dense(w) else dense(w) -> dense(n))"

JOINED = """Sizes of m with the largest params
 n  w  params  below 20
-----------------------
18  3      15         5
space: 6 configurations
proof: optimal: branch and bound, 2 nodes; nothing is above 15
not n = 34: no size meets 'params <= 20': the least params is 73, at w=1
"""


def test_structures_are_joined():
    result = run("search", DEPTHS, "--budget", "params <= 20", "--maximize", "params")
    assert result.out == JOINED


ERRORS = [
    (["zoo:gpt2", "--maximize", "params"], "no size has a domain to search\n    give one: --over h=64..1024:64, or in the model: h in 64..1024 step 64\n"),
    ([*GPT], "nothing is asked of the space\n    give --maximize, --minimize, --pareto, --sample or --count\n"),
    ([*GPT, "--maximize", "h", "--pareto", "h"], "ask for one of --maximize, --minimize, --pareto and --sample\n"),
    ([*GPT, "--maximize", "hh*l"], "<maximize>:1:1: 'hh' is neither a measure nor a size of the model\n    hh*l\n    ^^ did you mean 'h'?\n"),
    ([*GPT, "--pareto", "params,,min:h"], "--pareto params,,min:h: write goals as params,min:macs\n"),
    ([*GPT, "--pareto", "params,less:macs"], "'less:' is neither min: nor max:\n    as in params,min:macs\n"),
    ([*GPT, "--maximize", "h", "--budget", "params <= 10M"], "no size meets 'params <= 10,000,000': the least params is 18,129,152, at l=6, h=256\n"),
    (["zoo:gpt2", "--over", "h=", "--count"], "<over>:1:1: write a size and its values\n    h=\n    ^^ as in h=64..1024:64 or k={1, 2, 4}\n"),
    (["zoo:gpt2", "--over", "h=64..", "--count"], "<over>:1:3: this range has no end\n    h=64..\n      ^^^^ as in 64..1024:64\n"),
    (["input(i) -> dense(h)", "--over", "h=1..4", "--maximize", "params"], "'i' has neither a value nor a domain\n    give 'i' a domain: --over i=1..64; or a value: --set i=1\n"),
]  # fmt: skip


@pytest.mark.parametrize(("args", "message"), ERRORS)
def test_errors(args, message):
    result = run("search", *args)
    assert (result.out, result.err, result.code) == ("", message, 2)

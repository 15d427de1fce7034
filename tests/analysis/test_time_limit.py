"""``--time-limit`` is kept within a second by whatever is asked; what is told then is true."""

import contextlib
import json
import signal
import sys
import time

import pytest

from symparams.analysis.model_space import ModelSpace
from symparams.cli.main import run as main  # noqa: F401  # loaded before the clock runs
from symparams.cli.sources import definition_of
from symparams.search import clock as clocks
from symparams.search.clock import Clock, OutOfTimeError, ended_after
from symparams.search.fallback import loaded
from tests.cli.running import run

#: Four sizes whose budget is no polynomial: nothing of it is counted by arithmetic.
HARD = (
    "model m(a in 1..5000, b in 1..5000, c in 1..5000, d in 1..5000) = "
    "input(a) -> dense(b) -> dense(c) -> dense(d) -> dense(a)"
)
BUDGET = "params <= 1M + (a*c + 7)//3*b"
EQUAL = "a*b*c*d == 123456789"
#: A structure for each of 64 values: no formula for all of them.
STRUCTURES = (
    "block g(h) = conv(h, 3) -> conv(h, 3); model m(h in 1..500, n in 1..64) = "
    "input(300, 300, 3) -> g(h) * n -> flatten -> dense(10)"
)

ASKED = {
    "count": [HARD, "--budget", BUDGET, "--count"],
    "count of an equality": [HARD, "--budget", EQUAL, "--count"],
    "sample": [HARD, "--budget", BUDGET, "--sample", "5"],
    "sample of an equality": [HARD, "--budget", EQUAL, "--sample", "5"],
    "many samples": ["input(3) -> dense(h)", "--over", "h=1..1000", "--sample", "1000000"],
    "maximize": [HARD, "--budget", EQUAL, "--maximize", "a"],
    "pareto": [HARD, "--budget", BUDGET, "--pareto", "params,min:a,min:b,c"],
    "maximize by structure": [STRUCTURES, "--maximize", "params", "--budget", "params <= 1M"],
    "count by structure": [STRUCTURES, "--count", "--budget", "params <= 1M"],
    "sample by structure": [STRUCTURES, "--sample", "5", "--budget", "params <= 1M"],
    "count and maximize": [HARD, "--budget", BUDGET, "--count", "--maximize", "a*b - c*d*d"],
}


@pytest.mark.parametrize("name", ASKED)
def test_the_limit_is_kept(name):
    loaded()
    begun = time.monotonic()
    result = run("search", *ASKED[name], "--time-limit", "0.5")
    # Without its limit each takes minutes; a busy machine takes what it takes.
    assert time.monotonic() - begun < 20
    assert result.code in (0, 3)
    if result.code == 3:
        assert "0.5 s came before" in result.err or result.out


def test_a_count_that_is_ended_is_a_least_number():
    result = run("search", *ASKED["count"], "--time-limit", "0.3", "--format", "json")
    data = json.loads(result.out)
    assert (result.code, data["proved"]) == (3, False)
    assert 0 <= data["feasible"] < int(data["size"])
    shown = run("search", *ASKED["count"], "--time-limit", "0.3")
    assert shown.code == 3
    assert "feasible: at least " in shown.out


def test_a_count_in_time_is_proved():
    args = ["input(3) -> dense(h)", "--over", "h=1..9", "--budget", "params <= 16", "--count"]
    result = run("search", *args, "--time-limit", "20", "--format", "json")
    assert (result.code, json.loads(result.out)["proved"]) == (0, True)
    assert json.loads(result.out)["feasible"] == 4


def test_no_samples_are_told_where_the_time_is_over():
    result = run("search", *ASKED["sample of an equality"], "--time-limit", "0.3")
    assert (result.code, result.out) == (3, "")
    assert result.err == "the time limit of 0.3 s came before an answer\n"
    told = run("search", *ASKED["sample of an equality"], "--time-limit", "0.3", "--format", "json")
    assert json.loads(told.out)["proved"] is False


def test_structures_share_the_time():
    source = "model m(n in 1..6, h in 1..100000) = input(9, 9, 3) -> conv(h, 3) * (n // 2)"
    space = ModelSpace(definition_of(source, None), {}, (), ("params <= 10^9 + h % 7",))
    begun = time.monotonic()
    space.best("h % 1000 + h % 77", time_limit=1.0)
    assert time.monotonic() - begun < 3


def for_ever():
    while True:
        pass


def test_the_alarm_rings_again_after_the_time_and_not_before(monkeypatch):
    monkeypatch.setattr(clocks, "GRACE", 0.01)
    with ended_after(5):
        time.sleep(0.05)


def test_the_alarm_rings_anywhere_and_is_silent_afterwards():
    with pytest.raises(OutOfTimeError), ended_after(0.05):
        for_ever()
    with ended_after(0.05):
        pass
    time.sleep(clocks.PATIENCE + 0.1)  # nothing rings
    with pytest.raises(ValueError), ended_after(5):
        raise ValueError  # an error of one's own stays


@pytest.mark.parametrize("seconds", [0.05, 50, None])
@pytest.mark.parametrize("ends", ["well", "with an error", "by the alarm"])
def test_what_the_alarm_sets_is_set_back(monkeypatch, seconds, ends):
    def hook(args):
        raise AssertionError

    def handler(number, frame):
        raise AssertionError

    def inside():
        if ends == "with an error":
            raise ValueError
        if ends == "by the alarm":
            for_ever() if seconds == 0.05 else signal.getsignal(signal.SIGALRM)(0, None)

    monkeypatch.setattr(sys, "unraisablehook", hook)
    before = signal.signal(signal.SIGALRM, handler)
    wanted = {"with an error": ValueError, "by the alarm": OutOfTimeError}.get(ends)
    if seconds is None and ends == "by the alarm":
        wanted = AssertionError
    try:
        raised = contextlib.nullcontext() if wanted is None else pytest.raises(wanted)
        with raised, ended_after(seconds):
            assert (sys.unraisablehook is hook) is (seconds is None)
            assert (signal.getsignal(signal.SIGALRM) is handler) is (seconds is None)
            inside()
        assert sys.unraisablehook is hook
        assert signal.getsignal(signal.SIGALRM) is handler
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_what_is_raised_in_a_callback_of_the_collection_is_told_but_for_the_alarm(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda hook: told.append(type(hook.exc_value)))

    class Raises:
        def __init__(self, error):
            self.error = error

        def __del__(self):
            raise self.error

    for error in (ValueError, OutOfTimeError):
        with ended_after(50):
            Raises(error)
    assert told == [ValueError]
    Raises(OutOfTimeError)
    assert told == [ValueError, OutOfTimeError]


def test_an_error_made_by_the_alarm_is_the_end_of_the_time():
    def loads():
        try:
            for_ever()
        except OutOfTimeError:
            raise ImportError("initialization failed") from None

    with pytest.raises(OutOfTimeError), ended_after(0.05):
        loads()


def test_a_clock_shares_what_is_left():
    assert Clock(None).left() is None
    assert Clock(None).left(4) is None
    assert 1.9 < Clock(8).left(4) <= 2
    assert Clock(0).left() == clocks.NOTHING > 0
    with pytest.raises(OutOfTimeError):
        Clock(-1).look()
    assert clocks.PATIENCE + clocks.GRACE < 1


def test_a_limit_may_be_as_long_as_one_likes():
    args = ["input(3) -> dense(h)", "--over", "h=1..9", "--maximize", "h"]
    assert run("search", *args, "--time-limit", "1e300").code == 0


@pytest.mark.parametrize("text", ["nan", "inf"])
def test_a_limit_is_a_number(text):
    result = run("search", *ASKED["count"], "--time-limit", text)
    assert (result.code, result.err) == (2, "--time-limit is a number of seconds\n")


BUDGETS = [
    ("1/3 <= 0", "1/3 <= 0 does not hold, whatever the sizes: 1/3 is 1/3"),
    ("0 >= 7/2", "0 >= 7/2 does not hold, whatever the sizes: 0 is 0"),
]


@pytest.mark.parametrize(("budget", "told"), BUDGETS)
def test_a_budget_of_a_fraction_is_told(budget, told):
    args = ["search", "input(8) -> dense(h)", "--over", "h=1..9", "--budget", budget]
    result = run(*args, "--maximize", "h")
    assert (result.code, result.err) == (2, f"{told}\n")
    assert "feasible: 0 configurations" in run(*args, "--count").out


# --- domains that are too long ---

LONG = "h=1..9223372036854775808"
TOO_LONG = "this domain has 9,223,372,036,854,775,808 values, more than 9,223,372,036,854,775,807"


@pytest.mark.parametrize(
    "args",
    [
        ["search", "--over", LONG, "--count"],
        ["search", "--over", LONG, "--maximize", "h"],
        ["search", "--over", LONG, "--sample", "2"],
        ["search", "--over", LONG, "--pareto", "h"],
        ["sweep", "--over", LONG],
        ["solve", "params <= 7B", "--for", "h", "--over", LONG],
    ],
    ids=lambda args: " ".join(args[::2]),
)
def test_a_domain_has_a_largest_size(args):
    result = run(args[0], "input(8) -> dense(h)", *args[1:])
    assert result.code == 2
    assert TOO_LONG in result.err


def test_the_longest_domain_is_searched():
    long = "h=1..9223372036854775807"
    args = ["search", "input(8) -> dense(h)", "--over", long]
    assert "feasible: 9,223,372,036,854,775,807" in run(*args, "--count").out
    assert run(*args, "--maximize", "h", "--budget", "params <= 10^9").code == 0
    swept = run("sweep", *args[1:])
    assert swept.code == 2
    assert swept.err.startswith(
        "a sweep goes through 9,223,372,036,854,775,807 configurations one by one, "
        "more than 1,000,000,000,000\n"
    )

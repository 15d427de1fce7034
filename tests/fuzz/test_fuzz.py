"""The fuzz run: its cases are the same for a seed, it sees failures, and it makes them small."""

from __future__ import annotations

import random

import pytest

from symparams.elaboration.definition import Network
from tests.fuzz import cases
from tests.fuzz.__main__ import maker
from tests.fuzz.cases import SECONDS, Case, Failure, try_command, try_source
from tests.fuzz.corpus import corpus
from tests.fuzz.running import alone
from tests.fuzz.shrinking import shrunk
from tests.fuzz.sources import Grammar, Sensible, Stress, mutated


def test_there_are_many_texts_to_start_from():
    assert len(corpus()) > 1_000


@pytest.mark.parametrize("kind", ["source", "command"])
def test_a_case_is_the_same_for_its_number(kind):
    one, other = maker(kind, 9), maker(kind, 9)
    assert [one(k) for k in range(30)] == [other(k) for k in range(30)]
    assert one(3) != maker(kind, 8)(3)


@pytest.mark.parametrize("make", [Grammar, Sensible, Stress])
def test_generated_sources_only_raise_our_errors(make):
    for seed in range(10):
        text = make(random.Random(f"{make.__name__}:{seed}")).file()
        assert try_source(text, lambda: None) is None, text


def test_mutated_sources_only_raise_our_errors():
    for seed in range(25):
        text = mutated(random.Random(seed))
        assert try_source(text, lambda: None) is None, text


def test_command_lines_only_raise_our_errors(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cases.scratch_files(tmp_path)
    make = maker("command", 1)
    for number in range(25):
        case = make(number)
        assert case.run(lambda: None) is None, str(case)


def test_an_error_that_is_not_ours_is_seen(tmp_path, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr(Network, "measure", broken)
    failure = alone(Case(text="input(8) -> dense(2)"), tmp_path, SECONDS)
    assert failure is not None
    assert (failure.kind, failure.says) == ("ZeroDivisionError", "by hand")
    failure = alone(Case(words=("show", "input(8) -> dense(2)")), tmp_path, SECONDS)
    assert failure is None or failure.kind == "ZeroDivisionError"


def test_what_hangs_and_what_grows_is_seen(tmp_path, monkeypatch):
    def hangs(*_: object) -> None:
        while True:
            pass

    def grows(*_: object) -> None:
        "x".join(["y" * (300 * 2**20)])

    monkeypatch.setattr(Network, "measure", hangs)
    failure = alone(Case(text="input(8) -> dense(2)"), tmp_path, SECONDS)
    assert failure is not None
    assert failure.signature == ("over time", "params")
    monkeypatch.setattr(Network, "measure", grows)
    failure = alone(Case(text="input(8) -> dense(2)"), tmp_path, SECONDS)
    assert failure is not None
    assert failure.kind == "over memory"


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        (["search", "--time-limit", "0.5"], 0.5),
        (["search", "--time-limit", "x"], None),
        (["search", "--time-limit"], None),
        (["search"], None),
    ],
)
def test_the_limit_of_a_command_line(words, limit):
    assert cases._time_limit(words) == limit


def test_a_limit_that_is_passed_is_a_failure(monkeypatch):
    for clock, times in (("monotonic", [0.0, 1.6]), ("process_time", [0.0, 1.7])):
        now = iter(times)
        monkeypatch.setattr(f"tests.fuzz.cases.time.{clock}", lambda now=now: next(now))
    failure = try_command(["layers", "--time-limit", "0.5"], b"")
    assert failure == Failure("over its --time-limit", "layers", "1.6 s of 0.5")


def test_a_failing_case_becomes_small():
    text = (
        "block f = dense(3)\nmodel m(h) = input(h) -> f -> lstm(100) -> relu\nexpect m.params > 0"
    )
    small = shrunk(Case(text=text), lambda c: "lstm" in c.text and "model" in c.text)
    assert len(small.text) < 15
    words = ("count", "input(h) -> dense(3)", "--set", "h=2", "--format", "json")
    small = shrunk(Case(words=words), lambda c: "--set" in c.words)
    assert small.words == ("count", "--set")

"""Make a failing case smaller while it fails in the same way."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

from tests.fuzz.cases import Case

_TOKEN = re.compile(r'"[^"\n]*"|\w+|->|//|\.\.|[=<>!~]=|[ \t]+|\n|.', re.S)
#: Seconds spent on one case.
PATIENCE = 40.0


def shrunk(case: Case, fails: Callable[[Case], bool]) -> Case:
    """The smallest case met on the way down that still fails."""
    ends = time.monotonic() + PATIENCE
    going = True
    while going and time.monotonic() < ends:
        going = False
        for smaller in _smaller(case):
            if time.monotonic() > ends:
                break
            if fails(smaller):
                case, going = smaller, True
                break
    return case


def _smaller(case: Case) -> Iterator[Case]:
    if not case.words:
        for text in _shorter(case.text):
            yield Case(text=text)
        return
    if case.stdin and "-" not in case.words:
        yield Case(words=case.words)
    for place in range(1, len(case.words)):
        for length in (2, 1):
            yield Case(words=case.words[:place] + case.words[place + length :], stdin=case.stdin)
    for place, word in enumerate(case.words):
        if place and len(word) > 8:
            for shorter in _shorter(word):
                words = (*case.words[:place], shorter, *case.words[place + 1 :])
                yield Case(words=words, stdin=case.stdin)


def _shorter(text: str) -> Iterator[str]:
    """A text without some lines, without a parenthesised part, without some words."""
    lines = text.split("\n")
    if len(lines) > 1:
        for place in range(len(lines)):
            yield "\n".join(lines[:place] + lines[place + 1 :])
    words = _TOKEN.findall(text)
    length = len(words) // 2
    while length:
        for place in range(0, len(words), length):
            yield "".join(words[:place] + words[place + length :])
        length //= 2
    for place, word in enumerate(words):
        if word.isdigit() and len(word) > 1:
            yield "".join([*words[:place], "3", *words[place + 1 :]])

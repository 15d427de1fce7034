"""``symparams solve`` as a user types it: pages, formats, exit codes."""

import json

import pytest

from tests.cli.running import run

GPT2 = """h of gpt2 from params <= 7B
params:        h*(144*h + 51439)
largest h:     6,792
params:        6,992,275,704
slack:         7,724,296
next:          h = 6,804: params = 7,016,386,860, 16,386,860 more
real solution: h = (sqrt(4,034,645,970,721) - 51,439)/288
as a decimal:  h = ~6,795.8466
proved by the exact signs of a polynomial of degree 2
at the defaults V = 50257, s = 1024, l = 12, a = 12
if h % a == 0
"""

NONE = """h of gpt2 from params == 124_439_809
params:                     h*(144*h + 51439)
a value of h that gives it: none
below:                      h = 768: params = 124,439,808, 1 less
above:                      h = 780: params = 127,732,020, 3,292,211 more
real solution:              h = (sqrt(74,323,300,705) - 51,439)/288
as a decimal:               h = ~768.0
proved by the exact signs of a polynomial of degree 2
at the defaults V = 50257, s = 1024, l = 12, a = 12
if h % a == 0
"""

OPEN = """h of gpt2 from params <= B
params:        h*(l*(12*h + 13) + 51283)
real solution: h = (sqrt(l·(169·l + 48·B + 1,333,358) + 2,629,946,089) - 13·l - 51,283)/(24·l)
an integer solution needs values for B, l
at the defaults V = 50257, s = 1024, a = 12
if h % a == 0
"""

#: Of a square number the root is written as the integer that it is.
SQUARE = """h of network from params <= 9
params:        h^2
largest h:     3
params:        9
slack:         0
next:          h = 4: params = 16, 7 more
real solution: h = sqrt(9) = 3
proved by the exact signs of a polynomial of degree 2
"""

PAGES = [
    (["input(h) -> dense(h, bias = no)", "params <= 9", "--for", "h"], SQUARE, 0),
    (["zoo:gpt2", "params <= 7B", "--for", "h"], GPT2, 0),
    (["zoo:gpt2", "params == 124_439_809", "--for", "h"], NONE, 1),
    (["zoo:gpt2", "params <= B", "--for", "h", "--set", "l=l"], OPEN, 0),
]


@pytest.mark.parametrize(("args", "page", "code"), PAGES)
def test_pages(args, page, code):
    result = run("solve", *args)
    assert (result.out, result.err, result.code) == (page, "", code)


def test_the_formula_for_a_paper():
    out = run("solve", "zoo:gpt2", "params <= B", "--for", "h", "--format", "latex").out
    assert r"h = \frac{\sqrt{576\,B + 2{,}645{,}970{,}721} - 51{,}439}{288}" in out


def test_a_higher_root_for_a_paper():
    out = run(
        "solve", "input(a, a, h) -> conv(h, h, bias = no)", "params <= B", "--for", "h", "--format", "latex"
    ).out  # fmt: skip
    assert r"\sqrt[4]{B}" in out


def test_json():
    args = [
        "zoo:gpt2",
        "7B >= params",
        "--for",
        "h",
        "--over",
        "h=256..16384:64",
        "--set",
        "a=1,l=83",
    ]
    result = run("solve", *args, "--format", "json")
    found = json.loads(result.out)
    assert (found["value"], found["reached"]) == (2624, 6_995_232_384)
    assert found["slack"] == 7 * 10**9 - 6_995_232_384
    assert found["next"] == {"value": 2688, "reached": 7_337_191_680}
    assert found["domain"] == "256..16384 step 64"
    assert found["real_solution"]["text"] == "(-26181 + (6972685444761)^(1/2))/(996)"
    assert found["defaults"] == {"V": 50257, "s": 1024}


ERRORS = [
    (["zoo:gpt2", "prams <= 7B", "--for", "h"], "<budget>:1:1: 'prams' is neither a measure nor a size of the model\n    prams <= 7B\n    ^^^^^ did you mean 'params'?\n"),
    (["zoo:gpt2", "params <= 7B", "--for", "hh"], "the model has no size 'hh'\n    did you mean 'h'?\n"),
    (["zoo:gpt2", "params <= 10", "--for", "h"], "no 'h' meets params <= 10: the least that params comes to is 638,004, at h = 12\n"),
    (["zoo:gpt2", "params <= 7B", "--for", "h", "--over", "l=3..4"], "only 'h' is solved for; 'l' needs a value\n    --set l=…, or symparams search\n"),
    (["zoo:gpt2", "params <= 7B", "--for", "h", "--over", "h=9..3"], "<over>:1:3: a range must rise, not 9..3\n    h=9..3\n      ^^^^\n"),
]  # fmt: skip


@pytest.mark.parametrize(("args", "message"), ERRORS)
def test_errors(args, message):
    result = run("solve", *args)
    assert (result.out, result.err, result.code) == ("", message, 2)

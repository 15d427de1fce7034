"""``count`` says what it needs, however much that is."""

import pytest

from symparams.analysis.checks import check
from symparams.analysis.counts import count
from symparams.elaboration.document import understand
from symparams.errors import NeedsValue, Source, SymparamsError


def refused(source: str) -> NeedsValue:
    with pytest.raises(NeedsValue) as caught:
        count(understand(Source("net.arch", source)).definition())
    return caught.value


def test_few_sizes_are_all_named():
    assert str(refused("input(a, b) -> dense(c)")) == (
        "params depends on 'b' and 'c': b*c + c\n    give a value, as in --set b=64 --set c=64"
    )


def test_of_many_the_first():
    source = "input(a0) -> " + " -> ".join(f"dense(a{k})" for k in range(1, 45))
    error = refused(source)
    assert str(error) == (
        "params depends on 'a0', 'a1', 'a10' and 42 more: a formula of 88 terms\n"
        "    give a value, as in --set a0=64 --set a1=64 --set a10=64 …"
    )
    assert len(error.symbols) == 45  # for a program, all of them


def test_a_long_size_is_no_long_message():
    sizes = " + ".join(f"size{k}" for k in range(400))
    source = f"input(8) -> (dense({sizes}) + dense(3))"
    with pytest.raises(SymparamsError) as caught:
        count(understand(Source("net.arch", source)).definition())
    assert len(caught.value.message) <= 1_000
    assert caught.value.message.endswith("+ size99 and 3 differ")


def test_a_billion_of_macs_is_a_g():
    source = "model m(h = 4) = input(500M) -> linear(h)\n"
    claims = "expect m.macs == 2G; expect m.macs ~= 2.0G; expect m.macs < 2.1G"
    checked = check([Source("net.arch", source + claims)])
    assert not checked.errors
    assert [j.holds for j in checked.judgements] == [True, True, True]

"""Atoms are shared: between threads, in copies, and for as long as they are used."""

from __future__ import annotations

import copy
import gc
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from symparams.algebra import (
    Domain,
    Facts,
    Symbol,
    floor,
    make_divisible,
    minimum,
    power,
    symbol,
    text,
)
from symparams.algebra.conditions import compared
from symparams.algebra.proof import Verdict
from symparams.algebra.size_functions.base import AppliedFunction
from symparams.algebra.size_functions.powers import Exponential
from symparams.algebra.size_functions.rounding import Floor
from symparams.algebra.writing import by_degree

THREADS = 8
ROUNDS = 60


def build(round_):
    """Sizes that no other round has."""
    h, n = symbol(f"h{round_}"), symbol(f"n{round_}")
    return [
        (h + n) ** 3,
        floor((h + 1) / 2) * floor(floor(n / 3) / 5),
        power(2, n) * power(h, n),
        minimum(h, n, 7) + make_divisible(h * 3, 8),
        symbol(f"alpha{round_}", integer=False) / h,
    ]


def test_threads_build_the_same_atoms():
    barrier = Barrier(THREADS)

    def work(_):
        made = []
        for round_ in range(ROUNDS):
            barrier.wait()
            made.append(build(round_))
        return made

    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(work, range(THREADS)))
    first = results[0]
    for other in results[1:]:
        assert other == first
        for mine, theirs in zip(first, other, strict=True):
            for size, same in zip(mine, theirs, strict=True):
                assert {id(x) for x in size.atoms()} == {id(x) for x in same.atoms()}
                assert hash(size) == hash(same)
                assert size - same == 0


def test_threads_while_atoms_come_and_go():
    def work(seed):
        total = 0
        for k in range(300):
            h = symbol(f"t{(k * seed) % 17}")
            total = floor((h + k % 5) / 3) * h - h * floor((k % 5 + h) / 3)
            assert total == 0
            del h
        return total

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(work, range(1, THREADS + 1))) == [0] * THREADS


def test_one_atom_a_name():
    assert Symbol("h") is Symbol("h")
    assert Symbol("h") is not Symbol("h", integer=False)
    h = symbol("h")
    (one,) = floor(h / 2).atoms()
    (other,) = floor((2 * h) / 4).atoms()
    assert one is other
    assert isinstance(one, Floor)


def test_atoms_that_nobody_uses_are_forgotten():
    from symparams.algebra.atoms import _TABLE

    gc.collect()
    before = len(_TABLE)
    many = [floor(symbol(f"gone{k}") / 2) for k in range(100)]
    assert len(_TABLE) >= before + 200
    del many
    gc.collect()
    assert len(_TABLE) <= before + 5


h, n = symbol("h"), symbol("n")

VALUES = [
    *build(0),
    4 * h**2 - h / 3,
    compared(h, ">=", floor(n / 2)),
    Facts({"h": Domain(1, 9)}, {"n": 4}, frozenset({("h", "n")}), (h - 1,), {"n": 4 * h}),
    by_degree(4 * (h * (h + n) + h)),
    Verdict(False, h, {"h": 1}, 1, 2),
    Symbol("h"),
    Symbol("alpha", integer=False),
    *(x for size in build(0) for x in sorted(size.atoms(), key=str)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda x: f"{type(x).__name__} {x}"[:60])
def test_copies(value):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(value, protocol)) == value
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value
    if isinstance(value, Symbol | Floor | AppliedFunction | Exponential):
        assert copy.deepcopy(value) is value
        assert pickle.loads(pickle.dumps(value)) is value


def test_copies_in_another_process():
    sent = pickle.dumps([(text(size), size) for size in build(1)])
    code = (
        "import pickle, sys\n"
        "from symparams.algebra import text, substitute\n"
        "for shown, size in pickle.loads(bytes.fromhex(sys.argv[1])):\n"
        "    assert text(size) == shown\n"
        "    assert size - size == 0 and size * 2 - size == size\n"
        "    assert hash(size) == hash(size + 1 - 1)\n"
    )
    subprocess.run([sys.executable, "-c", code, sent.hex()], check=True)

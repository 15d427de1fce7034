"""Whole sources for the tests of the views, made at random from a seed.

They hold what views are apt to tell wrongly: weights in blocks, repeats whose
shape stays and whose shape grows, shared nets, experts, frozen parts, several
inputs, defaults, blocks whose names end in a digit.
"""

from __future__ import annotations

from random import Random

BLOCKS = """
default dense(bias = {bias})
block scaled(n) on [d] = {{ weight gamma[d]; (id * gamma) -> linear(n) }}
block module2(c) on [d] = dense(c) -> relu -> dense(d)
block wide(c) on [d] = {{ buffer seen[d]; shared inner = linear(d); (id * seen) -> inner -> dense(c) -> dense(d) -> inner }}
block doubled on [d] = linear(2*d)
block unit(n) on [d] = (id | linear(n))
layer odd(L = 4, o = 3) on [i] {{ weight w[sum(floor(64/k) for k in 1..L), i]; weight v[i, o]; output [o]; macs i*o }}
"""


def source(seed: int) -> str:
    """A file with a model ``m``; every size has a default, or none has."""
    random = Random(seed)
    given = random.random() < 0.7
    sizes = random.sample(["h", "w", "i", "o", "k", "j", "e"], 3)
    made = _Maker(random, sizes)
    parameters = ", ".join(f"{s} = {random.randint(2, 7)}" if given else s for s in [*sizes, "n"])
    shared = f"shared tail = {made.steady(1)}" if random.random() < 0.5 else ""
    begin = f"linear({made.width})"
    middle = " -> ".join(made.part() for _ in range(random.randint(1, 4)))
    tail = " -> tail -> relu -> tail" if shared else ""
    if random.random() < 0.4:
        entry = f"x = input({sizes[1]}); y = input({sizes[1]}); body = (x + y) -> {begin}"
    else:
        entry = f"x = input({random.choice(sizes)}); body = x -> {begin}"
    head = "dense(10)" if random.random() < 0.5 else "dense(n) -> bn -> odd(L = 3)"
    lines = "; ".join(p for p in (shared, entry, f"body -> {middle}{tail} -> {head}") if p)
    bias = random.choice(["yes", "no"])
    return f"{BLOCKS.format(bias=bias)}model m({parameters}) = {{ {lines} }}\n"


class _Maker:
    """Nets on a vector of ``width``, that leave one of the same width."""

    def __init__(self, random: Random, sizes: list[str]) -> None:
        self.random = random
        self.sizes = sizes
        self.width = sizes[0]

    def size(self) -> str:
        one, other = self.random.choices([*self.sizes, "2", "5"], k=2)
        return self.random.choice([one, f"2*{one}", f"({one} + {other})", f"{one}*{other}"])

    def steady(self, depth: int = 0) -> str:
        """A net that keeps the width."""
        choices = [
            lambda: f"dense({self.width})",
            lambda: f"scaled({self.width})",
            lambda: f"module2({self.size()})",
            lambda: f"wide({self.size()})",
            lambda: f"dense({self.size()}) -> dense({self.width})",
            lambda: f"freeze(linear({self.width})) -> layernorm",
            lambda: f"precision(linear({self.width}) -> layernorm, 8)",
            lambda: f"fuse(linear({self.width}) -> bn -> relu)",
            lambda: "bn -> relu -> dropout(0.5)",
            lambda: f"(id + dense({self.width}))",
            lambda: f"moe(dense({self.size()}) -> linear({self.width}), 4, 2)",
        ]
        net = self.random.choice(choices)()
        if depth < 2 and self.random.random() < 0.3:
            net = f"({net} -> {self.steady(depth + 1)}) * {self.random.choice(['2', '3', 'n'])}"
        return net

    def part(self) -> str:
        """A net that may grow in between, and leaves the width."""
        index = self.random.choice([c for c in "jqkt" if c not in self.sizes])
        hides = self.random.choice([index, *self.sizes])  # what it hides is not used inside
        back = f"linear({self.width})"
        choices = [
            self.steady,
            lambda: f"unit({self.size()}) * {self.random.choice(['n', '3'])} -> {back}",
            lambda: f"doubled * n -> {back}",
            lambda: f"(scaled({self.width}) | dense({self.size()})) * n -> {back}",
            lambda: f"[dense({index}*{self.sizes[2]}) -> {back} for {index} in 1..n]",
            lambda: f"[dense({hides}) -> relu for {hides} in 1..n] -> {back}",
            lambda: f"[(scaled({index}) -> {back}) * {index} for {index} in 2..n + 1]",
            lambda: f"[[dense({index}*p) -> {back} for p in 1..{index}] for {index} in 1..n]",
            lambda: f"([dense({index} + 1) -> {back} for {index} in 0..n]) * 3",
        ]
        return self.random.choice(choices)()

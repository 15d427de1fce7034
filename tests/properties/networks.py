"""Random networks as text: chains, repeats, joins, blocks, over a few symbols.

A net is drawn together with the rank it takes and gives, so that every text
makes sense; whether the sizes fit is for the values to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from symparams.elaboration.definition import WrittenModel
from symparams.elaboration.document import understand
from symparams.errors import Source

SYMBOLS = ("a", "c", "h", "n", "w")
KEEPERS = ("relu", "bn", "layernorm", "rmsnorm", "dropout(0.5)", "id", "gelu", "softmax")
CELLS = ("lstm", "gru", "rnn")


@dataclass
class Drawing:
    """A text in the making: ``blocks`` are what its nets have used."""

    draw: Callable[..., Any]
    blocks: list[str] = field(default_factory=list)

    def one(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def size(self) -> str:
        """A size of at most a few thousand."""
        name = self.one(*SYMBOLS)
        number = self.draw(st.integers(1, 9))
        return str(self.one(number, name, name, f"{number}*{name}", f"{name} + {number}"))

    # --- nets by rank ---

    def keeping(self, rank: int, depth: int) -> str:
        """A net that keeps the shape, whatever it is."""
        if depth <= 0 or self.one(True, False):
            return str(self.one(*KEEPERS))
        inner = self.keeping(rank, depth - 1)
        other = self.keeping(rank, depth - 1)
        return str(
            self.one(
                f"residual({inner})",
                f"({inner} + {other})",
                f"({inner} - {other})",
                f"({inner} -> {other})",
                f"({inner}) * {self.times()}",
                self.block(rank, inner),
            )
        )

    def times(self) -> str:
        return str(self.one(*range(5), "n", "2*n", "(n + 1)"))

    def settling(self, rank: int, depth: int) -> str:
        """A net whose output shape does not depend on how often it has run."""
        if rank == 3:
            kernel = self.one("1", "3", "[3, 1]", "a")
            net = f"conv({self.size()}, {kernel}, pad = same, bias = {self.one('yes', 'no')})"
        elif rank == 2:
            net = self.one(self.cell(), f"conv({self.size()}, 3, pad = same)", self.dense())
        else:
            net = self.dense()
        return f"({net} -> {self.keeping(rank, depth - 1)})"

    def dense(self) -> str:
        return f"{self.one('dense', 'linear')}({self.size()})"

    def cell(self) -> str:
        vectors = self.one("", ", bias_vectors = 2", ", bias = no")
        net = f"{self.one(*CELLS)}({self.size()}{vectors})"
        return str(self.one(net, f"bidirectional({net})", f"bidirectional({net}, merge = sum)"))

    def shrinking(self, rank: int) -> str:
        """A window without padding over an image or a sequence."""
        kernel = self.draw(st.integers(1, 3))
        stride = self.draw(st.integers(1, 3))
        pool = self.one("maxpool", "avgpool")
        return str(
            self.one(
                f"{pool}({kernel}, stride = {stride})",
                f"{pool}(2, stride = {stride}, pad = same)",
                f"conv({self.size()}, {kernel}, stride = {stride})",
                f"conv({self.size()}, {kernel}, stride = {stride}, pad = {self.one(0, 1, 2)})",
            )
        )

    def joined(self, rank: int, depth: int) -> str:
        """Nets side by side that end in the same width, or are concatenated."""
        width = self.size()
        nets = [f"{self.keeping(rank, depth - 1)} -> linear({width})" for _ in range(2)]
        free = [self.settling(rank, depth - 1), self.keeping(rank, depth - 1)]
        return str(
            self.one(
                f"(({nets[0]}) + ({nets[1]}))",
                f"(({nets[0]}) * ({nets[1]}))",
                f"({free[0]} | {free[1]})",
                f"(id | {free[0]})",
            )
        )

    def block(self, rank: int, body: str) -> str:
        """A use of a block with this body, in which every name is a parameter."""
        name = f"part{len(self.blocks)}"
        axes = ", ".join(["_"] * (rank - 1) + ["d"]) if self.one(True, False) else "..., d"
        parameters = ", ".join([*SYMBOLS, "t = 2"])
        chain = f"{body} -> linear(c) * t -> linear(d)"
        self.blocks.append(f"block {name}({parameters}) on [{axes}] = {chain}")
        passed = [self.times() if symbol == "n" else self.size() for symbol in SYMBOLS]
        return f"{name}({', '.join(passed)}{self.one('', ', t = 0', ', 3', ', n')})"

    def net(self, rank: int, depth: int) -> str:
        """Any net that keeps the rank."""
        kind = self.one("keep", "settle", "repeat", "join", "shrink", "block")
        if kind == "settle" or depth <= 0:
            return self.settling(rank, depth)
        if kind == "keep":
            return self.keeping(rank, depth)
        if kind == "repeat":
            return f"{self.settling(rank, depth)} * {self.times()}"
        if kind == "join":
            return self.joined(rank, depth)
        if kind == "shrink" and rank > 1:
            return self.shrinking(rank)
        return self.block(rank, self.keeping(rank, depth - 1))

    def nets(self, rank: int, most: int = 3) -> list[str]:
        return [self.net(rank, 2) for _ in range(self.draw(st.integers(1, most)))]

    def input(self, rank: int) -> list[str]:
        if rank == 3:
            return [f"input({self.one('w', '32', '8*w', 'h + 20')}, 16, {self.size()})"]
        if rank == 2:
            embedded = [f"tokens({self.one('w', '12', '2*w')})", f"embed({self.size()}, c)"]
            return self.one(embedded, [f"input({self.one('w', '4*w + 9', 24)}, {self.size()})"])
        return [f"input({self.size()})"]

    def whole(self) -> list[str]:
        """The links of a chain from an input down to a vector, or not that far."""
        rank = self.one(1, 2, 3)
        links = [*self.input(rank), *self.nets(rank)]
        if rank > 1 and self.one(True, False):
            links.append(self.one("globalavgpool", "flatten"))
            links += self.nets(1, 2)
        return links


@dataclass(frozen=True)
class Text:
    """A random network: the ``links`` of its chain, and the blocks they use."""

    links: tuple[str, ...]
    blocks: tuple[str, ...]

    def source(self, chain: str = "") -> str:
        parameters = ", ".join(SYMBOLS)
        body = chain or " -> ".join(self.links)
        return "\n".join([*self.blocks, f"model m({parameters}) = {body}"])

    def __repr__(self) -> str:
        return self.source()


@st.composite
def texts(draw: Callable[..., Any]) -> Text:
    """Random networks."""
    drawing = Drawing(draw)
    links = drawing.whole()
    return Text(tuple(links), tuple(drawing.blocks))


@st.composite
def nets(draw: Callable[..., Any], count: int) -> Text:
    """An input, and ``count`` nets that keep its rank."""
    drawing = Drawing(draw)
    rank = drawing.one(1, 2, 3)
    links = [" -> ".join(drawing.input(rank)), *(drawing.net(rank, 2) for _ in range(count))]
    return Text(tuple(links), tuple(drawing.blocks))


POINTS = st.fixed_dictionaries(
    {"a": st.integers(1, 4), "c": st.integers(1, 9), "h": st.integers(1, 9),
     "n": st.integers(1, 4), "w": st.integers(1, 9) | st.integers(1, 40)}
)  # fmt: skip


def definition(source: str, convention: str | None = None) -> WrittenModel:
    return understand(Source("<random>", source), convention).definition()

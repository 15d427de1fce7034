"""Three small texts whose modules were read line by line; ``python -m`` this writes them again."""

from __future__ import annotations

from pathlib import Path

from symparams.elaboration.definition import WrittenModel
from symparams.elaboration.document import understand
from symparams.errors import Source
from symparams.frameworks import CONVENTIONS, export

FOLDER = Path(__file__).parent / "exported"

TEXTS = {
    "mlp": "model mlp(i = 784, h = 256, o = 10) = input(i) -> dense(h) -> relu -> dense(o)",
    "cnn": """
block convolved(c) =
    residual(conv(c, 3, pad = same, bias = no) -> bn -> relu
             -> conv(c, 3, pad = same, bias = no) -> bn) -> relu

model cnn(c = 16, n = 2, classes = 10) =
    input(32, 32, 3) -> conv(c, 3, pad = same) -> convolved(c) * n
    -> conv(2*c, 3, stride = 2, pad = same) -> convolved(2*c) * n
    -> globalavgpool -> dense(classes)
""",
    "transformer": """
model transformer(V = 1000, s = 32, l = 2, h = 64, a = 4, f = 4*h) where h % a == 0 = {
    shared E = embed(V, h)
    tokens(s) -> E -> learned_positions
    -> (residual(layernorm -> attention(a, bias = yes, causal = yes))
        -> residual(layernorm -> mlp(f, gelu))) * l
    -> layernorm -> E.T
}
""",
}


def definition(text: str, to: str) -> WrittenModel:
    """The one model of a text, as a framework counts."""
    return understand(Source("<text>", text), CONVENTIONS[to]).definition()


def exported(name: str, to: str) -> str:
    """The module of one of the texts."""
    return export(definition(TEXTS[name], to), to)


if __name__ == "__main__":
    for name in TEXTS:
        for to in CONVENTIONS:
            (FOLDER / f"{name}.{to}.txt").write_text(exported(name, to), "utf-8")

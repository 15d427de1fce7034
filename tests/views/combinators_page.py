"""``docs/combinators.md``, from the declarations.

``python -m tests.views.combinators_page`` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

from symparams.elaboration.combinators import COMBINATORS
from symparams.views.pages.layers import described
from symparams.views.rendering import render

PAGE = Path(__file__).parents[2] / "docs" / "combinators.md"

HEAD = """\
# Combinators

Words of the language that make a net of nets. What stands here is made of their declarations;
`symparams layers NAME` prints the same of one. How they are used is in [language.md](language.md):
[nets](language.md#nets), [lists](language.md#lists), [training](language.md#training),
[cores](language.md#cores). Kinds around a net, such as `bidirectional` and `lora`, are layers:
[layers.md](layers.md).
"""


def written() -> str:
    """The page: a section for each combinator, in the order of the alphabet."""
    sections = [
        f"## {name}\n\n{render(described(combinator), 'markdown').rstrip()}\n"
        for name, combinator in sorted(COMBINATORS.items())
    ]
    return "\n".join([HEAD, *sections])


if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8")

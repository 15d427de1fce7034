"""What autograd keeps of each layer kind, at several sizes, against ``facts/saved_layers.csv``."""

from __future__ import annotations

import re

import pytest

import symparams

from .counting import facts

ROWS = facts("saved_layers")

#: Modules whose input has its channels in front.
CHANNELS_FIRST = re.compile(r"Conv|Norm\dd|LocalResponse|Dropout\dd")

#: One number more is kept once: the bag behind the last token.
BEHIND = re.compile(r"embedding_bag.*mode = (mean|max)")


def text_of(row: dict[str, str]) -> str:
    """The layer on an input, which requires a gradient where a weight is added to it."""
    axes = row["shape"].removeprefix("T").split()
    if CHANNELS_FIRST.search(row["module"]) and not row["shape"].startswith("T"):
        axes = [*axes[1:], axes[0]]
    size, layer = ", ".join(axes), row["text"]
    if row["mode"] == "frozen":
        layer = f"freeze({layer})"
    if row["shape"].startswith("T"):
        return f"tokens({size}) -> {layer}"
    if row["mode"] == "plain":
        return f"input({size}) -> {layer}"
    return f"{{ weight begin[{size}]; (input({size}) + begin) -> {layer} }}"


def saved(row: dict[str, str]) -> tuple[int, int]:
    """(values, integers) that the language says of a row's examples."""
    model = symparams.parse(text_of(row))
    values, masks, integers, once = (
        model.count(name) for name in ("saved", "saved_masks", "saved_integers", "saved_once")
    )
    examples = int(row["examples"])
    behind = 1 if BEHIND.search(row["text"]) else 0
    return examples * (values + masks) + once, examples * integers + behind


def test_rows_are_of_several_sizes():
    assert len(ROWS) == 396
    assert {row["mode"] for row in ROWS} == {"plain", "grad", "frozen"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['text']}/{row['shape']}/{row['mode']}")
def test_a_layer(row: dict[str, str]) -> None:
    assert saved(row) == (int(row["values"]), int(row["integers"]))


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("mode", ["plain", "grad", "frozen"])
def test_the_table_is_what_torch_says(mode: str) -> None:
    pytest.importorskip("torch")
    from .measure_saved import measured, rows

    for (text, module, shape, how), row in zip(rows(), ROWS, strict=True):
        assert (text, module, shape, how) == (
            row["text"], row["module"], row["shape"], row["mode"],
        )  # fmt: skip
        if how == mode:
            assert measured(module, shape, how) == (int(row["values"]), int(row["integers"])), text

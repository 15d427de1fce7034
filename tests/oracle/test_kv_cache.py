"""``kept`` of models against the values that transformers' cache classes hold.

Several figures are said for a row: the dynamic cache's, where a window keeps one
position less than it sees; a static cache's, the model at its capacity; the
paper's; and keys and values written out, where latent vectors are cached.
"""

from __future__ import annotations

import json
from functools import cache

import pytest

import symparams

from .cached_models import MODELS
from .counting import facts

ROWS = facts("kv_cache")
#: Rows whose cache is no cache of the language's, with the reason; their paper's figure is said.
NOT_SAID = {name: cached.remark for name, cached in MODELS.items() if cached.remark}
SAID = [row for row in ROWS if row["model"] not in NOT_SAID]


@cache
def model(text: str) -> symparams.Model:
    if text.startswith("zoo:"):
        (found,) = symparams.load(text).values()
        return found
    return symparams.parse(text)


def kept(row: dict[str, str], **more: object) -> object:
    """What the language says of a row."""
    cached = MODELS[row["model"]]
    sizes: dict[str, object] = {**cached.sizes, **more}
    positions = int(row["capacity"] or row["t"])
    sizes["t" if cached.source else "s"] = positions
    if cached.source:
        told = json.loads(row["source_length"])
        # Whisper's two convolutions make a position of two frames.
        sizes[cached.source] = told["input_features"][-1] // 2 if isinstance(told, dict) else told
    if cached.window:
        sizes["held"] = cached.window if row["capacity"] else cached.window - 1
    return model(cached.text).count("kept", **sizes)


def test_every_row_is_said_or_has_a_reason():
    assert {row["model"] for row in ROWS} == set(MODELS)
    assert len(SAID) == len(ROWS) - 1
    assert all(row["paper_values"] for row in ROWS if row not in SAID)


@pytest.mark.parametrize("row", SAID, ids=lambda row: row["name"])
def test_the_cache_of_a_model(row: dict[str, str]) -> None:
    assert kept(row) == int(row["values"])


@pytest.mark.parametrize("row", [r for r in ROWS if r["paper_values"]], ids=lambda row: row["name"])
def test_the_cache_of_a_paper(row: dict[str, str]) -> None:
    assert kept(row) == int(row["paper_values"])


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r["materialised_values"]], ids=lambda row: row["name"]
)
def test_keys_and_values_written_out(row: dict[str, str]) -> None:
    assert MODELS[row["model"]].expanded
    assert kept(row, expanded=True) == int(row["materialised_values"])


def test_mistral_beyond_its_window():
    """The rolling buffer of the paper (Jiang et al. 2023, section 2.1), and one position less."""
    mistral = model("zoo:mistral")
    layers, width = 32, 2 * 8 * 128
    for s in (1, 4095, 4096, 4097, 100_000):
        assert mistral.count("kept", s=s, window=4096) == layers * width * min(s, 4096)
        assert mistral.count("kept", s=s, window=4096, held=4095) == layers * width * min(s, 4095)

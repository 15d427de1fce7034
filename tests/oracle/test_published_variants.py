"""Variants of the zoo against the exact counts that others publish of models of their names."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import symparams

FACTS = Path(__file__).parent / "facts" / "published_variants.csv"
with FACTS.open(encoding="utf-8", newline="") as _file:
    ROWS = [(row["variant"], int(row["params"])) for row in csv.DictReader(_file)]


@pytest.mark.parametrize(("variant", "params"), ROWS, ids=[name for name, _ in ROWS])
def test_a_variant_counts_what_is_published(variant, params):
    model, _, name = variant.partition(".")
    assert symparams.load(f"zoo:{model}")[model].variants[name].count() == params

"""Configurations of Hugging Face against the models that transformers builds from them.

Three tables: whole published models (``transformers.csv``); 114 small configurations
with odd sizes, counted on the meta device (``hf_configs.csv``); every field of 28
kinds of configuration, changed alone and counted again (``hf_fields.csv``).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import symparams
from symparams.frameworks import families

FACTS = Path(__file__).parent / "facts"


def facts(name: str) -> list[dict[str, str]]:
    with open(FACTS / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


#: Class → the model_type whose configuration it is built from.
TYPE_OF = {c: family.model_type for family in families().values() for c in family.models}


def counted(tmp_path: Path, **fields: Any) -> int:
    (tmp_path / "config.json").write_text(json.dumps(fields, indent=2), "utf-8")
    (model,) = [
        m
        for name, m in symparams.load(f"hf:{tmp_path}/config.json").items()
        if name == MODEL[fields["architectures"][0]]
    ]
    return model.count()


#: Class → the name of the zoo's model.
MODEL = {
    c: said.rpartition(":")[2]
    for family in families().values()
    for c, said in family.models.items()
}


@pytest.mark.parametrize("row", facts("transformers"), ids=lambda row: row["model"])
def test_published_models(row, tmp_path):
    assert counted(
        tmp_path,
        model_type=TYPE_OF[row["cls"]],
        architectures=[row["cls"]],
        **json.loads(row["config_kwargs"]),
    ) == int(row["exact_params"])


@pytest.mark.parametrize("model_type", families())
def test_small_models(model_type, tmp_path):
    rows = [row for row in facts("hf_configs") if row["model_type"] == model_type]
    assert len(rows) >= 3
    for row in rows:
        fields = json.loads(row["config_kwargs"])
        found = counted(tmp_path, model_type=model_type, architectures=[row["cls"]], **fields)
        assert found == int(row["exact_params"]), row


def test_every_class_is_counted():
    rows = [*facts("transformers"), *facts("hf_configs")]
    assert {row["cls"] for row in rows} == TYPE_OF.keys()


#: What the table says otherwise than the facts, and why.
OTHERWISE = {
    ("t5", "feed_forward_proj"): "no gated value was tried alone; they change counts",
}


def sizes_named(model_type: str) -> set[str]:
    """The fields that the sizes of a zoo's model come from."""
    family = families()[model_type]
    nulls = (said.get("null", "") for said in family.fields.values())
    return set(re.findall(r"[\w.]+", " ".join((*family.sizes.values(), *nulls))))


@pytest.mark.parametrize("row", facts("hf_fields"), ids=lambda r: f"{r['model_type']}-{r['field']}")
def test_every_field_is_said(row):
    """Sizes are mapped; structure is mapped, refused or another name; the rest is ignored."""
    family, name = families()[row["model_type"]], row["field"]
    is_size = name in family.fields and name in sizes_named(family.model_type)
    is_refused = "changes" in family.fields.get(name, {})
    if row["size"] == "no effect on counts" and (family.model_type, name) not in OTHERWISE:
        assert name in family.no_effect
        assert not is_size
    elif row["size"] in ("structure", "no effect on counts"):
        assert is_size or is_refused or family.aliases.get(name) in family.fields
        assert name not in family.no_effect
    else:
        assert is_size


def test_the_table_has_every_kind_of_the_facts():
    assert families().keys() == {row["model_type"] for row in facts("hf_fields")}


def refusals() -> Iterator[tuple[str, str, Any]]:
    """Every field that the zoo's model is built for one value of, with another."""
    for family in families().values():
        fields = {**family.fields, **{n: s for of in family.of.values() for n, s in of.items()}}
        for name, said in fields.items():
            if "changes" in said:
                yield family.model_type, name, said


def other_value(said: dict[str, Any]) -> Any:
    """A value that is not the plain one."""
    if "absent" in said:
        return {"a": 1}
    if "any" in said:
        return "gated-other"
    if "refused" in said:
        return said["refused"][0]
    if isinstance(said["plain"], bool):
        return not said["plain"]
    if "length" in said:
        return [2, 3, 5, 7][: said["length"]]
    return 1 if said["plain"] != 1 else 2


@pytest.mark.parametrize(("model_type", "name", "said"), list(refusals()))
def test_structure_off_its_plain_value_is_refused(model_type, name, said, tmp_path):
    family = families()[model_type]
    architecture = next((c for c, of in family.of.items() if name in of), next(iter(family.models)))
    fields: dict[str, Any] = {"model_type": model_type, "architectures": [architecture]}
    if name == "num_kv_heads":
        fields["multi_query"] = False
    above, dot, below = name.partition(".")
    fields |= {above: {below: other_value(said)}} if dot else {name: other_value(said)}
    with pytest.raises(symparams.SymparamsError) as caught:
        counted(tmp_path, **fields)
    assert f"'{name}' is " in str(caught.value)
    assert said["changes"] in str(caught.value)
    assert "is built for" in str(caught.value)


@pytest.mark.parametrize("model_type", families())
def test_what_changes_nothing_changes_nothing(model_type, tmp_path):
    """Every field without effect at once, with a value that no field has."""
    family = families()[model_type]
    needed = {"num_experts_per_tok": 2} if model_type == "deepseek_v2" else {}
    same = {"model_type": model_type, "architectures": [next(iter(family.models))], **needed}
    ignored = {
        n: "?"
        for n in family.no_effect - same.keys() - {"id2label"} - family.fields.keys()
        if "." not in n
    }
    assert counted(tmp_path, **same, **ignored) == counted(tmp_path, **same)


def test_the_page_lists_every_class():
    page = (Path(symparams.__file__).parent.parent / "docs" / "configs.md").read_text("utf-8")
    for family in families().values():
        (line,) = [s for s in page.splitlines() if s.startswith(f"| `{family.model_type}` |")]
        assert all(f"`{architecture}`" in line for architecture in family.models)
        assert all(f"`zoo:{m.partition(':')[0]}`" in line for m in family.models.values())

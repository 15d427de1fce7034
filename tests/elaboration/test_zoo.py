"""The zoo: short files that name their papers, whose counts are those of the frameworks.

Every row of the three tables of whole models is either counted by a file of
the zoo, exactly, or listed with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from symparams.analysis.checks import check
from symparams.analysis.claims import judge
from symparams.elaboration.document import understand
from symparams.elaboration.shipped_files import LIBRARY
from symparams.errors import Source
from symparams.language.tree import Name
from symparams.language.walk import nodes
from tests.oracle.counting import facts

ZOO = LIBRARY / "zoo"
FILES = sorted(ZOO.glob("*.arch"))
#: A variant and its claim take a line each.
LONGEST = 50

#: ``arXiv:1706.03762``, or authors and a year.
PAPER = re.compile(r"arXiv:\d{4}\.\d{4,5}\b|\b[A-Z][\w&., -]*\b(?:19|20)\d\d\b")


def source(path: Path) -> Source:
    return Source(path.name, path.read_text("utf-8"), str(path))


def opening(text: str) -> str:
    """The first comment of a file, on one line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_file_is_short_and_names_its_paper(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert PAPER.search(opening(text)), f"no paper in: {opening(text)!r}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_what_a_file_expects_holds(path: Path) -> None:
    result = check([source(path)])
    assert not result.errors, "\n".join(map(str, result.errors))
    wrong = [f"{j.span.text}: {j.how}, by {j.difference}" for j in result.judgements if not j.holds]
    assert not wrong, "\n".join(wrong)
    assert result.judgements, f"{path.name} expects nothing"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_count_is_claimed_of_every_variant(path: Path) -> None:
    document = understand(source(path))
    claimed = {n.id for claim in document.claims for n in nodes(claim.tree) if isinstance(n, Name)}
    assert sorted(document.variants.keys() - claimed) == []


@dataclass(frozen=True)
class Row:
    """A row of a table and the model of the zoo that counts it.

    Attributes:
        table, name: the table, and the row in it.
        model: a call of a model.
        file: where the model is; of its own name if nothing is said.
        claims: measure, or a sum of measures → the column that has it.
        beyond: values in a column that belong to the implementation, not to
            the architecture, with what they are.
    """

    table: str
    name: str
    model: str
    file: str = ""
    claims: Mapping[str, str] = field(default_factory=dict)
    beyond: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    convention: str | None = None

    def __str__(self) -> str:
        return f"{self.table}-{self.name}"


def named(table: str, row: Mapping[str, str]) -> str:
    """A row's own name; torchvision has models twice, for images of two sizes."""
    if table != "torchvision":
        return row["model"]
    return f"{row['model']} {row['input_shape'].strip('[]').split(',')[-1].strip()}"


ROWS = {
    (table, named(table, row)): row
    for table in ("torchvision", "keras_applications", "transformers")
    for row in facts(table)
}


# --- torchvision: parameters, buffers (running statistics and torch's counter), MACs ---

TORCHVISION = {
    "alexnet 224": "alexnet",
    "convnext_tiny 224": "convnext",
    "densenet121 224": "densenet",
    "densenet161 224": "densenet.161",
    "densenet169 224": "densenet.169",
    "densenet201 224": "densenet.201",
    "efficientnet_b0 224": "efficientnet",
    "mobilenet_v2 224": "mobilenet_v2",
    "resnet18 224": "resnet.18",
    "resnet34 224": "resnet.34",
    "resnet50 224": "resnet",
    "resnet101 224": "resnet.101",
    "resnet152 224": "resnet.152",
    "vgg11 224": "vgg.11",
    "vgg13 224": "vgg.13",
    "vgg16 224": "vgg",
    "vgg19 224": "vgg.19",
    "vgg11_bn 224": "vgg.11_bn",
    "vgg13_bn 224": "vgg.13_bn",
    "vgg16_bn 224": "vgg.16_bn",
    "vgg19_bn 224": "vgg.19_bn",
    "vit_b_16 224": "vit",
    "vit_b_16 384": "vit(size = 384)",
    "vit_l_16 224": "vit.l_16",
    "vit_l_16 512": "vit(size = 512, l = 24, h = 1024, a = 16)",
}

# --- Keras: trainable, running statistics, their sum; counted by Keras' convention ---

KERAS = {
    "DenseNet121": "densenet",
    "DenseNet169": "densenet.169",
    "DenseNet201": "densenet.201",
    "EfficientNetB0": "efficientnet",
    "MobileNet": "mobilenet",
    "MobileNetV2": "mobilenet_v2",
    "VGG16": "vgg",
    "VGG19": "vgg.19",
    "Xception": "xception",
}

#: Keras model → non-trainable values that no layer of the paper's has.
KERAS_BEYOND = {"EfficientNetB0": (7, "mean, variance and count of a layer that scales images")}

# --- transformers: parameters with tied weights counted once, and those if nothing is tied ---

TRANSFORMERS = {
    "gpt2": "gpt2",
    "gpt2-medium": "gpt2.medium",
    "gpt2-large": "gpt2.large",
    "gpt2-xl": "gpt2.xl",
    "gpt2 (untied head)": "gpt2(tied = no)",
    "openai-gpt": "openai_gpt: gpt",
    "gpt-neox-20b": "gpt_neox",
    "pythia-70m": "gpt_neox.pythia_70m",
    "pythia-12b": "gpt_neox.pythia_12b",
    "opt-125m": "opt",
    "bloom-560m": "bloom",
    "falcon-7b": "falcon",
    "phi-2": "phi",
    "llama-7b": "llama",
    "llama-13b": "llama.13B",
    "llama-30b": "llama.33B",
    "llama-65b": "llama.65B",
    "Llama-2-7b-hf": "llama",
    "Llama-2-13b-hf": "llama.13B",
    "Llama-2-70b-hf": "llama.2_70B",
    "Llama-3-8B": "llama.3_8B",
    "Llama-3-70B": "llama.3_70B",
    "Llama-3.1-405B": "llama.3.1_405B",
    "Mistral-7B-v0.1": "mistral",
    "Mixtral-8x7B-v0.1": "mixtral",
    "Gemma-2b": "gemma",
    "Qwen2-0.5B": "qwen2",
    "Qwen2-7B": "qwen2.7B",
    "Qwen3-0.6B": "qwen3",
    "DeepSeek-V2-Lite": "deepseek",
    "mamba-130m": "mamba: mamba_lm",
    "bert-base-uncased [BertModel]": "bert",
    "bert-base-uncased [BertForMaskedLM]": "bert_mlm",
    "bert-large-uncased [BertModel]": "bert.large",
    "distilbert-base-uncased": "distilbert",
    "roberta-base [RobertaModel]": "bert.roberta_base",
    "albert-base-v2": "albert",
    "albert-large-v2": "albert.large",
    "t5-small": "t5",
    "t5-base": "t5.base",
    "bart-base": "bart",
    "whisper-tiny": "whisper",
    "vit-base-patch16-224": "vit",
    "vit-large-patch16-224": "vit.l_16",
    "clip-vit-base-patch32": "clip",
}

#: What is tied, where it is not one table with the head's matrix: a table for each stack
#: as well, or the head's bias, which transformers keeps in two places.
TIED = {
    "bart-base": "2*{m}.E.params",
    "t5-small": "3*{m}.E.params",
    "t5-base": "3*{m}.E.params",
    "bert-base-uncased [BertForMaskedLM]": "{m}.E.params + 30522",
}


def _rotary(values: int) -> tuple[int, str]:
    return values, "frequencies of rotary positions, a value for each of a head that is rotated"


def _numbered(*tables: int) -> tuple[int, str]:
    return sum(tables), "positions and segments as numbers, to look up embeddings"


#: Buffers that transformers keeps beside the architecture: what can be computed.
TRANSFORMERS_BEYOND = {
    "openai-gpt": (12 * 512**2 + 512, "a causal mask a layer, and the positions as numbers"),
    "gpt-neox-20b": _rotary(6144 // 64 // 4),
    "pythia-70m": _rotary(512 // 8 // 4),
    "pythia-12b": _rotary(5120 // 40 // 4),
    "falcon-7b": _rotary(64),
    "phi-2": _rotary(2560 // 32 // 2),
    "Gemma-2b": (256 + 1, "frequencies of rotary positions, and the embedding's factor"),
    "Qwen2-0.5B": _rotary(64),
    "DeepSeek-V2-Lite": _rotary(64),
    "bert-base-uncased [BertModel]": _numbered(512, 512),
    "bert-base-uncased [BertForMaskedLM]": _numbered(512, 512),
    "bert-large-uncased [BertModel]": _numbered(512, 512),
    "distilbert-base-uncased": _numbered(512),
    "roberta-base [RobertaModel]": _numbered(514, 514),
    "albert-base-v2": _numbered(512, 512),
    "albert-large-v2": _numbered(512, 512),
    "clip-vit-base-patch32": _numbered(50, 77),
    **{
        name: _rotary(128)
        for name in (
            *("llama-7b", "llama-13b", "llama-30b", "llama-65b"),
            *("Llama-2-7b-hf", "Llama-2-13b-hf", "Llama-2-70b-hf"),
            *("Llama-3-8B", "Llama-3-70B", "Llama-3.1-405B"),
            *("Mistral-7B-v0.1", "Mixtral-8x7B-v0.1", "Qwen2-7B", "Qwen3-0.6B"),
        )
    },
}

#: Tables that transformers keeps as parameters of their own: it takes modules for embeddings.
NO_MODULES = {
    "vit-base-patch16-224": (-197 * 768, "learned positions"),
    "vit-large-patch16-224": (-197 * 1024, "learned positions"),
}

#: Rows that no file of the zoo counts: table, row → why.
NOT_IN_THE_ZOO = {
    ("keras_applications", "ResNet50"): "its convolutions have biases; the paper's have none",
    ("keras_applications", "ResNet101"): "its convolutions have biases; the paper's have none",
    ("keras_applications", "ResNet152"): "its convolutions have biases; the paper's have none",
}

#: What the tables do not say: how many parameters are at work for a token.
ACTIVE = {"mixtral": 12_879_925_248, "deepseek": 2_661_150_208}


def mapped() -> Iterator[Row]:
    for name, call in TORCHVISION.items():
        claims = {"{m}.params": "exact_params", "{m}.buffers": "buffers", "{m}.macs": "macs_or_ops"}
        yield Row("torchvision", name, call, claims=claims, convention="pytorch")
    for name, call in KERAS.items():
        claims = {
            "{m}.total": "exact_params",
            "{m}.trainable": "trainable",
            "{m}.buffers + {m}.frozen": "non_trainable",
        }
        more = (
            dict.fromkeys(("exact_params", "non_trainable"), KERAS_BEYOND[name])
            if name in KERAS_BEYOND
            else {}
        )
        yield Row("keras_applications", name, call, claims=claims, beyond=more, convention="keras")
    for name, model in TRANSFORMERS.items():
        file, _, call = model.rpartition(": ")
        claims = {"{m}.params": "exact_params", "{m}.buffers": "buffers"}
        claims["{m}.embedding"] = "embedding_params"
        row = ROWS["transformers", name]
        if row["untied_params"] != row["exact_params"]:
            claims["{m}.params + " + TIED.get(name, "{m}.E.params")] = "untied_params"
        more = {"buffers": TRANSFORMERS_BEYOND[name]} if name in TRANSFORMERS_BEYOND else {}
        if name in NO_MODULES:
            more["embedding_params"] = NO_MODULES[name]
        yield Row("transformers", name, call, file, claims, more)


MAPPED = list(mapped())


@pytest.mark.parametrize("row", MAPPED, ids=str)
def test_a_model_counts_what_the_table_says(row: Row) -> None:
    path = ZOO / f"{row.file or re.split(r'[.(]', row.model)[0]}.arch"
    text = path.read_text("utf-8")
    wanted = {
        f"expect {left.format(m=row.model)} == {int(said) - row.beyond.get(column, (0, ''))[0]}"
        for left, column in row.claims.items()
        if (said := ROWS[row.table, row.name][column])
    }
    written = Source(path.name, "\n".join([text, *sorted(wanted)]), str(path))
    document = understand(written, row.convention)
    judged = [judge(claim, document) for claim in document.claims[-len(wanted) :]]
    wrong = [f"{j.span.text}: it is {j.left}" for j in judged if j.holds is not True]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ACTIVE)
def test_the_parameters_at_work(name: str) -> None:
    text = (ZOO / f"{name}.arch").read_text("utf-8")
    document = understand(Source(name, f"{text}\nexpect {name}.active == {ACTIVE[name]}"))
    assert judge(document.claims[-1], document).holds is True


def test_every_row_is_counted_or_has_a_reason() -> None:
    counted = [(row.table, row.name) for row in MAPPED]
    assert len(set(counted)) == len(counted)
    both = sorted(set(counted) & NOT_IN_THE_ZOO.keys())
    assert not both, f"counted, and listed as not counted: {both}"
    neither = sorted(ROWS.keys() - set(counted) - NOT_IN_THE_ZOO.keys())
    assert not neither, f"neither counted nor listed with a reason: {neither}"
    gone = sorted((set(counted) | NOT_IN_THE_ZOO.keys()) - ROWS.keys())
    assert not gone, f"no such row: {gone}"
    assert all(NOT_IN_THE_ZOO.values())

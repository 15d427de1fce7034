"""``verify --module`` on classes of Hugging Face and torchvision that the zoo has texts of: green."""

from __future__ import annotations

import pytest

from symparams.cli.sources import counting, values_of
from symparams.elaboration import WrittenModel
from symparams.errors import SymparamsError
from symparams.frameworks import ModuleCheck, check_module, convention_of
from tests.oracle import checked_rows
from tests.oracle.checked_rows import CheckedRow

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("torch")]

TABLE = [
    *(("transformers", row) for row in checked_rows.HUGGING_FACE),
    *(("torchvision", row) for row in checked_rows.TORCHVISION),
]


def compared(row: CheckedRow) -> ModuleCheck:
    """The answer of ``symparams verify zoo:NAME --module …``."""
    read = counting(f"zoo:{row.zoo}", None)

    def counted(framework: str) -> WrittenModel:
        return read(convention_of(framework))[0]

    settings = (row.given,) if row.given else ()
    return check_module(counted, row.build, values_of(settings))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("package", "row"), TABLE, ids=[f"{package}-{row.name}" for package, row in TABLE]
)
def test_the_zoo_is_what_the_library_builds(package, row):
    pytest.importorskip(package)
    found = compared(row)
    if row.beside:
        assert {(d.what, d.tensor) for d in found.differences} == {
            ("only in the module", row.beside)
        }
        return
    assert found.agrees, found.differences


@pytest.mark.filterwarnings("ignore")
def test_another_class_is_not():
    pytest.importorskip("transformers")
    (row,) = (r for r in checked_rows.HUGGING_FACE if r.name == "LlamaForCausalLM tied")
    found = compared(row._replace(given=""))
    assert [(d.what, d.declared.split()[-1]) for d in found.differences] == [
        ("only in the text", "trainable")
    ]
    with pytest.raises(SymparamsError, match="'types'"):
        compared(
            next(r for r in checked_rows.HUGGING_FACE if r.name == "BertModel")._replace(given="")
        )

"""``infer`` on builders of Hugging Face and torchvision: complete, and the zoo's where it has them."""

from __future__ import annotations

import pytest

from symparams.algebra import text
from symparams.frameworks import infer
from tests.oracle import inferred_hf, inferred_torchvision
from tests.oracle.inferring_all import of_zoo

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("torch")]

#: Builders that take more than a minute are left to ``python -m tests.oracle.inferring_all``.
SLOW = {"JambaForCausalLM", "densenet", "densenet four blocks", "wide_resnet", "mnasnet"}

TABLE = [
    *(("transformers", row) for row in inferred_hf.ROWS),
    *(("torchvision", row) for row in inferred_torchvision.ROWS),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("package", "row"),
    [(package, row) for package, row in TABLE if row.name not in SLOW],
    ids=lambda x: getattr(x, "name", ""),
)
def test_every_tensor_has_a_formula(package, row):
    pytest.importorskip(package)
    found = infer(row.builder(), row.sizes, row.over)
    assert found.complete, [u.pattern for u in found.unfitted]
    assert found.held
    if row.zoo:
        assert of_zoo(row.zoo, row.settings, text(found.params)) == "proved"

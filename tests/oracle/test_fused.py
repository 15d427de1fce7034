"""Fused models against torch: what is left when batch norms are folded into convolutions.

``facts/fused.csv`` is made of torchvision's models, folded by ``torch.fx`` in
evaluation mode, and of Ultralytics' detectors as their own ``fuse`` leaves
them; MACs are FlopCounterMode's of the fused module, halved.
"""

from __future__ import annotations

import pytest

from symparams.analysis.claims import judge
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import source
from symparams.errors import Source

from .counting import facts
from .torchvision_models import CALLS

ROWS = facts("fused")

YOLO = {
    "yolov8n 640": "yolov8",
    "yolov8s 640": "yolov8(width = 1/2)",
    "yolov8m 640": "yolov8(width = 3/4, n = 2, most = 768)",
    "yolov8l 640": "yolov8(width = 1, n = 3, most = 512)",
    "yolov8x 640": "yolov8(width = 5/4, n = 3, most = 512)",
}


def left(call: str, side: str, row: dict[str, str]) -> dict[str, int]:
    """By how much a model and what is left of it differ from a row, by measure."""
    path = source(call.partition("(")[0].partition(".")[0])
    asked = {f"{call}.params": row["params"], f"{call}.buffers": row["buffers"]}
    asked |= {f"left.{m}": row[f"fused_{m}"] for m in ("params", "buffers", "macs")}
    asked[f"{call}.macs"] = row["fused_macs"]
    model = f"model left = input({side}, {side}, 3) -> fuse({call})"
    claims = [f"expect {measure} == {value}" for measure, value in asked.items()]
    document = understand(Source(path.name, "\n".join([path.text, model, *claims])), "pytorch")
    judged = [judge(claim, document) for claim in document.claims[-len(claims) :]]
    return {m: int(j.left - j.right) for m, j in zip(asked, judged, strict=True) if not j.holds}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["model"])
def test_what_is_left(row):
    key = f"{row['model']} {row['side']}"
    assert left({**CALLS, **YOLO}[key], row["side"], row) == {}


def test_norms_that_are_not_behind_a_convolution_stay():
    # Torch leaves DenseNet's norms of what is joined, and folds all others.
    kept = {row["model"]: int(row["norms_left"]) for row in ROWS if row["norms_left"] != "0"}
    assert kept == {"densenet121": 62, "densenet161": 82, "densenet169": 86, "densenet201": 102}

"""Measure how many values live at once in torchvision's models, for ``facts/peaks.csv``.

Run in an environment of its own, from the top of the repository::

    pip install torch==2.14.1 torchvision==0.29.1
    python -m tests.oracle.measure_peaks

A model in evaluation mode is traced by torch.fx and run on the meta device; see
``living_torch.py``. ``place`` is the operation at which the most values live.
"""

from __future__ import annotations

import csv
from importlib.metadata import version
from pathlib import Path

import torch
from torchvision import models, ops

from .living_torch import most_living

TABLE = Path(__file__).parent / "facts" / "peaks.csv"

#: Those that torch.fx traces. In ``densenet`` each layer concatenates all that came before it.
NAMES = (
    *("alexnet", "vgg11", "vgg16", "vgg19_bn", "resnet18", "resnet34", "resnet50", "resnet152"),
    *("wide_resnet50_2", "resnext50_32x4d", "mobilenet_v2", "inception_v3"),
    *("efficientnet_b0", "efficientnet_b1", "efficientnet_b7", "convnext_tiny", "convnext_base"),
    *("densenet121", "densenet161"),
)

SIZES = {"inception_v3": 299, "efficientnet_b1": 240, "efficientnet_b7": 600}


def main() -> None:
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("model", "size", "peak", "place", "source"))
        for name in NAMES:
            side = SIZES.get(name, 224)
            with torch.device("meta"):
                given = {"init_weights": False} if name.startswith("inception") else {}
                net = models.get_model(name, weights=None, **given).eval()
                image = torch.zeros(1, 3, side, side)
                peak, place = most_living(net, image, handed_on=(ops.StochasticDepth,))
            source = f"torchvision {version('torchvision')}, torch.fx"
            writer.writerow((name, side, peak, place, source))


if __name__ == "__main__":
    main()

"""Take torchvision's published figures, and measure its models, for ``facts/torchvision_ops.csv``.

Run in an environment of its own, from the top of the repository::

    pip install torch==2.13.0 torchvision==0.28.0
    python -m tests.oracle.measure_torchvision_macs

``ops_giga`` and ``params`` stand in the metadata of the weights, for an image of
``size``; nothing is downloaded. ``conv_linear_macs`` is measured on the model
without memory: the multiply-accumulates of the modules that are convolutions
or linear layers.
"""

from __future__ import annotations

import contextlib
import csv
from importlib.metadata import version
from math import prod
from pathlib import Path
from typing import Any

import torch
from torch import nn

with contextlib.suppress(RuntimeError):  # see measure_mac_tools
    for _name in ("nms", "qnms"):
        torch.library.define(f"torchvision::{_name}", "(Tensor a, Tensor b, float c) -> Tensor")

from torchvision import models  # after what its import needs

TABLE = Path(__file__).parent / "facts" / "torchvision_ops.csv"

#: The families of torchvision that the zoo has.
FAMILIES = (
    *("alexnet", "convnext", "densenet", "efficientnet_b", "inception_v3", "mobilenet_v2"),
    *("resnet", "resnext", "swin_b", "swin_s", "swin_t", "vgg", "vit", "wide_resnet"),
)


def conv_linear_macs(name: str, size: int) -> int:
    """Of the convolutions and linear layers that are modules, on one image."""
    total = 0

    def count(module: nn.Module, _: Any, output: torch.Tensor) -> None:
        nonlocal total
        weights = module.weight
        positions = (
            prod(output.shape[2:])
            if isinstance(module, nn.Conv2d)
            else prod(output.shape) // weights.shape[0]
        )
        total += weights.numel() * positions

    with torch.device("meta"):
        given = {"image_size": size} if name.startswith("vit") else {}
        given |= {"init_weights": False} if name.startswith("inception") else {}
        net = models.get_model(name, weights=None, **given).eval()
        for module in net.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                module.register_forward_hook(count)
        with torch.no_grad():
            net(torch.empty(1, 3, size, size))
    return total


def main() -> None:
    """Write the table."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("model", "size", "params", "ops_giga", "conv_linear_macs", "version"))
        for name in models.list_models(models):
            if not name.startswith(FAMILIES):
                continue
            for size, params, ops in dict.fromkeys(
                (*weights.transforms().crop_size, weights.meta["num_params"], weights.meta["_ops"])
                for weights in models.get_model_weights(name)
            ):
                macs = conv_linear_macs(name, size)
                rows.writerow((name, size, params, ops, macs, version("torchvision")))


if __name__ == "__main__":
    main()

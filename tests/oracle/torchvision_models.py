"""Models of torchvision in the zoo, and by which formula its figures differ from our MACs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symparams.analysis.claims import judge
from symparams.elaboration.definition import build
from symparams.elaboration.document import understand
from symparams.elaboration.zoo import source
from symparams.errors import Source
from tests.elaboration.test_zoo import TORCHVISION

from .counting import facts, size

#: Model and side of the image → a call of a model of the zoo; more than ``torchvision.csv`` has.
CALLS = {
    **TORCHVISION,
    "convnext_small 224": "convnext(n = [3, 3, 27, 3])",
    "convnext_base 224": "convnext(c = 128, n = [3, 3, 27, 3])",
    "convnext_large 224": "convnext(c = 192, n = [3, 3, 27, 3])",
    "efficientnet_b1 240": "efficientnet(depth = 1.1, size = 240)",
    "efficientnet_b2 288": "efficientnet(width = 1.1, depth = 1.2, size = 288)",
    "efficientnet_b3 300": "efficientnet(width = 1.2, depth = 1.4, size = 300)",
    "efficientnet_b4 380": "efficientnet(width = 1.4, depth = 1.8, size = 380)",
    "efficientnet_b5 456": "efficientnet(width = 1.6, depth = 2.2, size = 456)",
    "efficientnet_b6 528": "efficientnet(width = 1.8, depth = 2.6, size = 528)",
    "efficientnet_b7 600": "efficientnet(width = 2, depth = 3.1, size = 600)",
    "inception_v3 299": "inception_v3",
    "resnext50_32x4d 224": "resnet(unit = bottleneck(groups = 32, width = 2))",
    "resnext101_32x8d 224": "resnet(n = [3, 4, 23, 3], unit = bottleneck(groups = 32, width = 4))",
    "resnext101_64x4d 224": "resnet(n = [3, 4, 23, 3], unit = bottleneck(groups = 64, width = 4))",
    "wide_resnet50_2 224": "resnet(unit = bottleneck(width = 2))",
    "wide_resnet101_2 224": "resnet(n = [3, 4, 23, 3], unit = bottleneck(width = 2))",
    "swin_t 224": "swin",
    "swin_s 224": "swin(n = [2, 2, 18, 2])",
    "swin_b 224": "swin(c = 128, n = [2, 2, 18, 2], a = 4)",
    "vit_b_32 224": "vit(p = 32)",
    "vit_l_32 224": "vit(p = 32, l = 24, h = 1024, a = 16)",
    "vit_h_14 224": "vit(p = 14, l = 32, h = 1280, a = 16)",
    "vit_h_14 518": "vit(size = 518, p = 14, l = 32, h = 1280, a = 16)",
}

#: Attention over s = (size/p)^2 + 1 positions: four projections, scores, sums of values.
VIT = "l*(4*((size/p)^2 + 1)*h^2 + 2*((size/p)^2 + 1)^2*h)"

#: The same in windows of w by w, in four stages, each of a quarter of the positions.
SWIN = " + ".join(f"n{k}*(size/(p*2^{k}))^2*(4*(c*2^{k})^2 + 2*w^2*c*2^{k})" for k in range(4))

#: File of the zoo → what we count beyond the modules that are convolutions or linear layers:
#: torchvision's attentions have their matrices as parameters, and call functions.
BEYOND = {"vit": VIT, "swin": SWIN}

#: The sizes of those models where a call says nothing.
DEFAULTS = {
    "vit": {"size": 224, "p": 16, "l": 12, "h": 768},
    "swin": {"size": 224, "p": 4, "c": 96, "w": 7, "n0": 2, "n1": 2, "n2": 6, "n3": 2},
}


@dataclass(frozen=True)
class Published:
    """torchvision's figures of a model; ``ops`` in giga, rounded to three places, as printed."""

    model: str
    side: int
    params: int
    ops: str
    conv_linear: int

    def __str__(self) -> str:
        return f"{self.model} {self.side}"

    @property
    def call(self) -> str:
        """The model in the zoo."""
        return CALLS[str(self)]

    @property
    def file(self) -> str:
        """The zoo's file of it."""
        return self.call.partition("(")[0].partition(".")[0]

    def measures(self) -> tuple[int, int, int]:
        """Our params, MACs, and the MACs of all attention."""
        path = source(self.file)
        asked = ("params", "macs", "attention.macs")[: 3 if self.file in BEYOND else 2]
        claims = [f"expect {self.call}.{measure} == 0" for measure in asked]
        document = understand(Source(path.name, "\n".join([path.text, *claims])), "pytorch")
        found = [judge(c, document).left for c in document.claims[-len(asked) :]]
        params, macs, attention = (int(n) for n in (*found, 0)[:3])
        return params, macs, attention

    @property
    def beyond(self) -> str:
        """What we count beyond ``conv_linear``, as a formula."""
        return BEYOND.get(self.file, "0")

    @property
    def more(self) -> int:
        """What :attr:`beyond` is at the sizes of the call."""
        sizes = dict(DEFAULTS.get(self.file, {}))
        if sizes and (variant := self.call.partition("(")[0]) != self.file:
            defaults = build(understand(source(self.file)).known[variant]).defaults
            sizes |= {n: v for n, v in defaults.items() if n in sizes}
        sizes |= {letter: int(n) for letter, n in re.findall(r"(\w+) = (\d+)", self.call)}
        for numbers in re.findall(r"n = \[(.*?)\]", self.call):
            sizes |= {f"n{k}": int(n) for k, n in enumerate(numbers.split(", "))}
        found = size(self.beyond, sizes)
        assert isinstance(found, int)
        return found


def published() -> tuple[Published, ...]:
    """The rows of both tables, a row a model and size."""
    rows = [
        Published(
            row["model"],
            int(row["input_shape"].strip("[]").split(",")[-1]),
            int(row["exact_params"]),
            row["meta_ops_giga"],
            int(row["conv_linear_macs"]),
        )
        for row in facts("torchvision")
    ]
    rows += [
        Published(
            row["model"],
            int(row["size"]),
            int(row["params"]),
            row["ops_giga"],
            int(row["conv_linear_macs"]),
        )
        for row in facts("torchvision_ops")
    ]
    return tuple(dict.fromkeys(rows))


ROWS = published()

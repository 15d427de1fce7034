"""Whole networks that articles and frameworks both have."""

from __future__ import annotations

STAGE = "block stage(c, n) = (conv(c, 3, pad = same) -> relu) * n -> maxpool(2)\n"

#: Simonyan & Zisserman 2014 (arXiv:1409.1556), configuration D.
VGG16 = (
    STAGE
    + """
model vgg16(classes = 1000) =
    input(224, 224, 3)
    -> stage(64, 2) -> stage(128, 2) -> stage(256, 3) -> stage(512, 3) -> stage(512, 3)
    -> flatten -> (dense(4096) -> relu -> dropout(0.5)) * 2 -> dense(classes)
"""
)

#: The same with the weights alone, as the table of CS231n counts them.
VGG16_NO_BIAS = "default conv(bias = no)\ndefault dense(bias = no)\n" + VGG16

#: The article's classifier of 256x256 photographs.
CNN9 = """
block stage(pool) =
    conv(32, 3, pad = same) -> relu -> conv(32, 3) -> relu -> maxpool(pool) -> dropout(0.25)

model cnn9(classes = 9) =
    input(256, 256, 3) -> stage(3) -> stage(2) -> stage(2)
    -> flatten -> dense(512) -> relu -> dropout(0.5) -> dense(128) -> relu -> dropout(0.5)
    -> dense(classes) -> softmax
"""

"""Classes of Keras by one name each, and where their channels stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def plain(model: str) -> str:
    """A class by the name that it has in the documentation, not by an alias."""
    model = model.replace("Convolution", "Conv")
    model = re.sub(r"^(Global)?AvgPool(\dD)$", r"\1AveragePooling\2", model)
    return re.sub(r"^(Global)?MaxPool(\dD)$", r"\1MaxPooling\2", model)


def inside(config: Any) -> tuple[str, dict[str, Any]]:
    """Class and arguments of a layer inside another one."""
    return plain(config["class_name"]), dict(config["config"])


def channels(model: str, options: Mapping[str, Any]) -> tuple[bool, int]:
    """Whether the channels stand in front of the positions; and how many axes before them."""
    inner = options.get("layer")
    if isinstance(inner, Mapping):
        in_front, lead = channels(*inside(inner))
        return in_front, lead + (model == "TimeDistributed")
    return options.get("data_format") == "channels_first", int(model.startswith("ConvLSTM"))


def behind(shape: tuple[Any, ...], in_front: bool, lead: int) -> tuple[Any, ...]:
    """A shape with the channels behind the positions."""
    if not in_front:
        return tuple(shape)
    return (*shape[:lead], *shape[lead + 1 :], shape[lead])


def is_window(model: str) -> bool:
    """Whether a layer moves a window over all axes but the last."""
    return re.match(r"(Depthwise|Separable)?Conv\dD|(Max|Average)Pooling", model) is not None


def inward(axis: Any) -> Any:
    """An axis of Keras, which counts the batch, as one of an example; or several."""
    if isinstance(axis, list | tuple):
        return [inward(one) for one in axis] if len(axis) > 1 else inward(axis[0])
    return axis if axis is None or axis < 0 else axis - 1

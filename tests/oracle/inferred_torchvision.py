"""Builders of torchvision and Keras applications by the arguments they have, for ``infer``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class BuilderRow(NamedTuple):
    """A builder and the sizes that vary; the zoo's model and its settings, where there is one."""

    name: str
    sizes: str
    build: Callable[..., Any]
    zoo: str = ""
    settings: str = ""
    over: tuple[str, ...] = ()

    def builder(self) -> Callable[..., Any]:
        """The function that ``infer`` is given."""
        return self.build


def _models() -> Any:
    import torchvision

    return torchvision.models


def _resnet(block: str, w: int, n: int, m: int, classes: int, **more: int) -> Any:
    from torchvision.models import resnet

    return resnet.ResNet(getattr(resnet, block), [n, m, n, m], num_classes=classes, **more)


def _vgg(w: int, n: int, m: int, norm: bool) -> Any:
    from torchvision.models import vgg

    configuration: list[int | str] = [*[w] * n, "M", *[2 * w] * m, "M", *[4 * w] * n, "M"]
    return vgg.make_layers(configuration, batch_norm=norm)  # type: ignore[arg-type]


def _swin(h: int, n: int, a: int, window: int) -> Any:
    return _models().swin_transformer.SwinTransformer(
        [4, 4], h, [2, n], [a, 2 * a], [window, window]
    )


ROWS = [
    BuilderRow("resnet_basic", "n, m, classes", lambda n, m, classes: _resnet("BasicBlock", 64, n, m, classes)),
    BuilderRow("resnet_bottleneck", "n, m, classes", lambda n, m, classes: _resnet("Bottleneck", 64, n, m, classes)),
    BuilderRow("wide_resnet", "w, n, m, classes", lambda w, n, m, classes: _resnet("Bottleneck", 64, n, m, classes, width_per_group=w)),
    BuilderRow("resnext", "g, d, n, classes", lambda g, d, n, classes: _resnet("Bottleneck", 64, n, 2, classes, groups=g, width_per_group=d)),
    BuilderRow("vgg features", "w, n, m", lambda w, n, m: _vgg(w, n, m, False)),
    BuilderRow("vgg_bn features", "w, n, m", lambda w, n, m: _vgg(w, n, m, True)),
    BuilderRow("vgg16", "classes", lambda classes: _models().vgg16(num_classes=classes)),
    BuilderRow("alexnet", "classes", lambda classes: _models().alexnet(num_classes=classes), "alexnet"),
    BuilderRow("densenet", "g, c, n, m, classes", lambda g, c, n, m, classes: _models().DenseNet(g, (n, m), c, num_classes=classes)),
    BuilderRow("densenet four blocks", "g, c, n", lambda g, c, n: _models().DenseNet(g, (2, n, 2, n), c)),
    BuilderRow("vit", "size, p, l, a, h, f, classes", lambda size, p, l, a, h, f, classes: _models().VisionTransformer(size, p, l, a, h, f, num_classes=classes), "vit"),
    BuilderRow("swin", "h, n, a, window", _swin),
    BuilderRow("convnext", "c, n, classes", lambda c, n, classes: _models().ConvNeXt([_models().convnext.CNBlockConfig(c, 2 * c, n), _models().convnext.CNBlockConfig(2 * c, None, 3)], num_classes=classes)),
    BuilderRow("squeezenet", "classes", lambda classes: _models().squeezenet1_0(num_classes=classes)),
    BuilderRow("mobilenet_v2", "w in {1/4, 1/2, 3/4, 1, 5/4, 3/2, 7/4, 2, 5/2, 3}, classes", lambda w, classes: _models().mobilenet_v2(width_mult=w, num_classes=classes)),
    BuilderRow("shufflenet_v2", "c, n, classes", lambda c, n, classes: _models().ShuffleNetV2([n, n + 1, n], [24, 2 * c, 4 * c, 8 * c, 16 * c], num_classes=classes)),
    BuilderRow("mnasnet", "w in {1/2, 3/4, 1, 5/4, 3/2, 7/4, 2, 5/2}, classes", lambda w, classes: _models().MNASNet(w, num_classes=classes)),
    BuilderRow("googlenet", "classes", lambda classes: _models().googlenet(num_classes=classes, aux_logits=False, init_weights=False)),
    BuilderRow("maxvit head", "classes", lambda classes: _models().regnet_y_400mf(num_classes=classes)),
]  # fmt: skip


def _application(name: str, **fixed: Any) -> Callable[..., Any]:
    def build(**sizes: Any) -> Any:
        import keras

        return getattr(keras.applications, name)(weights=None, **fixed, **sizes)

    return build


def _resized(name: str, size: int = 64) -> Callable[..., Any]:
    return _application(name, input_shape=(size, size, 3))


WIDTHS = "alpha in {1/4, 1/2, 3/4, 1, 5/4, 3/2, 2}"
KERAS_ROWS = [
    BuilderRow("MobileNet", f"{WIDTHS}, classes", _resized("MobileNet")),
    BuilderRow("MobileNetV2", f"{WIDTHS}, classes", _resized("MobileNetV2")),
    BuilderRow("MobileNetV3Small", f"{WIDTHS}, classes", _resized("MobileNetV3Small")),
    BuilderRow("VGG16", "classes", _application("VGG16", input_shape=(32, 32, 3))),
    BuilderRow("VGG19", "classes", _application("VGG19", input_shape=(32, 32, 3))),
    BuilderRow("ResNet50", "classes", _resized("ResNet50")),
    BuilderRow("ResNet50V2", "classes", _resized("ResNet50V2")),
    BuilderRow("DenseNet121", "classes", _resized("DenseNet121")),
    BuilderRow("Xception", "classes", _resized("Xception", 96)),
    BuilderRow("InceptionV3", "classes", _resized("InceptionV3", 96)),
    BuilderRow("EfficientNetB0", "classes", _resized("EfficientNetB0")),
    BuilderRow("EfficientNet", "w in {1/2, 1, 11/10, 5/4, 3/2, 2, 5/2, 3}, classes", lambda w, classes: _efficientnet(w, classes)),
    BuilderRow("NASNetMobile", "classes", _resized("NASNetMobile", 96)),
    BuilderRow("ConvNeXtTiny", "classes", _resized("ConvNeXtTiny")),
]  # fmt: skip


def _efficientnet(w: float, classes: int) -> Any:
    from keras.src.applications import efficientnet

    return efficientnet.EfficientNet(w, 1.0, 64, weights=None, input_shape=(64, 64, 3), classes=classes, name="efficientnet")  # fmt: skip

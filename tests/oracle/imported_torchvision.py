"""Prints how well every classification model of torchvision is imported.

``python -m tests.oracle.imported_torchvision [NAME …]``: a row a model: whether all tensors and
MACs agree, the share of values in words, opaque parts, lines of the text. It needs torchvision,
and takes some seconds a model.
"""

from __future__ import annotations

import sys
import time

from symparams.frameworks import import_module


def names() -> list[str]:
    from torchvision import models

    found = models.list_models(module=models)
    return [name for name in found if not name.startswith("quantized")]


def inputs(name: str) -> tuple[str, ...]:
    """Return the image that a model is made for."""
    return ("3x299x299",) if name == "inception_v3" else ("3x224x224",)


def main(chosen: list[str]) -> None:
    for name in chosen or names():
        begun = time.process_time()
        try:
            found = import_module(f"torchvision.models:{name}", inputs(name))
        except Exception as error:  # one row of many: the others are of interest all the same
            print(f"{name:24} FAILED {type(error).__name__}: {str(error).splitlines()[0][:100]}")
            continue
        tensors = "equal" if found.check.agrees else f"{len(found.check.differences)} differ"
        macs, theirs = found.macs
        share = found.read / found.values
        opaque = sorted({p.why for p in found.opaque})
        seconds = time.process_time() - begun
        print(
            f"{name:24} tensors {tensors}, MACs {macs - theirs:+,} of {theirs:,}, "
            f"{share:.1%} in words, opaque {opaque}, left over {len(found.uncalled)}, "
            f"{found.text.count(chr(10))} lines, {seconds:.1f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])

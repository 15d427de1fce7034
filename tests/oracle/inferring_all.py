"""``python -m tests.oracle.inferring_all [NAME …]``: every builder of the tables, inferred.

A line a builder: seconds, patterns, what did not fit, points kept out, and whether the
formula is the zoo's, proved.
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import time
import warnings
from typing import Any

import symparams
from symparams.algebra import short, text, text_of
from symparams.frameworks import infer
from tests.oracle import inferred_hf, inferred_torchvision


def of_zoo(zoo: str, settings: str, formula: str, measure: str = "params") -> str:
    """The verdict on a formula against the zoo's model."""
    file, _, name = zoo.partition(":")
    model = symparams.load(f"zoo:{file}")[name or file]
    given: dict[str, Any] = {}
    for entry in filter(None, settings.split(",")):
        size, _, value = entry.strip().partition("=")
        given[size] = symparams_value(value)
    verdict = model.at(given).prove(formula, measure).verdict
    return {True: "proved", False: "DIFFERS", None: "undecided"}[verdict.equal]


def symparams_value(written: str) -> Any:
    """A setting as Python has it."""
    if written.lstrip("-").isdigit():
        return int(written)
    import sympy

    return {"yes": True, "no": False}.get(written, sympy.Symbol(written))


def main(names: list[str]) -> None:
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("KERAS_BACKEND", "torch")
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    import torch  # noqa: F401 - its import is no part of the seconds

    tables: dict[str, list[Any]] = {
        "hf": inferred_hf.ROWS,
        "torchvision": inferred_torchvision.ROWS,
        "keras": inferred_torchvision.KERAS_ROWS,
    }
    for table, rows in tables.items():
        seconds = []
        for row in rows:
            if names and table not in names and row.name not in names:
                continue
            if table == "hf":
                import transformers

                getattr(transformers, row.name)
            if table == "keras":
                import keras  # noqa: F401
            started = time.monotonic()
            try:
                found = infer(row.builder(), row.sizes, row.over)
            except Exception as error:
                print(f"{row.name:32} {type(error).__name__}: {error}", flush=True)
                continue
            seconds.append(time.monotonic() - started)
            verdict = ""
            if row.zoo and found.complete:
                try:
                    verdict = of_zoo(row.zoo, row.settings, text(found.params))
                except symparams.SymparamsError as error:
                    verdict = f"not compared: {error}"
            print(
                f"{row.name:32} {seconds[-1]:6.1f} s  {len(found.rows):4} patterns  "
                f"{len(found.unfitted)} unfitted  fitted at {len(found.points)}, "
                f"held at {len(found.held)}  {verdict}  if {', '.join(found.conditions)}"
                f"{'; within ' + ', '.join(found.ranges) if found.ranges else ''}"
                f"{'; not varied ' + ', '.join(found.unvaried) if found.unvaried else ''}"
                f"{'; raises unexplained ' + str(len(found.unexplained)) if found.unexplained else ''}",
                flush=True,
            )
            if found.params is not None:
                print(f"    {text_of(short(found.params))[:240]}", flush=True)
            for part in found.unfitted[:3]:
                print(
                    f"    {part.pattern} {part.part}: {part.what}",
                    [v for _, v in part.values][:9],
                    flush=True,
                )
        if seconds:
            print(
                f"{table}: {len(seconds)} builders, median {statistics.median(seconds):.1f} s",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])

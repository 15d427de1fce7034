"""Pictures of pages: what TeX and Typst make of what the commands of the docs print.

A picture says of which source it was made, by its SHA-256.
"""

from __future__ import annotations

import io
import re
import shlex
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.cli.running import run
from tests.typeset import paper

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "typesetting.md"
FOLDER = ROOT / "docs" / "typesetting"
#: Dots an inch, and the greys or colours of a picture.
DENSITY, COLORS = 110, 32
_KEY = "Source"


def printed_by() -> dict[str, list[str]]:
    """Picture → the arguments of the command that prints its source."""
    found = {}
    for line in PAGE.read_text("utf-8").splitlines():
        told = re.fullmatch(r"symparams (.*) > typesetting/(\w+)(\.tex|\.typ)", line)
        if told:
            end = ".typ.png" if told[3] == ".typ" else ".png"
            found[told[2] + end] = shlex.split(told[1])
    return found


def digest(*sources: str) -> str:
    """Return what sources are known by."""
    return f"sha256:{sha256(chr(0).join(sources).encode()).hexdigest()}"


def made_of(picture: Path) -> str | None:
    """Return the digest that a picture has, in a text chunk of PNG."""
    data, at = picture.read_bytes(), 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, told = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if kind == b"tEXt" and told.startswith(f"{_KEY}\0".encode()):
            return told.split(b"\0", 1)[1].decode()
        at += 12 + length
    return None


def source_of(picture: str) -> str:
    """Return what the command of a picture prints today."""
    made = run(*printed_by()[picture], cwd=ROOT)
    assert made.code == 0, made.err
    return made.out


def sources_of_the_paper(folder: Path) -> list[str]:
    """Make what the paper puts in, in a folder, and return it with the table of its figure."""
    paper.copy(folder)
    sources = [(folder / name).read_text("utf-8") for name in paper.WRITTEN if name != "Makefile"]
    for rule in paper.rules():
        if rule.file == "parts.pdf":
            words = [w for w in rule.words[: rule.words.index("--out")] if w != "--width"]
            words = [w for w in words if not w.endswith("pt")]
            sources.append(run(*words, "--format", "json", cwd=folder).out)
        else:
            rule.make(folder)
            sources.append((folder / rule.file).read_text("utf-8"))
    return sources


# --- drawing ----------------------------------------------------------------


def draw() -> Iterator[str]:
    """Make all pictures anew; yield what was drawn."""
    for name in printed_by():
        source = source_of(name)
        data = _by_typst(source) if name.endswith(".typ.png") else _by_tex(source)
        _write(FOLDER / name, data, digest(source), cropped=True)
        yield name
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        sources = sources_of_the_paper(folder)
        for rule in paper.rules():
            if rule.file == "parts.pdf":
                rule.make(folder)
        paper.compiled(folder)
        for number in (1, 2):
            data = _page(folder / "main.pdf", number)
            name = f"page-{number}.png"
            _write(paper.FOLDER / name, data, digest(*sources), cropped=False)
            yield name


def _by_tex(source: str) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        without = source.replace(r"\begin{document}", r"\pagestyle{empty}\begin{document}")
        (folder / "main.tex").write_text(without, "utf-8")
        paper.compiled(folder)
        return _page(folder / "main.pdf", 1)


def _by_typst(source: str) -> bytes:
    import typst

    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "main.typ"
        path.write_text(source, "utf-8")
        drawn: Any = typst.compile(str(path), format="png", ppi=DENSITY)
    return drawn[0] if isinstance(drawn, list) else drawn


def _page(pdf: Path, number: int) -> bytes:
    command = ["pdftoppm", "-r", str(DENSITY), "-png", "-f", str(number), "-l", str(number), pdf]
    return subprocess.run(command, check=True, capture_output=True).stdout


def _write(path: Path, data: bytes, made_of: str, cropped: bool) -> None:
    """Write a picture with few colours, without the empty parts of the page where it is cropped."""
    from PIL import Image, ImageOps
    from PIL.PngImagePlugin import PngInfo

    image = Image.open(io.BytesIO(data)).convert("RGB")
    if cropped:
        left, top, right, bottom = ImageOps.invert(image).getbbox()
        image = image.crop((left - 12, top - 12, right + 12, bottom + 12))
    told = PngInfo()
    told.add_text(_KEY, made_of)
    few = image.quantize(COLORS)
    few.save(path, "PNG", optimize=True, pnginfo=told)

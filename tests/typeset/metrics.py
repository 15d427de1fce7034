"""Writes symparams/views/computer_modern.txt from the font metrics of a TeX installation.

``python -m tests.typeset.metrics`` writes the table, with ``--check`` it compares. The metrics
are read from the TFM files of Knuth's Computer Modern and of the AMS fonts, by the format of
"TFtoPL" (https://ctan.org/pkg/tex, tftopl.web).
"""

from __future__ import annotations

import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "symparams" / "views" / "computer_modern.txt"
#: Family → the design sizes that LaTeX has; of the others it scales one.
FAMILIES = {
    "cmr": (5, 6, 7, 8, 9, 10),
    "cmmi": (5, 6, 7, 8, 9, 10),
    "cmsy": (5, 6, 7, 8, 9, 10),
    "cmbx": (5, 6, 7, 8, 9, 10),
    "cmss": (8, 9, 10),
    "cmtt": (8, 9, 10),
    "cmti": (7, 8, 9, 10),
    "cmex": (7, 8, 9, 10),
    "msbm": (5, 7, 10),
}
#: Family, what it is called in the table, and its ``\\fontdimen``s: the quad; the space between
#: words; how far the halves of a fraction are from the base line, displayed and not; its rule.
PARAMETERS = (
    ("cmr", "quad", (6,)),
    ("cmr", "space", (2,)),
    ("cmsy", "quad", (6,)),
    ("cmsy", "fraction", (8, 9, 11, 12)),
    ("cmex", "rule", (8,)),
)
#: Lengths are in hundred-thousandths of the design size.
UNIT = 100_000

HEAD = """\
# Widths of Computer Modern and of msbm, read from their TFM files by tests/typeset/metrics.py.
# Source: D. E. Knuth, Computer Modern (https://ctan.org/pkg/cm); msbm: https://ctan.org/pkg/amsfonts.
# In hundred-thousandths of the design size, in the order of the codes: `-` where there is no
# character; + behind a width is its italic correction. kern: pairs of ASCII letters in cmr10.
"""


@dataclass(frozen=True)
class FontMetrics:
    """What a TFM file says: by code the width, height, depth, italic; kerns of pairs; and the
    parameters of the font, ``\\fontdimen1`` first.
    """

    width: dict[int, float]
    height: dict[int, float]
    depth: dict[int, float]
    italic: dict[int, float]
    kern: dict[tuple[int, int], float]
    parameters: list[float]


def read(path: Path) -> FontMetrics:
    data = path.read_bytes()
    lf, lh, bc, ec, nw, nh, nd, ni, nl, nk, *_ = struct.unpack(">12H", data[:24])
    assert len(data) == 4 * lf
    words = [data[4 * k : 4 * k + 4] for k in range(lf)]
    infos = words[6 + lh : 6 + lh + ec - bc + 1]
    place = 6 + lh + ec - bc + 1

    def fixes(count: int) -> list[float]:
        nonlocal place
        found = [struct.unpack(">i", w)[0] / 2**20 for w in words[place : place + count]]
        place += count
        return found

    widths, heights, depths, italics = fixes(nw), fixes(nh), fixes(nd), fixes(ni)
    programs = words[place : place + nl]
    place += nl
    kerns = fixes(nk)
    extensible = struct.unpack(">12H", data[:24])[10]
    place += extensible
    parameters = fixes(struct.unpack(">12H", data[:24])[11])
    found = FontMetrics({}, {}, {}, {}, {}, parameters)
    for code, info in enumerate(infos, bc):
        if not info[0]:
            continue
        found.width[code] = widths[info[0]]
        found.height[code] = heights[info[1] >> 4]
        found.depth[code] = depths[info[1] & 15]
        found.italic[code] = italics[info[2] >> 2]
        if info[2] & 3 == 1:  # a ligature and kerning program
            at = info[3]
            if programs[at][0] > 128:
                at = 256 * programs[at][2] + programs[at][3]
            while True:
                skip, following, op, remainder = programs[at]
                if op >= 128 and (code, following) not in found.kern:
                    found.kern[code, following] = kerns[256 * (op - 128) + remainder]
                if skip >= 128:
                    break
                at += skip + 1
    return found


def scaled(value: float) -> int:
    return round(value * UNIT)


def table() -> str:
    lines = []
    for family, sizes in FAMILIES.items():
        for size in sizes:
            name = f"{family}{size}"
            path = subprocess.run(
                ["kpsewhich", f"{name}.tfm"], check=True, capture_output=True, text=True
            ).stdout.strip()
            found = read(Path(path))
            cells = []
            for code in range(max(found.width) + 1):
                if code not in found.width:
                    cells.append("-")
                    continue
                italic = scaled(found.italic[code])
                cells.append(f"{scaled(found.width[code])}{f'+{italic}' if italic else ''}")
            lines.append(f"{name} {' '.join(cells)}")
            for family_of, what, numbers in PARAMETERS:
                if family == family_of:
                    listed = " ".join(str(scaled(found.parameters[k - 1])) for k in numbers)
                    lines.append(f"{name}.{what} {listed}")
            if family in ("cmr", "cmmi", "cmsy"):
                for what in ("height", "depth"):
                    by_code = getattr(found, what)
                    values = [
                        str(scaled(by_code[code])) if code in by_code else "-"
                        for code in range(max(by_code) + 1)
                    ]
                    lines.append(f"{name}.{what} {' '.join(values)}")
            if name == "cmr10":
                pairs = [
                    f"{chr(a)}{chr(b)}{scaled(value):+d}"
                    for (a, b), value in sorted(found.kern.items())
                    if 33 <= a < 127 and 33 <= b < 127
                ]
                lines.append(f"kern {' '.join(pairs)}")
    return HEAD + "\n".join(lines) + "\n"


def main() -> int:
    fresh = table()
    if "--check" in sys.argv:
        same = TABLE.read_text("utf-8") == fresh
        print("the table is that of the fonts" if same else "the table differs from the fonts")
        return int(not same)
    TABLE.write_text(fresh, "utf-8")
    print(f"{TABLE.name}: {len(fresh):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

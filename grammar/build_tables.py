"""Writes the parse tables of the grammar into the package.

Run by the build of a wheel and of an editable installation (hatchling calls
``initialize``), and by hand in a checkout: ``python grammar/build_tables.py``.
"""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TARGET = "symparams/language/_tables.py"


def write(root: Path = ROOT) -> Path:
    """Build the tables of ``root`` and write them down; the path written."""
    # By its path: the package itself cannot be imported before its
    # dependencies are there, and a build installs none of them but lark.
    spec = spec_from_file_location("tables", root / "symparams" / "language" / "tables.py")
    assert spec is not None
    assert spec.loader is not None
    tables = module_from_spec(spec)
    spec.loader.exec_module(tables)
    text = (root / "grammar" / "symparams.lark").read_text(encoding="utf-8")
    target = root / TARGET
    target.write_text(tables.tables_module(text), encoding="utf-8")
    return target


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run by hand, where hatchling is not needed
    pass
else:

    class TablesHook(BuildHookInterface):  # type: ignore[type-arg]
        """Adds the tables to the wheel; a source distribution goes without."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            if self.target_name == "wheel":
                write(Path(self.root))
                build_data["artifacts"].append(TARGET)


if __name__ == "__main__":
    print(write())

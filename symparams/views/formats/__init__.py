"""How a sheet is written: one file a format, each with ``render(sheet) -> str``."""

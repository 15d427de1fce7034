"""``python -m symparams``."""

from symparams.cli import run

run()

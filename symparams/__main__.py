"""``python -m symparams``."""

from symparams.cli.main import run

run()

from symparams.cli.main import run as run

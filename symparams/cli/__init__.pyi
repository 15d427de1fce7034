from symparams.cli.inside import run_inside as run_inside
from symparams.cli.main import command_names as command_names, run as run

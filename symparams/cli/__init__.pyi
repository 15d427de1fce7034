from symparams.cli.checking import check_files as check_files
from symparams.cli.files import write_bytes as write_bytes
from symparams.cli.inside import run_inside as run_inside
from symparams.cli.main import command_names as command_names, run as run
from symparams.cli.sources import models_of as models_of

"""The command line: commands, exit codes, files."""

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)

"""How people read results: pages say what is on a sheet, formats how it is written."""

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)

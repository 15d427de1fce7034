"""Networks built in a framework: to run them, and to compare what was counted with what is there.

No framework is loaded until it is asked for; each has modules of its own, and
only they import it.
"""

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)

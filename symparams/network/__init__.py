"""The applied network: nets, shapes, repeats, sharing, and the parts of it by address.

A net takes a tensor to a tensor; applied, it is an immutable tree of nodes that
keeps the structure of the text. Nothing here reads text.
"""

from symparams.faces import face

__getattr__, __dir__ = face(__name__, __file__)

from symparams.views import answers as answers
from symparams.views.formats.latex import latex_formula as latex_formula
from symparams.views.rendering import FORMATS as FORMATS, render as render
from symparams.views.sheet import Sheet as Sheet
from symparams.views.typeset_names import conventional as conventional
from symparams.views.typesetting import Typesetting as Typesetting, length as length

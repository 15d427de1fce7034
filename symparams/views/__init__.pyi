from symparams.views import answers as answers
from symparams.views.rendering import FORMATS as FORMATS, render as render
from symparams.views.sheet import Sheet as Sheet
from symparams.views.typeset_names import conventional as conventional
from symparams.views.typesetting import Typesetting as Typesetting, length as length

from symparams.algebra.kernels import arrays as arrays, numbers as numbers
from symparams.algebra.kernels.arrays import number_of as number_of
from symparams.algebra.kernels.bounds import (
    Bound as Bound,
    bounds_of as bounds_of,
    extend_bounds as extend_bounds,
    fits as fits,
)
from symparams.algebra.kernels.closures import ClosureWriter as ClosureWriter
from symparams.algebra.kernels.kernel import (
    BACKENDS as BACKENDS,
    Kernel as Kernel,
    compile as compile,
    rows_of as rows_of,
)
from symparams.algebra.kernels.numbers import run as run
from symparams.algebra.kernels.program import (
    FunctionCall as FunctionCall,
    Program as Program,
    ProgramBuilder as ProgramBuilder,
    Widths as Widths,
)
from symparams.algebra.kernels.translate import Translator as Translator, program_of as program_of

from symparams.search import counting as counting
from symparams.search.by_ibis import connected as connected
from symparams.search.by_numpy import NumPy as NumPy
from symparams.search.clock import (
    Clock as Clock,
    OutOfTimeError as OutOfTimeError,
    ended_after as ended_after,
)
from symparams.search.counting import Counted as Counted, feasible_count as feasible_count
from symparams.search.fallback import loaded as loaded
from symparams.search.front import pareto as pareto
from symparams.search.grids import checked_path as checked_path, grid as grid
from symparams.search.optimum import least as least, maximize as maximize
from symparams.search.parts import (
    Columns as Columns,
    Engine as Engine,
    Part as Part,
    Rows as Rows,
    Sweep as Sweep,
    Tally as Tally,
    column_types as column_types,
    scaled as scaled,
)
from symparams.search.problem import Progress as Progress
from symparams.search.sampling import sample as sample
from symparams.search.space import (
    OPERATORS as OPERATORS,
    Axis as Axis,
    Budget as Budget,
    Configuration as Configuration,
    Found as Found,
    Front as Front,
    Least as Least,
    Sampled as Sampled,
    Space as Space,
    Spent as Spent,
    axis_of as axis_of,
)
from symparams.search.vectors import numpy_is_there as numpy_is_there

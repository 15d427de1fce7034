from symparams.views.plots.dot_graph import (
    DOT_KINDS as DOT_KINDS,
    dot as dot,
    drawn_by_dot as drawn_by_dot,
    graph_sheet as graph_sheet,
)
from symparams.views.plots.drawing import COLUMN as COLUMN, KINDS as KINDS, drawn as drawn
from symparams.views.plots.equal_count_curves import plot_equal_counts as plot_equal_counts
from symparams.views.plots.front_curve import plot_front as plot_front
from symparams.views.plots.part_bands import plot_parts as plot_parts
from symparams.views.plots.pgfplots import pgf as pgf
from symparams.views.plots.picture import Plotted as Plotted
from symparams.views.plots.sensitivity_bars import plot_sensitivities as plot_sensitivities
from symparams.views.plots.share_bars import plot_shares as plot_shares
from symparams.views.plots.swing_bars import plot_tornado as plot_tornado

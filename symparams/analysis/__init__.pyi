from symparams.analysis.approximations import (
    Approximation as Approximation,
    ErrorBound as ErrorBound,
    approximation as approximation,
)
from symparams.analysis.budgets import Limit as Limit
from symparams.analysis.causes.search import FoundCause as FoundCause
from symparams.analysis.checks import Checked as Checked, check as check
from symparams.analysis.choices import Best as Best, Choice as Choice, Samples as Samples
from symparams.analysis.claim_tables import (
    JudgedClaim as JudgedClaim,
    JudgedTable as JudgedTable,
    PrintedClaim as PrintedClaim,
    judge_table as judge_table,
)
from symparams.analysis.claims import Judgement as Judgement
from symparams.analysis.columns import (
    ColumnReport as ColumnReport,
    MeasureColumn as MeasureColumn,
    column_report as column_report,
    measure_columns as measure_columns,
)
from symparams.analysis.compiled import Compiled as Compiled
from symparams.analysis.counts import count as count, counted as counted
from symparams.analysis.crossovers import (
    ComparedSpan as ComparedSpan,
    PartCrossover as PartCrossover,
    Roots as Roots,
    Threshold as Threshold,
    crossover as crossover,
)
from symparams.analysis.domain_text import written_domain as written_domain
from symparams.analysis.equal_counts import (
    Crossing as Crossing,
    EqualCounts as EqualCounts,
    curves_of_equal_count as curves_of_equal_count,
)
from symparams.analysis.expectations import Expected as Expected, expected as expected
from symparams.analysis.kept_names import (
    KeptName as KeptName,
    NamedSizes as NamedSizes,
    named_sizes as named_sizes,
)
from symparams.analysis.leading_terms import LeadingTerm as LeadingTerm, leading as leading
from symparams.analysis.model_diffs import (
    DiffRow as DiffRow,
    ModelDiff as ModelDiff,
    model_diff as model_diff,
    shared_out as shared_out,
)
from symparams.analysis.model_space import ModelSpace as ModelSpace
from symparams.analysis.module_claims import (
    ModuleJudgement as ModuleJudgement,
    claimed_model as claimed_model,
)
from symparams.analysis.network_graphs import (
    GraphEdge as GraphEdge,
    GraphFrame as GraphFrame,
    GraphNode as GraphNode,
    NetworkGraph as NetworkGraph,
    network_graph as network_graph,
)
from symparams.analysis.operating_point import Subject as Subject, studied as studied
from symparams.analysis.part_curves import (
    PartCurves as PartCurves,
    PartsAtPoint as PartsAtPoint,
    parts_along as parts_along,
)
from symparams.analysis.part_shares import (
    PartShare as PartShare,
    Shares as Shares,
    shares as shares,
)
from symparams.analysis.proofs import Proof as Proof, prove as prove
from symparams.analysis.questions import Asked as Asked, Refused as Refused
from symparams.analysis.relations import percent as percent
from symparams.analysis.reports import (
    Difference as Difference,
    Report as Report,
    Row as Row,
    Step as Step,
    derivation as derivation,
    layers_of as layers_of,
    notes_of as notes_of,
    own_sizes as own_sizes,
    report as report,
)
from symparams.analysis.second_order import (
    Hessian as Hessian,
    Mixed as Mixed,
    hessian as hessian,
    mixed as mixed,
)
from symparams.analysis.sensitivities import (
    Sensitivities as Sensitivities,
    Sensitivity as Sensitivity,
    at_point as at_point,
    elasticity as elasticity,
)
from symparams.analysis.size_steps import Point as Point
from symparams.analysis.size_tables import (
    NamedModel as NamedModel,
    SizedModel as SizedModel,
    SizeTable as SizeTable,
    size_table as size_table,
)
from symparams.analysis.solutions import Solved as Solved, solve as solve
from symparams.analysis.summary import shown as shown
from symparams.analysis.sweeps import Swept as Swept, swept as swept
from symparams.analysis.swings import (
    SizeSwing as SizeSwing,
    Tornado as Tornado,
    tornado as tornado,
)
from symparams.analysis.told_conditions import (
    condition_text as condition_text,
    condition_texts as condition_texts,
    needed_conditions as needed_conditions,
)
from symparams.analysis.trade_offs import Exchange as Exchange, TradeOff as TradeOff, trade as trade

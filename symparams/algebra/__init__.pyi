from symparams.algebra import polynomial_signs as polynomial_signs
from symparams.algebra.atoms import (
    Atom as Atom,
    Monomial as Monomial,
    Number as Number,
    Order as Order,
    Symbol as Symbol,
    bounded as bounded,
    exact as exact,
    power_of as power_of,
    times as times,
)
from symparams.algebra.border import (
    from_sympy as from_sympy,
    of_symbol as of_symbol,
    replaced as replaced,
    size_symbols as size_symbols,
    sympy_symbol as sympy_symbol,
    to_sympy as to_sympy,
    two_of_one_name as two_of_one_name,
)
from symparams.algebra.calculus import (
    Gradient as Gradient,
    derivative as derivative,
    difference as difference,
    gradient as gradient,
    leading as leading,
)
from symparams.algebra.cases import indicator as indicator
from symparams.algebra.choices import by_value as by_value, chosen_symbols as chosen_symbols
from symparams.algebra.closed_roots import (
    Closed as Closed,
    Roots as Roots,
    as_number as as_number,
    closed as closed,
    coefficients_of as coefficients_of,
    roots_of as roots_of,
)
from symparams.algebra.conditions import (
    FALSE as FALSE,
    TRUE as TRUE,
    Condition as Condition,
    assuming as assuming,
    compared as compared,
    divides_text as divides_text,
    divisibility as divisibility,
    either as either,
    facts_from as facts_from,
    fraction_of as fraction_of,
    negated as negated,
    never_met as never_met,
    plainer as plainer,
    solved as solved,
)
from symparams.algebra.domain_proof import (
    always as always,
    narrowed as narrowed,
    relative_error as relative_error,
    within as within,
)
from symparams.algebra.every import Every as Every, between as between, for_all as for_all
from symparams.algebra.facts import (
    PLAIN as PLAIN,
    POSITIVE as POSITIVE,
    Domain as Domain,
    Facts as Facts,
)
from symparams.algebra.foreign import (
    ceil_divided as ceil_divided,
    divided as divided,
    floor_divided as floor_divided,
    larger as larger,
    smaller as smaller,
)
from symparams.algebra.forms import (
    Form as Form,
    FormLeaf as FormLeaf,
    Plus as Plus,
    Raised as Raised,
    Times as Times,
    is_sum as is_sum,
    join_terms as join_terms,
    plus as plus,
    text_of as text_of,
)
from symparams.algebra.functions import floor_divide as floor_divide, modulo as modulo
from symparams.algebra.implied import irredundant as irredundant, without_implied as without_implied
from symparams.algebra.intervals import (
    Bounds as Bounds,
    Box as Box,
    UnboundedError as UnboundedError,
    interval as interval,
)
from symparams.algebra.named_values import NamedValue as NamedValue
from symparams.algebra.polynomial import (
    Polynomial as Polynomial,
    Size as Size,
    add_up as add_up,
    collect as collect,
    divide as divide,
    free_of as free_of,
    of_atom as of_atom,
    product as product,
    substitute as substitute,
    symbol as symbol,
    symbols_of as symbols_of,
    terms_of as terms_of,
)
from symparams.algebra.polynomial_signs import SignRun as SignRun, sign_of as sign_of
from symparams.algebra.proof import (
    MOST_BEYOND as MOST_BEYOND,
    Verdict as Verdict,
    affordable as affordable,
    compare as compare,
    points as points,
)
from symparams.algebra.quotients import reduced as reduced, square_free as square_free
from symparams.algebra.residues import moduli as moduli
from symparams.algebra.sign_patterns import (
    SignPattern as SignPattern,
    Stretch as Stretch,
    signed_runs as signed_runs,
    stretches as stretches,
    value_at as value_at,
)
from symparams.algebra.size_functions.base import (
    AppliedFunction as AppliedFunction,
    Interval as Interval,
    SizeFunction as SizeFunction,
    is_integral as is_integral,
)
from symparams.algebra.size_functions.catalogue import FUNCTIONS as FUNCTIONS
from symparams.algebra.size_functions.extremes import maximum as maximum, minimum as minimum
from symparams.algebra.size_functions.indicators import Indicator as Indicator, equal as equal
from symparams.algebra.size_functions.make_divisible import make_divisible as make_divisible
from symparams.algebra.size_functions.powers import Exponential as Exponential, power as power
from symparams.algebra.size_functions.rounding import (
    Floor as Floor,
    ceil as ceil,
    floor as floor,
    round_up as round_up,
)
from symparams.algebra.size_records import (
    Formula as Formula,
    Quotient as Quotient,
    SizeRecord as SizeRecord,
    handed_out as handed_out,
)
from symparams.algebra.size_text import (
    brief as brief,
    named as named,
    ordered as ordered,
    text as text,
    with_commas as with_commas,
)
from symparams.algebra.sums import sum_over as sum_over
from symparams.algebra.writing import (
    by_degree as by_degree,
    collected as collected,
    expanded as expanded,
    factored as factored,
    grouped as grouped,
    short as short,
    take_out as take_out,
)

from symparams.elaboration import zoo as zoo
from symparams.elaboration.addresses_in_text import part_of as part_of
from symparams.elaboration.blocks import WrittenLayer as WrittenLayer
from symparams.elaboration.callables import bind as bind
from symparams.elaboration.choices import on_one_line as on_one_line
from symparams.elaboration.combinators import (
    COMBINATORS as COMBINATORS,
    Combinator as Combinator,
)
from symparams.elaboration.conditional_sizes import Configurations as Configurations
from symparams.elaboration.definition import (
    Network as Network,
    WrittenModel as WrittenModel,
    asking as asking,
    build as build,
    derived_sizes as derived_sizes,
    sizes_of as sizes_of,
    with_gradients as with_gradients,
)
from symparams.elaboration.document import (
    Claim as Claim,
    Document as Document,
    ModuleClaim as ModuleClaim,
    convention_lines as convention_lines,
    counted_by as counted_by,
    understand as understand,
)
from symparams.elaboration.domains import (
    among_words as among_words,
    domain_in_words as domain_in_words,
    domain_of as domain_of,
    extent_in as extent_in,
    named_word as named_word,
    words_of as words_of,
)
from symparams.elaboration.evaluator import Evaluator as Evaluator
from symparams.elaboration.formula_reading import (
    FormulaReading as FormulaReading,
    arguments_of as arguments_of,
    is_formula as is_formula,
    is_largest as is_largest,
    is_made_of_others as is_made_of_others,
    sum_of_measures as sum_of_measures,
)
from symparams.elaboration.parameters import owner_of as owner_of
from symparams.elaboration.python_values import (
    MOST_LISTED as MOST_LISTED,
    Given as Given,
    GivenProbabilities as GivenProbabilities,
    apart as apart,
    by_name as by_name,
    elements_of as elements_of,
    exactly as exactly,
    flag_given as flag_given,
    kind_of as kind_of,
    path_given as path_given,
    seconds_given as seconds_given,
    text_given as text_given,
    texts_given as texts_given,
    whole_given as whole_given,
)
from symparams.elaboration.renaming import renamed as renamed
from symparams.elaboration.scope import Scope as Scope
from symparams.elaboration.shipped_files import (
    LAYOUTS as LAYOUTS,
    conventions as conventions,
    layout_names as layout_names,
    library_table as library_table,
)
from symparams.elaboration.suggestions import layer_meant as layer_meant
from symparams.elaboration.values import (
    Chosen as Chosen,
    Listed as Listed,
    Several as Several,
    Value as Value,
    Word as Word,
    describe as describe,
    is_number as is_number,
    is_size as is_size,
)
from symparams.elaboration.variants import (
    variant_meant as variant_meant,
    variants_of as variants_of,
)
from symparams.elaboration.vocabulary import (
    Shipped as Shipped,
    built_in as built_in,
    library_files as library_files,
    words_known as words_known,
)
from symparams.elaboration.written_measures import unit_of as unit_of
from symparams.elaboration.zoo import (
    entry as entry,
    files as files,
    source as source,
    text_of as text_of,
)

from symparams.frameworks.checking.answer import (
    CheckedPoint as CheckedPoint,
    ModuleCheck as ModuleCheck,
    TensorDifference as TensorDifference,
    TotalDifference as TotalDifference,
)
from symparams.frameworks.checking.module_check import check_module as check_module
from symparams.frameworks.checking.parts import TakenApart as TakenApart
from symparams.frameworks.exporting.exporter import export as export
from symparams.frameworks.hf_configs import (
    PREFIX as PREFIX,
    families as families,
    source_of as source_of,
)
from symparams.frameworks.importing.imported import (
    ImportedModule as ImportedModule,
    OpaquePart as OpaquePart,
)
from symparams.frameworks.importing.importer import import_module as import_module
from symparams.frameworks.importing.sources import import_source as import_source
from symparams.frameworks.inference.answer import (
    Inferred as Inferred,
    InferredTotals as InferredTotals,
)
from symparams.frameworks.inference.fitted import (
    FittedTensors as FittedTensors,
    UnfittedTensors as UnfittedTensors,
)
from symparams.frameworks.inference.inferring import infer as infer
from symparams.frameworks.registry import (
    CONVENTIONS as CONVENTIONS,
    convention_of as convention_of,
    framework as framework,
)
from symparams.frameworks.verification import (
    Mismatch as Mismatch,
    Verification as Verification,
    network as network,
    verify as verify,
)

from symparams.frameworks.registry import (
    CONVENTIONS as CONVENTIONS,
    convention_of as convention_of,
    framework as framework,
)
from symparams.frameworks.verification import (
    Difference as Difference,
    Verification as Verification,
    network as network,
    verify as verify,
)

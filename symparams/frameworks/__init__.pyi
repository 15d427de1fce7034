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

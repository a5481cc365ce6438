"""What is given to a solver of clauses. Literals are the non-zero integers of the DIMACS format."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Numbers(StrEnum):
    """How "at most so many of these" is said."""

    COUNTERS = "counters"  # sequential counters: short proofs
    TOTALS = "totals"  # totalizers for larger numbers: solutions sooner, proofs later
    AS_THEY_ARE = "as they are"  # for a solver that counts


@dataclass(frozen=True, slots=True)
class Formula:
    """Clauses, and literals of which at most so many hold, where that is left to the solver.

    Attributes:
        variables: the largest number of a literal.
    """

    variables: int
    clauses: Sequence[Sequence[int]]
    at_most: Sequence[tuple[Sequence[int], int]]

"""Which solvers are installed. They come with the extra ``solver`` and are loaded only when they are used."""

from functools import cache
from importlib.util import find_spec


@cache
def with_solvers() -> bool:
    """Whether OR-Tools is there (and numpy, which it brings): bounds, proofs and the improving of breaks."""
    return find_spec("ortools") is not None and find_spec("numpy") is not None


@cache
def with_clauses() -> bool:
    """Whether PySAT is there: the published problem decided by clauses."""
    return find_spec("pysat") is not None and with_solvers()

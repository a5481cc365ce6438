"""One thing that was looked at."""

from dataclasses import dataclass
from enum import StrEnum

from bot.logs import TOKEN


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"  # the bot runs, but not as one would expect
    ERROR = "error"  # the bot does not run, or a part of it does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found.

    Attributes:
        level: how bad it is.
        what: a sentence.
        mend: how to mend it; empty where all is well.
    """

    level: Level
    what: str
    mend: str = ""


def ok(what: str) -> Finding:
    """All is well here."""
    return Finding(Level.OK, TOKEN.sub("[token]", what))


def warning(what: str, mend: str) -> Finding:
    """Worth a look."""
    return Finding(Level.WARNING, TOKEN.sub("[token]", what), TOKEN.sub("[token]", mend))


def error(what: str, mend: str) -> Finding:
    """Must be mended."""
    return Finding(Level.ERROR, TOKEN.sub("[token]", what), TOKEN.sub("[token]", mend))

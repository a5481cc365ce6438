"""Reading the sample community's files, which are data of this package."""

import tomllib
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

Table = dict[str, Any]
MORNING = time(9, 0)
ITALY = ZoneInfo("Europe/Rome")


@cache
def read(name: str) -> Table:
    """A file of the sample community, like ``people``."""
    return tomllib.loads(files("bot.demo").joinpath("community", f"{name}.toml").read_text(encoding="utf-8"))


def rows(name: str, table: str) -> list[Table]:
    """The rows of one table of a file."""
    found: list[Table] = read(name).get(table, [])
    return found


def moment_of(value: date | datetime) -> datetime:
    """A moment of a file: a day's morning, and Italy's time where none is named."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=ITALY)
    return datetime.combine(value, MORNING, ITALY)

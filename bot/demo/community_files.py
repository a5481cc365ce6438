"""Reading the sample community's files, which are data of this package."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

Table = dict[str, Any]


@cache
def read(name: str) -> Table:
    """A file of the sample community, like ``people``."""
    return tomllib.loads(files("bot.demo").joinpath("community", f"{name}.toml").read_text(encoding="utf-8"))


def rows(name: str, table: str) -> list[Table]:
    """The rows of one table of a file."""
    found: list[Table] = read(name).get(table, [])
    return found

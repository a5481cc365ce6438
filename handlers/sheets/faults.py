"""What is wrong with a file, named by place, so that whoever made it finds it at once."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFault:
    """One thing that is wrong, and where.

    ``source`` is the file, or the file and its sheet. ``row`` counts lines of a text file and rows of a sheet from 1,
    the header included, as an editor or a spreadsheet shows them. ``column`` is a column's letters in a sheet
    (``"C"``), or a path into a JSON file (``"requests[3].participants"``); empty when the whole row or file is meant.
    """

    what: str
    source: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = [self.source] if self.source else []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}" if self.row is not None else self.column)
        return f"{', '.join(place)}: {self.what}" if place else self.what


class InputError(ValueError):
    """A file cannot be used. ``faults`` holds everything that was found, in the order of the file, at least one."""

    def __init__(self, faults: Sequence[InputFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class MissingExtra(RuntimeError):  # noqa: N818 - what is missing is the name people look for
    """A library that this needs is not installed; the message names the extra that brings it."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        self.library = library
        self.extra = extra
        super().__init__(f"{purpose} needs {library}: pip install 'community-bot[{extra}]'")

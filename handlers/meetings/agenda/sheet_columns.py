"""What the sheets and columns of a fair are called, in English and Italian, and finding them in a header."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.sheets.cells import CellValue, Row, Sheet, column_letters, looks_like_formula, plain, text_of
from handlers.sheets.faults import InputFault

SHEETS: dict[str, frozenset[str]] = {
    "people": frozenset({"people", "participants", "attendees", "delegates", "persone", "partecipanti", "delegati"}),
    "requests": frozenset(
        {"requests", "meetings", "meeting requests", "richieste", "incontri", "richieste di incontro"}
    ),
    "slots": frozenset({"slots", "times", "time slots", "slot", "orari", "fasce", "fasce orarie", "turni"}),
    "tables": frozenset({"tables", "places", "tavoli", "postazioni", "sale"}),
}
"""By part of the problem, the names of its sheet or CSV file, in the form of ``plain``."""

COLUMNS: dict[str, dict[str, frozenset[str]]] = {
    "people": {
        "id": frozenset({"id", "code", "badge", "person id", "codice", "id persona"}),
        "name": frozenset({"name", "first name", "full name", "participant", "nome", "nome e cognome", "partecipante"}),
        "surname": frozenset({"surname", "last name", "family name", "cognome"}),
        "organisation": frozenset(
            {"organisation", "organization", "company", "organizzazione", "azienda", "ente", "societa", "impresa"}
        ),
        "unavailable": frozenset(
            {
                "unavailable",
                "not available",
                "away",
                "unavailability",
                "non disponibile",
                "indisponibile",
                "assente",
                "indisponibilita",
            }
        ),
        "buffer": frozenset(
            {
                "buffer",
                "buffer minutes",
                "minutes between meetings",
                "margine",
                "minuti tra incontri",
                "margine minuti",
                "minuti fra incontri",
            }
        ),
    },
    "requests": {
        "id": frozenset({"id", "request", "request id", "meeting", "codice", "richiesta", "id richiesta", "incontro"}),
        "participants": frozenset({"participants", "people", "who", "partecipanti", "persone", "chi"}),
        "person": frozenset(
            {
                "person",
                "from",
                "to",
                "requester",
                "requested by",
                "with",
                "guest",
                "persona",
                "da",
                "a",
                "richiedente",
                "richiesto da",
                "con",
                "invitato",
                "participant",
                "partecipante",
            }
        ),
        "priority": frozenset({"priority", "wish", "priorita", "preferenza"}),
        "weight": frozenset({"weight", "peso"}),
        "session": frozenset({"session", "sessions", "part of the day", "sessione", "sessioni", "parte del giorno"}),
        "slots": frozenset({"slots", "allowed slots", "only in", "slot ammessi", "solo in", "orari ammessi"}),
        "fixed": frozenset({"fixed", "fixed slot", "fisso", "slot fisso", "orario fisso"}),
        "preferred": frozenset(
            {"preferred", "preferred slots", "preferito", "preferiti", "slot preferiti", "orari preferiti"}
        ),
        "after": frozenset({"after", "comes after", "dopo", "viene dopo"}),
        "state": frozenset({"state", "status", "stato"}),
    },
    "slots": {
        "id": frozenset({"id", "slot", "code", "codice", "turno"}),
        "day": frozenset({"day", "date", "giorno", "data"}),
        "start": frozenset({"start", "starts", "from", "begin", "inizio", "dalle", "dalle ore"}),
        "end": frozenset({"end", "ends", "to", "until", "fine", "alle", "alle ore"}),
        "session": frozenset({"session", "part of the day", "sessione", "parte del giorno"}),
        "tables": frozenset({"tables", "places", "number of tables", "tavoli", "postazioni", "numero di tavoli"}),
    },
    "tables": {
        "id": frozenset({"id", "table", "name", "place", "tavolo", "postazione", "nome", "codice"}),
        "owner": frozenset({"owner", "person", "reserved for", "titolare", "persona", "riservato a"}),
        "slots": frozenset({"slots", "only in", "slot", "solo in"}),
    },
}
"""By part, the names of each column, in the form of ``plain``; ``person`` may come several times, also numbered."""

SEVERAL = frozenset({"person"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of one sheet are (from 0). ``ignored`` are the headers that mean nothing here."""

    sheet: Sheet
    at: dict[str, int]
    people: tuple[int, ...]
    ignored: tuple[str, ...]

    def value(self, row: Row, field: str) -> CellValue:
        """The cell of a field; None when the sheet has no such column or the cell is empty."""
        return row.cell(self.at[field]) if field in self.at else None

    def text(self, row: Row, field: str) -> str:
        """The cell of a field as text, empty when there is none."""
        return text_of(self.value(row, field))

    def place(self, column: int) -> str:
        """A column as faults name it: its letter and its header."""
        header = text_of(self.sheet.header.cell(column))
        return f"{column_letters(column)} ({header})" if header else column_letters(column)

    def fault(self, row: Row, field: str | int, what: str) -> InputFault:
        """Something wrong with a row's field, or with a column by number."""
        first_person = self.people[0] if field == "participants" and self.people else None
        column = field if isinstance(field, int) else self.at.get(field, first_person)
        return InputFault(
            what=what,
            source=self.sheet.source,
            row=row.number,
            column="" if column is None else self.place(column),
        )


def part_of(name: str) -> str | None:
    """Which part of the problem a sheet or file of this name states; None when it is none of ours."""
    return next((part for part, names in SHEETS.items() if plain(name) in names), None)


def find_columns(sheet: Sheet, part: str) -> tuple[Columns, list[InputFault]]:
    """Where the part's columns are, with a fault for each header that comes twice and each formula in any cell."""
    at: dict[str, int] = {}
    people: list[int] = []
    ignored: list[str] = []
    found: list[InputFault] = []
    known: set[int] = set()
    for column, cell in enumerate(sheet.header.cells):
        header = text_of(cell)
        name = re.sub(r" \d+$", "", plain(header))
        field = next((field for field, names in COLUMNS[part].items() if name in names), None)
        if field is None:
            ignored += [header] if header else []
            continue
        known.add(column)
        if field in SEVERAL:
            people.append(column)
        elif field in at:
            what = f"the column {header!r} is there twice, first as {column_letters(at[field])}"
            found.append(
                InputFault(what=what, source=sheet.source, row=sheet.header.number, column=column_letters(column))
            )
        else:
            at[field] = column
    columns = Columns(sheet, at, tuple(people), tuple(ignored))
    found += _formulas(columns, [sheet.header, *sheet.rows], known)
    return columns, found


def _formulas(columns: Columns, rows: Sequence[Row], known: set[int]) -> Iterator[InputFault]:
    for row in rows:
        for column, cell in enumerate(row.cells):
            if column in row.formulas:
                yield columns.fault(row, column, "a formula: write its value instead")
            elif looks_like_formula(cell, strict=column in known):
                yield columns.fault(row, column, "it begins like a formula (= + - @): write plain text")
        for column in sorted(row.formulas):
            if column >= len(row.cells):
                yield columns.fault(row, column, "a formula: write its value instead")

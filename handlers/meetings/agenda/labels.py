"""How people, slots and tables are called where an agenda is shown, printed or written into a workbook."""

from handlers.conversation.texts import Texts
from handlers.meetings.agenda.problem import Person, Slot


def name_of(person: Person) -> str:
    """The name, or the id of somebody who has none."""
    return person.name or person.id


def who(person: Person) -> str:
    """The name with the organisation where it is known: ``Anna Ferri (Centro Biologia Lariana)``."""
    return f"{name_of(person)} ({person.organisation})" if person.organisation else name_of(person)


def slot_time(slot: Slot, t: Texts) -> str:
    """``09:00–09:25``; without times the slot's id."""
    if slot.start is None or slot.end is None:
        return t("Slot {slot}", slot=slot.id)
    return f"{t.hour(slot.start)}–{t.hour(slot.end)}"


def slot_day(slot: Slot, t: Texts) -> str:
    """``martedì 10 aprile 2018``; without times the session, or nothing."""
    return slot.session or "" if slot.start is None else t.day(slot.start, year=True)


def table_name(table: str, t: Texts) -> str:
    """``Tavolo 7``; a table that has a name of its own is called by it alone."""
    return t("Table {table}", table=table) if table.isdecimal() else table

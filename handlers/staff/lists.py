"""Lists in and out, for the chat and the command line: what a file would change, doing it, and writing one."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.answers import fold
from handlers.conversation.codes import HINT_LENGTH, CodeKeeper, new_code
from handlers.staff.list_changes import Differences, Known, compare
from handlers.staff.list_columns import COLUMNS, Vocabulary, shown_as
from handlers.staff.list_reading import ListContent
from storage.enums import ListKind, Locale, SubjectKind
from storage.models import AuditEntry
from storage.queries import lists
from storage.queries.lists import Listed, NewMember

INVITED_FOR = timedelta(days=90)
"""How long somebody who came in by a list is kept without joining; their invitation ends at the same moment."""
PERSONAL_CODE = 12
"""Characters of a personal invitation: 31^12 codes, so that guessing one of thousands stays hopeless."""
ORGANISATION, PERSON, INVITED = "O", "P", "I"
"""What numbers of each begin with in lists."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A personal invitation, for whoever hands it on. The code is shown this once: only its digest is kept."""

    name: str
    work_email: str
    organisation: str
    code: str


async def vocabulary(session: AsyncSession) -> Vocabulary:
    """The words that cells may use."""
    words: dict[str, str] = {}
    for one in await lists.sectors(session):
        words |= {fold(name): one.key for name in (one.key, one.name_it, one.name_en) if name}
    return Vocabulary(words)


def _known(kind: ListKind, one: Listed) -> Known:
    letter = ORGANISATION if kind is ListKind.ORGANISATIONS else PERSON if one.joined else INVITED
    return Known(f"{letter}{one.id}", one.values, one.joined)


async def _all(session: AsyncSession, kind: ListKind, now: datetime) -> list[Listed]:
    return await (lists.organisations(session) if kind is ListKind.ORGANISATIONS else lists.members(session, now))


async def differences(session: AsyncSession, kind: ListKind, content: ListContent, now: datetime) -> Differences:
    """What the file would change now."""
    if not content.rows:
        return Differences(faults=list(content.faults))
    known = [_known(kind, one) for one in await _all(session, kind, now)]
    names: dict[str, str] = {}
    if kind is ListKind.MEMBERS:
        for _, name, external_id, vat_number in await lists.organisations_by_key(session):
            names |= {fold(key): name for key in (external_id, vat_number) if key}
            names[fold(name)] = name
    # Thousands of rows take half a second, in which everybody else is to be answered.
    return await asyncio.to_thread(compare, kind, content, known, names)


async def apply(
    session: AsyncSession,
    kind: ListKind,
    found: Differences,
    *,
    codes: CodeKeeper,
    by: int | None,
    locale: Locale,
    now: datetime,
    reason: str,
) -> list[Invitation]:
    """Take a list over, all of it in the caller's transaction; returns the invitations to hand on.

    Args:
        session: in a writing transaction, in which ``found`` was computed.
        kind: of what.
        found: what changes; without faults.
        codes: keeps the invitations' codes.
        by: who decides; ``None`` for the command line.
        locale: the language of people whose own is not said.
        now: the present.
        reason: why, for the log.

    Raises:
        ValueError: there are faults.
        sqlalchemy.exc.IntegrityError: somebody brought in the same at that moment; begin the transaction again.
    """
    if found.faults:
        raise ValueError(f"{len(found.faults)} faults")
    invitations: list[Invitation] = []
    changes = {one.known.id: {name: new for name, (_, new) in one.fields.items()} for one in found.changed}
    if kind is ListKind.ORGANISATIONS:
        await lists.change_organisations(session, _of(changes, ORGANISATION))
        await lists.add_organisations(session, [row.values for row in found.new])
    else:
        houses = {name: number for number, name, _, _ in await lists.organisations_by_key(session)}
        await lists.change_members(session, _of(changes, PERSON), _of(changes, INVITED), houses, now)
        fresh = [new_code(PERSONAL_CODE) for _ in found.new]
        rows = [
            NewMember(row.values, codes.digest(code), code[-HINT_LENGTH:])
            for row, code in zip(found.new, fresh, strict=True)
        ]
        await lists.invite_members(session, rows, houses, by=by, locale=locale, now=now, until=now + INVITED_FOR)
        invitations = [
            Invitation(row.values["name"], row.values.get("work_email", ""), row.values["organisation"], code)
            for row, code in zip(found.new, fresh, strict=True)
        ]
    counts = f"{len(found.new)} new, {len(found.changed)} changed"
    session.add(
        AuditEntry(
            at=now,
            by_person_id=by,
            action=f"list.{kind}",
            subject_kind=SubjectKind.LIST,
            subject_id=0,
            reason=f"{counts}: {reason}" if reason else counts,
        )
    )
    await session.flush()
    return invitations


def _of(changes: dict[str, dict[str, str]], letter: str) -> dict[int, dict[str, str]]:
    return {int(known[1:]): fields for known, fields in changes.items() if known.startswith(letter)}


async def table_of(
    session: AsyncSession, kind: ListKind, locale: Locale, now: datetime
) -> tuple[list[str], list[list[str]]]:
    """The whole list with the columns that an import reads, so that nothing changes when it comes back as it is."""
    names = {
        one.key: (one.name_it if locale is Locale.ITALIAN else one.name_en) or one.key
        for one in await lists.sectors(session)
    }
    columns = COLUMNS[kind]
    rows = []
    for one in await _all(session, kind, now):
        values = {**one.values, "id": _known(kind, one).id}
        rows.append([shown_as(column.field, values.get(column.field, ""), locale, names) for column in columns])
    return [column.title(locale) for column in columns], rows


def invitation_table(
    invitations: Sequence[Invitation], locale: Locale, link: Callable[[str], str] | None
) -> tuple[list[str], list[list[str]]]:
    """The invitations as a table for a mail merge; ``link`` makes the address that opens the chat with a code."""
    titles = {column.field: column.title(locale) for column in COLUMNS[ListKind.MEMBERS]}
    header = [titles["name"], titles["work_email"], titles["organisation"]]
    header += ["Codice", "Collegamento"] if locale is Locale.ITALIAN else ["Code", "Link"]
    rows = [
        [one.name, one.work_email, one.organisation, one.code, link(one.code) if link else ""] for one in invitations
    ]
    return header, rows


def difference_table(found: Differences, kind: ListKind, locale: Locale) -> tuple[list[str], list[list[str]]]:
    """Every difference as a table: row, who, what, column, old value, new value."""
    titles = {column.field: column.title(locale) for column in COLUMNS[kind]}
    if locale is Locale.ITALIAN:
        header, words = ["Riga", "Nome", "Differenza", "Colonna", "Prima", "Dopo"], ("nuovo", "cambia", "non nel file")
    else:
        header, words = (
            ["Row", "Name", "Difference", "Column", "Before", "After"],
            ("new", "changes", "not in the file"),
        )
    rows: list[list[str]] = []
    for row in found.new:
        rows += [
            [str(row.number), row.values.get("name", ""), words[0], titles[name], "", value]
            for name, value in row.values.items()
            if value and name in titles
        ]
    for one in found.changed:
        who = one.known.values.get("name", "")
        rows += [[str(one.row), who, words[1], titles[name], old, new] for name, (old, new) in one.fields.items()]
    rows += [["", name, words[2], "", "", ""] for name in found.missing]
    return header, rows

"""Members and organisations as lists from outside know them: read as texts by field, written in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import ImportState, Locale, OrganisationCategory, PersonStatus
from storage.models import (
    ImportRun,
    Invite,
    MemberRecord,
    Organisation,
    OrganisationRecord,
    OrganisationSector,
    Person,
    Sector,
)

LISTED = frozenset({PersonStatus.MEMBER, PersonStatus.GUEST, PersonStatus.SUSPENDED})
"""People who stand in the list of members."""
CHUNK = 500
"""Rows of one statement."""
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation, a person or somebody invited, as lists see them; ``joined`` for a person."""

    id: int
    values: dict[str, str]
    joined: bool = False


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody to be invited: the values of a row, the digest of their own invitation's code, and its end."""

    values: Values
    code_hash: str
    hint: str


async def sectors(session: AsyncSession) -> Sequence[Sector]:
    """All sectors, also those no longer in use, which an organisation may still have."""
    return (await session.execute(select(Sector).order_by(Sector.position, Sector.id))).scalars().all()


async def organisations(session: AsyncSession) -> list[Listed]:
    """All organisations by name."""
    keys: dict[int, list[str]] = {}
    statement = select(OrganisationSector.organisation_id, Sector.key).join(
        Sector, Sector.id == OrganisationSector.sector_id
    )
    for organisation_id, key in await session.execute(statement):
        keys.setdefault(organisation_id, []).append(key)
    rows = await session.execute(
        select(Organisation, OrganisationRecord.external_id, OrganisationRecord.vat_number)
        .outerjoin(OrganisationRecord, OrganisationRecord.organisation_id == Organisation.id)
        .order_by(func.lower(Organisation.name))
    )
    return [
        Listed(
            one.id,
            {
                "external_id": external_id or "",
                "name": one.name,
                "vat_number": vat_number or "",
                "category": one.category.value,
                "city": one.city,
                "domains": "; ".join(sorted(one.domains)),
                "sectors": "; ".join(sorted(keys.get(one.id, ()))),
                "about_it": one.about_it,
                "about_en": one.about_en,
            },
        )
        for one, external_id, vat_number in rows
    ]


async def members(session: AsyncSession, now: datetime) -> list[Listed]:
    """Everybody on the list: members, guests and suspended, then those who are invited; each by name."""
    found: list[Listed] = []
    people = await session.execute(
        select(Person, Organisation.name, MemberRecord.external_id, MemberRecord.work_email)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(MemberRecord, MemberRecord.person_id == Person.id)
        .where(Person.status.in_(LISTED))
        .order_by(func.lower(Person.name), Person.id)
    )
    for person, house, external_id, work_email in people:
        values = {"name": person.name, "job_title": person.job_title, "language": person.locale.value}
        values |= {"external_id": external_id or "", "work_email": work_email or "", "organisation": house or ""}
        found.append(Listed(person.id, {**values, "status": person.status.value}, joined=True))
    records = await session.execute(
        select(MemberRecord, Organisation.name)
        .join(Organisation, Organisation.id == MemberRecord.organisation_id)
        .where(MemberRecord.person_id.is_(None), MemberRecord.expires_at > now)
        .order_by(func.lower(MemberRecord.name), MemberRecord.id)
    )
    for record, house in records:
        values = {"name": record.name, "job_title": record.job_title, "language": record.locale.value}
        values |= {
            "external_id": record.external_id or "",
            "work_email": record.work_email or "",
            "organisation": house,
        }
        found.append(Listed(record.id, {**values, "status": "invited"}))
    return found


# Organisations


async def add_organisations(session: AsyncSession, rows: Sequence[Values]) -> list[int]:
    """Add organisations; returns their numbers, in order."""
    ids: list[int] = []
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        made = await session.execute(
            insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True),
            [
                {
                    "name": one["name"],
                    "category": OrganisationCategory(one["category"]),
                    "city": one.get("city", ""),
                    "domains": _several(one.get("domains", "")),
                    "about_it": one.get("about_it", ""),
                    "about_en": one.get("about_en", ""),
                }
                for one in part
            ],
        )
        new = list(made.scalars())
        records = [
            {
                "organisation_id": organisation_id,
                "external_id": one.get("external_id") or None,
                "vat_number": one.get("vat_number") or None,
            }
            for organisation_id, one in zip(new, part, strict=True)
        ]
        await session.execute(insert(OrganisationRecord), records)
        ids += new
    await _set_sectors(session, {one: row["sectors"] for one, row in zip(ids, rows, strict=True) if row.get("sectors")})
    return ids


async def change_organisations(session: AsyncSession, changes: Mapping[int, Values]) -> None:
    """Give organisations new values, by number and field."""
    for organisation_id, fields in changes.items():
        own: dict[str, Any] = {
            name: value for name, value in fields.items() if name in {"name", "city", "about_it", "about_en"}
        }
        if "category" in fields:
            own["category"] = OrganisationCategory(fields["category"])
        if "domains" in fields:
            own["domains"] = _several(fields["domains"])
        if own:
            await session.execute(update(Organisation).where(Organisation.id == organisation_id).values(**own))
        keys = {name: fields[name] or None for name in ("external_id", "vat_number") if name in fields}
        if keys:
            record = await session.get(OrganisationRecord, organisation_id)
            if record is None:
                record = OrganisationRecord(organisation_id=organisation_id)
                session.add(record)
            for name, value in keys.items():
                setattr(record, name, value)
    await session.flush()
    await _set_sectors(session, {one: fields["sectors"] for one, fields in changes.items() if "sectors" in fields})


async def _set_sectors(session: AsyncSession, wanted: Mapping[int, str]) -> None:
    if not wanted:
        return
    by_key = {one.key: one.id for one in await sectors(session)}
    numbers = list(wanted)
    for start in range(0, len(numbers), CHUNK):
        part = numbers[start : start + CHUNK]
        await session.execute(delete(OrganisationSector).where(OrganisationSector.organisation_id.in_(part)))
        rows = [{"organisation_id": one, "sector_id": by_key[key]} for one in part for key in _several(wanted[one])]
        if rows:
            await session.execute(insert(OrganisationSector), rows)


def _several(text: str) -> list[str]:
    return [part for part in text.split("; ") if part]


# Members


async def invite_members(
    session: AsyncSession,
    rows: Sequence[NewMember],
    houses: Mapping[str, int],
    *,
    by: int | None,
    locale: Locale,
    now: datetime,
    until: datetime,
) -> list[int]:
    """Write down people who are invited, each with an invitation of their own for one use; returns the records.

    Args:
        session: in a writing transaction.
        rows: who.
        houses: organisations' numbers by name.
        by: who brings them in; ``None`` for the command line.
        locale: the language of those whose own is not said.
        now: the present.
        until: when invitation and record expire.
    """
    records: list[int] = []
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        made = await session.execute(
            insert(Invite).returning(Invite.id, sort_by_parameter_order=True),
            [
                {
                    "code_hash": one.code_hash,
                    "organisation_id": houses[one.values["organisation"]],
                    "created_by": by,
                    "created_at": now,
                    "expires_at": until,
                    "uses_left": 1,
                    "uses": 1,
                    "hint": one.hint,
                }
                for one in part
            ],
        )
        found = await session.execute(
            insert(MemberRecord).returning(MemberRecord.id, sort_by_parameter_order=True),
            [
                {
                    "external_id": one.values.get("external_id") or None,
                    "work_email": one.values.get("work_email") or None,
                    "organisation_id": houses[one.values["organisation"]],
                    "name": one.values["name"],
                    "job_title": one.values.get("job_title", ""),
                    "locale": Locale(one.values.get("language") or locale),
                    "invite_id": invite_id,
                    "person_id": None,
                    "created_at": now,
                    "expires_at": until,
                }
                for invite_id, one in zip(made.scalars(), part, strict=True)
            ],
        )
        records += found.scalars()
    return records


async def change_members(
    session: AsyncSession,
    people: Mapping[int, Values],
    records: Mapping[int, Values],
    houses: Mapping[str, int],
    now: datetime,
) -> None:
    """Give people who have joined, and people who are invited, new values, by number and field."""
    for person_id, fields in people.items():
        own: dict[str, Any] = {name: fields[name] for name in ("name", "job_title") if name in fields}
        if "organisation" in fields:
            own["organisation_id"] = houses[fields["organisation"]]
        if own:
            await session.execute(
                update(Person).where(Person.id == person_id).values(**own).execution_options(synchronize_session=False)
            )
        keys = {name: fields[name] or None for name in ("external_id", "work_email") if name in fields}
        if keys or "organisation" in fields:
            await _set_keys(session, person_id, keys, now)
    for record_id, fields in records.items():
        own = {name: fields[name] for name in ("name", "job_title") if name in fields}
        own |= {name: fields[name] or None for name in ("external_id", "work_email") if name in fields}
        if fields.get("language"):
            own["locale"] = Locale(fields["language"])
        if "organisation" in fields:
            own["organisation_id"] = houses[fields["organisation"]]
        record = await session.get_one(MemberRecord, record_id)
        for name, value in own.items():
            setattr(record, name, value)
        if "organisation" in fields and record.invite_id is not None:
            invite = await session.get(Invite, record.invite_id)
            if invite is not None:
                invite.organisation_id = own["organisation_id"]
    await session.flush()


async def _set_keys(session: AsyncSession, person_id: int, keys: Mapping[str, str | None], now: datetime) -> None:
    record = (
        await session.execute(select(MemberRecord).where(MemberRecord.person_id == person_id))
    ).scalar_one_or_none()
    person = await session.get_one(Person, person_id, populate_existing=True)
    if person.organisation_id is None:
        return
    if record is None:
        record = MemberRecord(
            person_id=person_id, locale=person.locale, created_at=now, organisation_id=person.organisation_id
        )
        session.add(record)
    record.organisation_id = person.organisation_id
    for name, value in keys.items():
        setattr(record, name, value)


async def claim(session: AsyncSession, invite_id: int, person: Person) -> None:
    """Somebody joins by an invitation: if it was theirs alone, they begin with what the list said of them."""
    record = (
        await session.execute(
            select(MemberRecord).where(MemberRecord.invite_id == invite_id, MemberRecord.person_id.is_(None))
        )
    ).scalar_one_or_none()
    if record is None:
        return
    person.name, person.job_title = record.name, record.job_title
    record.person_id, record.expires_at, record.invite_id = person.id, None, None
    record.name = record.job_title = ""
    await session.flush()


# What is forgotten


async def forget_expired(session: AsyncSession, now: datetime) -> int:
    """Delete records whose time is over, with their invitations; returns how many."""
    gone = await session.execute(
        delete(MemberRecord)
        .where(MemberRecord.person_id.is_(None), MemberRecord.expires_at <= now)
        .returning(MemberRecord.invite_id)
        .execution_options(synchronize_session=False)
    )
    invites = list(gone.scalars())
    numbers = [one for one in invites if one is not None]
    for start in range(0, len(numbers), CHUNK):
        await session.execute(delete(Invite).where(Invite.id.in_(numbers[start : start + CHUNK])))
    return len(invites)


async def anything_to_forget(session: AsyncSession, now: datetime) -> bool:
    """Whether there is."""
    expired = select(MemberRecord.id).where(MemberRecord.person_id.is_(None), MemberRecord.expires_at <= now).limit(1)
    return (await session.execute(expired)).first() is not None


async def runs_to_read(session: AsyncSession) -> Sequence[ImportRun]:
    """Files that have come and were not read yet."""
    statement = select(ImportRun).where(ImportRun.state == ImportState.RECEIVED).order_by(ImportRun.id)
    return (await session.execute(statement)).scalars().all()


async def organisations_by_key(session: AsyncSession) -> list[tuple[int, str, str, str]]:
    """Every organisation: number, name, external code, VAT number."""
    rows = await session.execute(
        select(
            Organisation.id,
            Organisation.name,
            func.coalesce(OrganisationRecord.external_id, ""),
            func.coalesce(OrganisationRecord.vat_number, ""),
        ).outerjoin(OrganisationRecord, OrganisationRecord.organisation_id == Organisation.id)
    )
    return [(number, name, external_id, vat_number) for number, name, external_id, vat_number in rows]

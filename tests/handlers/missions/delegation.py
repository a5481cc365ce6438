"""A mission in the database, and the people of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handlers.missions.rules import instant_of
from storage.enums import ApplicationStatus, ComponentKind, MissionStatus, PlaceStatus
from storage.models import (
    Application,
    ApplicationPlace,
    AuditEntry,
    Component,
    MeetingTable,
    Mission,
    OutboxMessage,
    Slot,
)
from tests.handlers.events.town import START, Somebody, Town

both_stores = pytest.mark.parametrize(
    "store_url", ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)], indirect=True
)
"""For what databases do differently: races, and what is counted."""
ZONE = "Asia/Jerusalem"
DEADLINE = datetime(2018, 4, 20, 16, 0, tzinfo=UTC)


async def mission(town: Town, **changes: Any) -> int:
    """An open mission to Tel Aviv, 14–17 May 2018."""
    async with town.database.writing() as session:
        row = Mission(
            **{
                "title": "MIXiii",
                "place": "Tel Aviv",
                "first_day": date(2018, 5, 14),
                "last_day": date(2018, 5, 17),
                "zone": ZONE,
                "deadline": DEADLINE,
                "summary_it": "Quattro giorni.",
                "summary_en": "Four days.",
                "status": MissionStatus.OPEN,
                "created_at": START,
                "opened_at": START,
                **changes,
            }
        )
        session.add(row)
        await session.flush()
        return row.id


async def part(
    town: Town,
    mission_id: int,
    kind: ComponentKind = ComponentKind.FAIR,
    *,
    title: str = "Fair",
    starts: str = "2018-05-14T09:00",
    ends: str = "2018-05-17T18:00",
    seats: int = 0,
) -> int:
    async with town.database.writing() as session:
        row = Component(
            mission_id=mission_id,
            kind=kind,
            title_it=f"{title} (it)",
            title_en=title,
            place="Hall",
            starts_wall=starts,
            ends_wall=ends,
            starts_at=instant_of(starts, ZONE),
            ends_at=instant_of(ends, ZONE),
            seats=seats,
        )
        session.add(row)
        await session.flush()
        return row.id


async def b2b(town: Town, mission_id: int, *, slots: int = 4, tables: int = 2) -> int:
    """B2B meetings on 15 May from 09:30 local time, every half hour for twenty minutes."""
    number = await part(
        town, mission_id, ComponentKind.B2B, title="B2B", starts="2018-05-15T09:30", ends="2018-05-15T17:00"
    )
    first = instant_of("2018-05-15T09:30", ZONE)
    async with town.database.writing() as session:
        for index in range(slots):
            start = first + index * timedelta(minutes=30)
            session.add(Slot(mission_id=mission_id, starts_at=start, ends_at=start + timedelta(minutes=20)))
        for index in range(tables):
            session.add(MeetingTable(mission_id=mission_id, label=str(index + 1), position=index))
    return number


async def delegate(
    town: Town,
    mission_id: int,
    who: Somebody,
    components: Sequence[int],
    *,
    status: ApplicationStatus = ApplicationStatus.ACCEPTED,
    place: PlaceStatus | None = None,
) -> int:
    """Put somebody on a mission; accepted ones have their places."""
    accepted = status is ApplicationStatus.ACCEPTED
    async with town.database.writing() as session:
        row = Application(
            mission_id=mission_id, person_id=who.id, status=status, objectives=["Meet people"], applied_at=START
        )
        session.add(row)
        await session.flush()
        session.add_all(
            ApplicationPlace(
                application_id=row.id,
                component_id=component,
                status=place or (PlaceStatus.CONFIRMED if accepted else PlaceStatus.ASKED),
                asked_at=START,
            )
            for component in components
        )
        return row.id


async def application(town: Town, mission_id: int, who: Somebody) -> Application:
    async with town.database.reading() as session:
        found = await session.execute(
            select(Application).where(Application.mission_id == mission_id, Application.person_id == who.id)
        )
        row = found.scalar_one()
        session.expunge(row)
        return row


async def places(town: Town, component_id: int) -> dict[int, PlaceStatus]:
    """Each person's place in a component."""
    async with town.database.reading() as session:
        found = await session.execute(
            select(Application.person_id, ApplicationPlace.status)
            .join(ApplicationPlace, ApplicationPlace.application_id == Application.id)
            .where(ApplicationPlace.component_id == component_id)
        )
        return dict(found.all())


async def audit(town: Town) -> list[tuple[str, int | None, str]]:
    """Who decided what, and why."""
    async with town.database.reading() as session:
        found = await session.execute(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.by_person_id, row.reason) for row in found.scalars()]


async def queued(town: Town, kind: str) -> list[OutboxMessage]:
    """The outbox rows of one kind, sent or not."""
    async with town.database.reading() as session:
        found = await session.execute(
            select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)
        )
        rows = list(found.scalars())
        session.expunge_all()
        return rows

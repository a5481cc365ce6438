"""Consent slips: who is asked, what they said, what may be handed over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import (
    DISCLOSING,
    PARTICIPANTS,
    Answer,
    ApplicationStatus,
    EventStatus,
    MissionStatus,
    SlipAnswer,
)
from storage.models import (
    Application,
    CommunityEvent,
    Disclosure,
    DisclosureAnswer,
    DisclosureExport,
    EventAnswer,
    Mission,
    Person,
    PersonSector,
    Sector,
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many said what."""

    yes: int = 0
    partly: int = 0
    no: int = 0
    silent: int = 0

    @property
    def asked(self) -> int:
        """All who were asked."""
        return self.yes + self.partly + self.no + self.silent


async def concerned(session: AsyncSession, slip: Disclosure) -> list[int]:
    """Whom a slip is about: the accepted delegates of its mission, or who comes to its event."""
    if slip.mission_id is not None:
        statement = select(Application.person_id).where(
            Application.mission_id == slip.mission_id, Application.status == ApplicationStatus.ACCEPTED
        )
        column = Application.person_id
    else:
        statement = select(EventAnswer.person_id).where(
            EventAnswer.event_id == slip.event_id, EventAnswer.answer == Answer.GOING
        )
        column = EventAnswer.person_id
    here = statement.join(Person, Person.id == column).where(Person.status.in_(PARTICIPANTS)).order_by(column)
    return list((await session.execute(here)).scalars())


async def asked(session: AsyncSession, slip_id: int) -> set[int]:
    """Who was asked already."""
    rows = await session.execute(select(DisclosureAnswer.person_id).where(DisclosureAnswer.disclosure_id == slip_id))
    return set(rows.scalars())


async def silent(session: AsyncSession, slip_id: int) -> list[int]:
    """Who was asked and has not answered."""
    rows = await session.execute(
        select(DisclosureAnswer.person_id)
        .where(DisclosureAnswer.disclosure_id == slip_id, DisclosureAnswer.answer.is_(None))
        .order_by(DisclosureAnswer.person_id)
    )
    return list(rows.scalars())


async def answer_of(session: AsyncSession, slip_id: int, person_id: int) -> DisclosureAnswer | None:
    """What somebody said to a slip; held until the end of the transaction."""
    statement = (
        select(DisclosureAnswer)
        .where(DisclosureAnswer.disclosure_id == slip_id, DisclosureAnswer.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def tally(session: AsyncSession, slip_id: int) -> Tally:
    """How many said what."""
    rows = await session.execute(
        select(DisclosureAnswer.answer, func.count())
        .where(DisclosureAnswer.disclosure_id == slip_id)
        .group_by(DisclosureAnswer.answer)
    )
    found: dict[SlipAnswer | None, int] = dict(rows.all())
    return Tally(
        found.get(SlipAnswer.YES, 0), found.get(SlipAnswer.PARTLY, 0), found.get(SlipAnswer.NO, 0), found.get(None, 0)
    )


async def disclosing(session: AsyncSession, slip_id: int) -> Sequence[DisclosureAnswer]:
    """The yeses of those who still take part, with the people and their organisations, by name."""
    statement = (
        select(DisclosureAnswer)
        .join(Person, Person.id == DisclosureAnswer.person_id)
        .where(
            DisclosureAnswer.disclosure_id == slip_id,
            DisclosureAnswer.answer.in_(DISCLOSING),
            Person.status.in_(PARTICIPANTS),
        )
        .options(joinedload(DisclosureAnswer.person).joinedload(Person.organisation))
        .order_by(Person.name, Person.id)
    )
    return (await session.execute(statement)).scalars().all()


async def sectors_by_person(session: AsyncSession, people: Sequence[int]) -> Mapping[int, list[Sector]]:
    """The sectors that each of these people follows."""
    rows = await session.execute(
        select(PersonSector.person_id, Sector)
        .join(Sector, Sector.id == PersonSector.sector_id)
        .where(PersonSector.person_id.in_(people))
        .order_by(Sector.position)
    )
    found: dict[int, list[Sector]] = {}
    for person_id, sector in rows:
        found.setdefault(person_id, []).append(sector)
    return found


async def open_slips(session: AsyncSession, now: datetime) -> Sequence[Disclosure]:
    """Slips whose date has not come, the newest first."""
    statement = (
        select(Disclosure)
        .where(Disclosure.emptied_at.is_(None), Disclosure.closed_at.is_(None), Disclosure.until > now)
        .order_by(Disclosure.id.desc())
    )
    return (await session.execute(statement)).scalars().all()


async def latest(session: AsyncSession, most: int) -> Sequence[Disclosure]:
    """The newest slips, open or not."""
    return (await session.execute(select(Disclosure).order_by(Disclosure.id.desc()).limit(most))).scalars().all()


async def of_person(session: AsyncSession, person_id: int) -> Sequence[tuple[Disclosure, DisclosureAnswer]]:
    """The slips that somebody was asked to answer and that are not over, the newest first."""
    rows = await session.execute(
        select(Disclosure, DisclosureAnswer)
        .join(DisclosureAnswer, DisclosureAnswer.disclosure_id == Disclosure.id)
        .where(DisclosureAnswer.person_id == person_id, Disclosure.emptied_at.is_(None))
        .order_by(Disclosure.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


async def over(session: AsyncSession, now: datetime) -> list[int]:
    """Slips whose answers must go: their date has come, or they were closed."""
    statement = select(Disclosure.id).where(
        Disclosure.emptied_at.is_(None), or_(Disclosure.until <= now, Disclosure.closed_at.is_not(None))
    )
    return list((await session.execute(statement)).scalars())


async def count_over(session: AsyncSession, now: datetime) -> int:
    """How many answers those slips have."""
    ids = await over(session, now)
    statement = select(func.count()).select_from(DisclosureAnswer).where(DisclosureAnswer.disclosure_id.in_(ids))
    return (await session.execute(statement)).scalar_one()


async def empty(session: AsyncSession, slip: Disclosure, now: datetime) -> None:
    """Delete a slip's answers; how many said what stays."""
    said = await tally(session, slip.id)
    slip.counts = {"yes": said.yes, "partly": said.partly, "no": said.no, "silent": said.silent}
    slip.emptied_at = now
    await session.execute(
        delete_rows(DisclosureAnswer)
        .where(DisclosureAnswer.disclosure_id == slip.id)
        .execution_options(synchronize_session=False)
    )


async def mark_exported(session: AsyncSession, slip_id: int, people: Sequence[int], now: datetime) -> None:
    """Remember in whose answer an export has them."""
    await session.execute(
        update(DisclosureAnswer)
        .where(DisclosureAnswer.disclosure_id == slip_id, DisclosureAnswer.person_id.in_(people))
        .values(exported_at=now)
        .execution_options(synchronize_session=False)
    )


async def exports_of(session: AsyncSession, slip_id: int) -> Sequence[tuple[DisclosureExport, str]]:
    """Who handed it out when, the newest first; the name is empty for somebody who is gone."""
    rows = await session.execute(
        select(DisclosureExport, func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == DisclosureExport.by_person_id)
        .where(DisclosureExport.disclosure_id == slip_id)
        .order_by(DisclosureExport.id.desc())
        .limit(5)
    )
    return [(row[0], row[1]) for row in rows]


async def subjects(
    session: AsyncSession, today: date, now: datetime
) -> tuple[Sequence[Mission], Sequence[CommunityEvent]]:
    """What a slip can be about: missions that are not over, events that have not ended."""
    missions = await session.execute(
        select(Mission)
        .where(Mission.last_day >= today, Mission.status.in_((MissionStatus.OPEN, MissionStatus.CLOSED)))
        .order_by(Mission.first_day)
        .limit(40)
    )
    events = await session.execute(
        select(CommunityEvent)
        .where(CommunityEvent.status == EventStatus.PUBLISHED, CommunityEvent.ends_at > now)
        .order_by(CommunityEvent.starts_at)
        .limit(40)
    )
    return missions.scalars().all(), events.scalars().all()

"""What goes out in a stretch of time, as far as it is known: plans, digests, reminders, and what waits already."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import (
    BOOKED_MEETINGS,
    AnnouncementStatus,
    DigestFrequency,
    EventStatus,
    MissionStatus,
    OutboxState,
    PersonStatus,
)
from storage.models import (
    Announcement,
    AnnouncementPlan,
    Application,
    CommunityEvent,
    EventAnswer,
    EventReminder,
    Meeting,
    Mission,
    OutboxMessage,
    Person,
    Slot,
)
from storage.queries.audience import reachable
from storage.queries.events import REMINDED
from storage.reminder_times import LONGEST_EVENT_REMINDER, MEETING_REMINDERS, MISSION_REMINDED_BEFORE


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that goes out: what it is about, when, and to how many."""

    title: str
    at: datetime
    people: int


async def planned_between(session: AsyncSession, start: datetime, end: datetime) -> list[tuple[Announcement, datetime]]:
    """Announcements whose moment is in that time."""
    statement = (
        select(Announcement, AnnouncementPlan.send_at)
        .join(AnnouncementPlan, AnnouncementPlan.announcement_id == Announcement.id)
        .where(
            Announcement.status == AnnouncementStatus.PLANNED,
            AnnouncementPlan.send_at >= start,
            AnnouncementPlan.send_at < end,
        )
        .order_by(AnnouncementPlan.send_at, Announcement.id)
    )
    return [(row, at) for row, at in await session.execute(statement) if at is not None]


async def digests_between(session: AsyncSession, start: datetime, end: datetime) -> int:
    """How many people's digest is due in that time; it comes only to those for whom there is something new."""
    statement = (
        select(func.count())
        .select_from(Person)
        .where(
            Person.status == PersonStatus.MEMBER,
            Person.digest_frequency != DigestFrequency.OFF,
            Person.next_digest_at >= start,
            Person.next_digest_at < end,
            reachable(),
        )
    )
    return (await session.execute(statement)).scalar_one()


async def event_reminders_between(session: AsyncSession, start: datetime, end: datetime) -> list[Due]:
    """Reminders of events whose moment is in that time, with how many answered so that they get one."""
    answers = and_(EventAnswer.event_id == CommunityEvent.id, EventAnswer.answer.in_(REMINDED))
    statement = (
        select(CommunityEvent.title, CommunityEvent.starts_at, EventReminder.minutes_before, func.count(EventAnswer.id))
        .join(EventReminder, EventReminder.event_id == CommunityEvent.id)
        .outerjoin(EventAnswer, answers)
        .where(
            CommunityEvent.status == EventStatus.PUBLISHED,
            CommunityEvent.starts_at > start,
            CommunityEvent.starts_at < end + LONGEST_EVENT_REMINDER,
        )
        .group_by(CommunityEvent.id, EventReminder.minutes_before)
        .order_by(CommunityEvent.starts_at, CommunityEvent.id)
    )
    found = [
        Due(title, starts - timedelta(minutes=minutes), people)
        for title, starts, minutes, people in await session.execute(statement)
    ]
    return [one for one in found if start <= one.at < end and one.people]


async def meeting_reminders_between(session: AsyncSession, start: datetime, end: datetime) -> int:
    """How many reminders of meetings are due in that time: both sides of each."""
    total = 0
    for before in MEETING_REMINDERS:
        statement = (
            select(func.count())
            .select_from(Meeting)
            .join(Slot, Slot.id == Meeting.slot_id)
            .where(
                Meeting.status.in_(BOOKED_MEETINGS),
                Slot.starts_at >= start + before,
                Slot.starts_at < end + before,
            )
        )
        total += 2 * (await session.execute(statement)).scalar_one()
    return total


async def deadlines_between(session: AsyncSession, start: datetime, end: datetime) -> list[Due]:
    """Reminders of missions' deadlines whose moment is in that time, with how many have not applied."""
    statement = (
        select(Mission)
        .where(
            Mission.status == MissionStatus.OPEN,
            Mission.deadline >= start + MISSION_REMINDED_BEFORE,
            Mission.deadline < end + MISSION_REMINDED_BEFORE,
        )
        .order_by(Mission.deadline, Mission.id)
    )
    found = []
    for mission in (await session.execute(statement)).scalars():
        applied = select(Application.person_id).where(Application.mission_id == mission.id)
        count = (
            select(func.count())
            .select_from(Person)
            .where(Person.status == PersonStatus.MEMBER, Person.id.not_in(applied), reachable())
        )
        people = (await session.execute(count)).scalar_one()
        found.append(Due(mission.title, mission.deadline - MISSION_REMINDED_BEFORE, people))
    return found


async def waiting_until(session: AsyncSession, end: datetime) -> int:
    """How many messages wait in the queue already and are due by then."""
    statement = (
        select(func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.QUEUED, OutboxMessage.due_at < end)
    )
    return (await session.execute(statement)).scalar_one()

"""What somebody holds for their organisation, and how it goes over to a colleague."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.enums import BOOKED_MEETINGS, LIVE_MEETINGS, ApplicationStatus, MissionStatus
from storage.models import (
    Application,
    Meeting,
    MeetingOffer,
    MeetingParty,
    Mission,
    Person,
    SeatBooking,
    Slot,
)

OPEN_APPLICATIONS = frozenset({ApplicationStatus.WAITING, ApplicationStatus.ACCEPTED, ApplicationStatus.RESERVE})


@dataclass(frozen=True, slots=True)
class HeldApplication:
    """An application to a mission that is not over."""

    id: int
    mission_id: int
    mission: str


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A meeting that is still to be held."""

    id: int
    slot_id: int | None
    starts_at: datetime | None
    zone: str
    other_id: int
    other: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """What somebody holds, beside being the contact."""

    applications: Sequence[HeldApplication]
    meetings: Sequence[HeldMeeting]

    def __bool__(self) -> bool:
        return bool(self.applications or self.meetings)


async def holdings(session: AsyncSession, person_id: int, now: datetime) -> Holdings:
    """Applications to missions that are not over, and meetings that are still to be held."""
    applications = await session.execute(
        select(Application.id, Mission.id, Mission.title)
        .join(Mission, Mission.id == Application.mission_id)
        .where(
            Application.person_id == person_id,
            Application.status.in_(OPEN_APPLICATIONS),
            Mission.status != MissionStatus.CANCELLED,
            Mission.last_day >= now.date(),
        )
        .order_by(Mission.first_day, Mission.id)
    )
    theirs = aliased(MeetingParty)
    meetings = await session.execute(
        select(Meeting.id, Meeting.slot_id, Slot.starts_at, Mission.zone, Person.id, Person.name)
        .join(theirs, theirs.meeting_id == Meeting.id)
        .join(MeetingParty, MeetingParty.meeting_id == Meeting.id)
        .join(Person, Person.id == MeetingParty.person_id)
        .join(Mission, Mission.id == Meeting.mission_id)
        .outerjoin(Slot, Slot.id == Meeting.slot_id)
        .where(
            theirs.person_id == person_id,
            MeetingParty.person_id != person_id,
            Meeting.status.in_(LIVE_MEETINGS),
            or_(Slot.starts_at.is_(None), Slot.starts_at > now),
        )
        .order_by(Slot.starts_at, Meeting.id)
    )
    return Holdings(
        [HeldApplication(*row) for row in applications],
        [HeldMeeting(*row) for row in meetings],
    )


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What went over, and what could not."""

    applications: list[HeldApplication]
    meetings: list[HeldMeeting]
    left: int


async def hand_over(session: AsyncSession, from_id: int, to_id: int, now: datetime) -> HandedOver:
    """Everything that somebody holds goes to a colleague, except what the colleague cannot hold as well.

    A colleague who applied to the same mission keeps their own application; one who is taken at a meeting's time, or is
    its other side, does not get the meeting. Both people's rows are to be held by the caller.
    """
    held = await holdings(session, from_id, now)
    applications, meetings = [], []
    for application in held.applications:
        has_own = exists().where(Application.mission_id == application.mission_id, Application.person_id == to_id)
        if (await session.execute(select(has_own))).scalar_one():
            continue
        await session.execute(update(Application).where(Application.id == application.id).values(person_id=to_id))
        applications.append(application)
    for meeting in held.meetings:
        if meeting.other_id == to_id or await _taken(session, meeting.slot_id, to_id):
            continue
        for party in (MeetingParty.person_id, SeatBooking.person_id):
            model = party.class_
            await session.execute(
                update(model).where(model.meeting_id == meeting.id, party == from_id).values(person_id=to_id),
                execution_options={"synchronize_session": False},
            )
        await session.execute(
            update(MeetingOffer)
            .where(MeetingOffer.meeting_id == meeting.id, MeetingOffer.by_person_id == from_id)
            .values(by_person_id=to_id)
        )
        meetings.append(meeting)
    left = len(held.applications) + len(held.meetings) - len(applications) - len(meetings)
    return HandedOver(applications, meetings, left)


async def _taken(session: AsyncSession, slot_id: int | None, person_id: int) -> bool:
    if slot_id is None:
        return False
    taken = exists().where(
        SeatBooking.slot_id == slot_id,
        SeatBooking.person_id == person_id,
        SeatBooking.meeting_id == Meeting.id,
        Meeting.status.in_(BOOKED_MEETINGS),
    )
    return (await session.execute(select(taken))).scalar_one()

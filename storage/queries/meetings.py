"""B2B meetings: who may meet, who and what is taken when, the bookings, and the log of every step."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import (
    BOOKED_MEETINGS,
    LIVE_MEETINGS,
    PARTICIPANTS,
    ApplicationStatus,
    ComponentKind,
    MeetingStatus,
    MissionStatus,
    PartyAnswer,
    PlaceStatus,
)
from storage.models import (
    Account,
    Application,
    ApplicationPlace,
    Component,
    Meeting,
    MeetingOffer,
    MeetingParty,
    MeetingStep,
    MeetingTable,
    Mission,
    Person,
    SeatBooking,
    Slot,
    TableBooking,
)

Span = tuple[datetime, datetime]
"""From when to when, UTC; the end is not part of it."""
BLOCKING_COMPONENTS = (ComponentKind.VISIT, ComponentKind.SEMINAR, ComponentKind.DINNER)
"""A place in one of these takes its delegate away from the tables; a fair goes on around them."""


async def find_meeting(session: AsyncSession, meeting_id: int) -> Meeting | None:
    """The meeting as it is now, with its slot and table."""
    return (
        await session.execute(
            select(Meeting)
            .where(Meeting.id == meeting_id)
            .options(joinedload(Meeting.slot), joinedload(Meeting.table))
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()


async def parties_by_meeting(session: AsyncSession, meeting_ids: Collection[int]) -> dict[int, list[MeetingParty]]:
    """Both sides of each meeting, with the people and their organisations."""
    found: dict[int, list[MeetingParty]] = {one: [] for one in meeting_ids}
    statement = (
        select(MeetingParty)
        .where(MeetingParty.meeting_id.in_(list(meeting_ids)))
        .options(joinedload(MeetingParty.person).joinedload(Person.organisation))
        .order_by(MeetingParty.meeting_id, MeetingParty.person_id)
        .execution_options(populate_existing=True)
    )
    for party in (await session.execute(statement)).scalars():
        found[party.meeting_id].append(party)
    return found


async def parties_of(session: AsyncSession, meeting_id: int) -> list[MeetingParty]:
    """Both sides of a meeting."""
    return (await parties_by_meeting(session, [meeting_id]))[meeting_id]


async def offer_of(session: AsyncSession, meeting_id: int) -> MeetingOffer | None:
    """The other time that is on offer, if any."""
    return (
        await session.execute(
            select(MeetingOffer).where(MeetingOffer.meeting_id == meeting_id).execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()


async def find_slot(session: AsyncSession, slot_id: int) -> Slot | None:
    """A slot."""
    return await session.get(Slot, slot_id)


async def find_table(session: AsyncSession, table_id: int) -> MeetingTable | None:
    """A table."""
    return await session.get(MeetingTable, table_id)


async def slots_of(session: AsyncSession, mission_id: int) -> Sequence[Slot]:
    """A mission's slots in the order of time."""
    statement = select(Slot).where(Slot.mission_id == mission_id).order_by(Slot.starts_at, Slot.id)
    return (await session.execute(statement)).scalars().all()


async def tables_of(session: AsyncSession, mission_id: int) -> Sequence[MeetingTable]:
    """A mission's tables in their order."""
    statement = (
        select(MeetingTable)
        .where(MeetingTable.mission_id == mission_id)
        .order_by(MeetingTable.position, MeetingTable.id)
    )
    return (await session.execute(statement)).scalars().all()


async def missions_with_b2b(session: AsyncSession, today: date) -> Sequence[Mission]:
    """Missions not over that have B2B meetings, the next one first."""
    statement = (
        select(Mission)
        .where(
            Mission.status.in_([MissionStatus.OPEN, MissionStatus.CLOSED]),
            Mission.last_day >= today,
            Mission.id.in_(select(Component.mission_id).where(Component.kind == ComponentKind.B2B)),
        )
        .order_by(Mission.first_day, Mission.id)
    )
    return (await session.execute(statement)).scalars().all()


async def may_meet(session: AsyncSession, mission_id: int) -> Sequence[Person]:
    """Those accepted on the mission who have a place in its B2B meetings, delegates and guests, by name."""
    statement = (
        select(Person)
        .join(Application, Application.person_id == Person.id)
        .join(ApplicationPlace, ApplicationPlace.application_id == Application.id)
        .join(Component, Component.id == ApplicationPlace.component_id)
        .where(
            Application.mission_id == mission_id,
            Application.status == ApplicationStatus.ACCEPTED,
            ApplicationPlace.status == PlaceStatus.CONFIRMED,
            Component.kind == ComponentKind.B2B,
            Person.status.in_(PARTICIPANTS),
        )
        .options(joinedload(Person.organisation))
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return (await session.execute(statement)).scalars().all()


async def hall_of(session: AsyncSession, mission_id: int) -> str:
    """Where a mission's B2B meetings are held; empty when that is not known."""
    statement = (
        select(Component.place)
        .where(Component.mission_id == mission_id, Component.kind == ComponentKind.B2B)
        .order_by(Component.starts_at, Component.id)
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none() or ""


async def live_between(session: AsyncSession, mission_id: int, one: int, other: int) -> int | None:
    """The meeting of these two on that mission that is not over or off, if there is one."""
    sides = select(MeetingParty.meeting_id).where(MeetingParty.person_id == one)
    statement = (
        select(Meeting.id)
        .join(MeetingParty, MeetingParty.meeting_id == Meeting.id)
        .where(
            Meeting.mission_id == mission_id,
            Meeting.status.in_(LIVE_MEETINGS),
            MeetingParty.person_id == other,
            Meeting.id.in_(sides),
        )
        .order_by(Meeting.id)
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def busy_times(session: AsyncSession, people: Collection[int]) -> dict[int, list[Span]]:
    """When each of these people is taken: by booked slots of any mission, and by visits, seminars and dinners."""
    found: dict[int, list[Span]] = {one: [] for one in people}
    booked = (
        select(SeatBooking.person_id, Slot.starts_at, Slot.ends_at)
        .join(Slot, Slot.id == SeatBooking.slot_id)
        .where(SeatBooking.person_id.in_(list(people)))
    )
    away = (
        select(Application.person_id, Component.starts_at, Component.ends_at)
        .join(ApplicationPlace, ApplicationPlace.application_id == Application.id)
        .join(Component, Component.id == ApplicationPlace.component_id)
        .where(
            Application.person_id.in_(list(people)),
            Application.status == ApplicationStatus.ACCEPTED,
            ApplicationPlace.status == PlaceStatus.CONFIRMED,
            Component.kind.in_(BLOCKING_COMPONENTS),
        )
    )
    for statement in (booked, away):
        for person_id, starts_at, ends_at in await session.execute(statement):
            found[person_id].append((starts_at, ends_at))
    return found


async def table_times(session: AsyncSession, mission_id: int) -> dict[int, list[Span]]:
    """When each table of a mission is taken."""
    found: dict[int, list[Span]] = {}
    statement = (
        select(TableBooking.table_id, Slot.starts_at, Slot.ends_at)
        .join(Slot, Slot.id == TableBooking.slot_id)
        .where(Slot.mission_id == mission_id)
    )
    for table_id, starts_at, ends_at in await session.execute(statement):
        found.setdefault(table_id, []).append((starts_at, ends_at))
    return found


async def book(session: AsyncSession, meeting_id: int, *, slot_id: int, table_id: int, people: Collection[int]) -> None:
    """Take the slot for these people and the table in it.

    Raises:
        sqlalchemy.exc.IntegrityError: one of them was taken meanwhile.
    """
    session.add(TableBooking(slot_id=slot_id, table_id=table_id, meeting_id=meeting_id))
    session.add_all(SeatBooking(slot_id=slot_id, person_id=one, meeting_id=meeting_id) for one in people)
    await session.flush()


async def free_bookings(session: AsyncSession, meeting_id: int, *, slot_id: int | None = None) -> None:
    """Give back what a meeting holds, all or in one slot."""
    for model in (SeatBooking, TableBooking):
        statement = delete(model).where(model.meeting_id == meeting_id)
        if slot_id is not None:
            statement = statement.where(model.slot_id == slot_id)
        await session.execute(statement)


async def drop_offer(session: AsyncSession, offer: MeetingOffer) -> None:
    """Take a time off the table and give back what it held."""
    await free_bookings(session, offer.meeting_id, slot_id=offer.slot_id)
    await session.delete(offer)
    await session.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Who moved a meeting, for whom, when and why."""

    by: int | None
    at: datetime
    on_behalf: int | None = None
    reason: str = ""


async def write_step(session: AsyncSession, meeting: Meeting, became: MeetingStatus, step: Step) -> int:
    """Move a meeting along an arrow and log it. Whether the arrow is drawn is the caller's to know.

    Returns the step's id, which no other change of any meeting has.
    """
    row = MeetingStep(
        meeting_id=meeting.id,
        was=meeting.status,
        became=became,
        by_person_id=step.by,
        for_person_id=step.on_behalf,
        reason=step.reason,
        at=step.at,
    )
    session.add(row)
    meeting.status = became
    await session.flush()
    return row.id


async def write_first_step(session: AsyncSession, meeting: Meeting, step: Step) -> None:
    """Log that a meeting came into being."""
    session.add(
        MeetingStep(
            meeting_id=meeting.id,
            was=None,
            became=meeting.status,
            by_person_id=step.by,
            for_person_id=step.on_behalf,
            reason=step.reason,
            at=step.at,
        )
    )
    await session.flush()


async def find_step(session: AsyncSession, step_id: int) -> MeetingStep | None:
    """One step of a meeting's log."""
    return await session.get(MeetingStep, step_id)


async def steps_of(session: AsyncSession, meeting_id: int) -> Sequence[MeetingStep]:
    """A meeting's log, the oldest step first."""
    statement = select(MeetingStep).where(MeetingStep.meeting_id == meeting_id).order_by(MeetingStep.id)
    return (await session.execute(statement)).scalars().all()


async def end(session: AsyncSession, meeting: Meeting, became: MeetingStatus, step: Step) -> int:
    """End a meeting: give back what it held, drop what was on offer, log the step. Returns the step's id."""
    offer = await offer_of(session, meeting.id)
    if offer is not None:
        await session.delete(offer)
    await free_bookings(session, meeting.id)
    meeting.sequence += 1
    return await write_step(session, meeting, became, step)


@dataclass(frozen=True, slots=True)
class Ended:
    """A meeting that was cancelled, and the other side, who must be told."""

    meeting_id: int
    other_id: int


async def cancel_meetings_of(session: AsyncSession, person_id: int, mission_id: int, step: Step) -> list[Ended]:
    """Cancel all meetings of somebody who no longer comes, and say whom to tell.

    The caller holds the mission's row (:func:`storage.engine.lock`).
    """
    statement = (
        select(Meeting)
        .join(MeetingParty, MeetingParty.meeting_id == Meeting.id)
        .where(
            Meeting.mission_id == mission_id,
            Meeting.status.in_(LIVE_MEETINGS),
            MeetingParty.person_id == person_id,
        )
        .order_by(Meeting.id)
        .execution_options(populate_existing=True)
    )
    meetings = (await session.execute(statement)).scalars().all()
    sides = await parties_by_meeting(session, [one.id for one in meetings])
    ended: list[Ended] = []
    for meeting in meetings:
        for party in sides[meeting.id]:
            if party.person_id == person_id:
                party.answer, party.answered_at = PartyAnswer.NO, step.at
            else:
                ended.append(Ended(meeting.id, party.person_id))
        await end(session, meeting, MeetingStatus.CANCELLED, step)
    return ended


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting as it stands in somebody's programme."""

    meeting: Meeting
    slot: Slot
    table: MeetingTable
    other: Person
    own_answer: PartyAnswer


async def appointments_of(session: AsyncSession, person_id: int, mission_id: int) -> list[Appointment]:
    """A person's meetings that have a time, in the order of time."""
    statement = (
        select(Meeting)
        .join(MeetingParty, MeetingParty.meeting_id == Meeting.id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .where(
            Meeting.mission_id == mission_id,
            Meeting.status.in_(BOOKED_MEETINGS),
            MeetingParty.person_id == person_id,
        )
        .options(joinedload(Meeting.slot), joinedload(Meeting.table))
        .order_by(Slot.starts_at, Meeting.id)
    )
    meetings = (await session.execute(statement)).scalars().all()
    sides = await parties_by_meeting(session, [one.id for one in meetings])
    found: list[Appointment] = []
    for meeting in meetings:
        own = next(party for party in sides[meeting.id] if party.person_id == person_id)
        other = next((party for party in sides[meeting.id] if party.person_id != person_id), None)
        if other is not None and meeting.slot is not None and meeting.table is not None:
            found.append(Appointment(meeting, meeting.slot, meeting.table, other.person, own.answer))
    return found


def _of_person(person_id: int) -> ColumnElement[bool]:
    return Meeting.id.in_(select(MeetingParty.meeting_id).where(MeetingParty.person_id == person_id))


async def meetings_of(session: AsyncSession, person_id: int, today: date) -> Sequence[Meeting]:
    """A person's live meetings on missions not over, those without a time last."""
    statement = (
        select(Meeting)
        .join(Mission, Mission.id == Meeting.mission_id)
        .outerjoin(Slot, Slot.id == Meeting.slot_id)
        .where(_of_person(person_id), Meeting.status.in_(LIVE_MEETINGS), Mission.last_day >= today)
        .options(joinedload(Meeting.slot), joinedload(Meeting.table))
        .order_by(Slot.starts_at.is_(None), Slot.starts_at, Meeting.id)
    )
    return (await session.execute(statement)).scalars().all()


async def count_unanswered(session: AsyncSession, person_id: int, now: datetime) -> int:
    """How many meetings to come wait for a person's yes or no."""
    statement = (
        select(func.count())
        .select_from(MeetingParty)
        .join(Meeting, Meeting.id == MeetingParty.meeting_id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .where(
            MeetingParty.person_id == person_id,
            MeetingParty.answer == PartyAnswer.PENDING,
            Meeting.status.in_(BOOKED_MEETINGS),
            Slot.starts_at > now,
        )
    )
    return (await session.execute(statement)).scalar_one()


async def status_counts(session: AsyncSession, mission_id: int) -> dict[MeetingStatus, int]:
    """How many meetings of a mission are in each state."""
    statement = select(Meeting.status, func.count()).where(Meeting.mission_id == mission_id).group_by(Meeting.status)
    return dict((await session.execute(statement)).all())


async def meetings_page(
    session: AsyncSession, mission_id: int, statuses: Collection[MeetingStatus], *, offset: int, most: int
) -> Sequence[Meeting]:
    """A page of a mission's meetings in these states, in the order of time, those without a time first."""
    statement = (
        select(Meeting)
        .outerjoin(Slot, Slot.id == Meeting.slot_id)
        .where(Meeting.mission_id == mission_id, Meeting.status.in_(list(statuses)))
        .options(joinedload(Meeting.slot), joinedload(Meeting.table))
        .order_by(Slot.starts_at.is_not(None), Slot.starts_at, Meeting.id)
        .offset(offset)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def reachable_among(session: AsyncSession, people: Collection[int]) -> set[int]:
    """Those of these people whom the bot can write to."""
    statement = select(Account.person_id).where(Account.person_id.in_(list(people)), Account.reachable).distinct()
    return set((await session.execute(statement)).scalars())


async def starting(session: AsyncSession, now: datetime, until: datetime) -> Sequence[Meeting]:
    """Booked meetings that start after now and no later than ``until``, with their slots."""
    statement = (
        select(Meeting)
        .join(Slot, Slot.id == Meeting.slot_id)
        .where(Meeting.status.in_(BOOKED_MEETINGS), Slot.starts_at > now, Slot.starts_at <= until)
        .options(joinedload(Meeting.slot))
        .order_by(Slot.starts_at, Meeting.id)
    )
    return (await session.execute(statement)).scalars().all()


async def unanswered_by(session: AsyncSession, now: datetime, today: date) -> list[int]:
    """Meetings that nobody settled in time: not confirmed by their end, or without a time when the mission is over.

    One for which a later time is on the table can still come about.
    """
    later = select(MeetingOffer.meeting_id).join(Slot, Slot.id == MeetingOffer.slot_id).where(Slot.starts_at > now)
    late = (
        select(Meeting.id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .where(Meeting.status == MeetingStatus.SCHEDULED, Slot.ends_at <= now, Meeting.id.not_in(later))
    )
    never = (
        select(Meeting.id)
        .join(Mission, Mission.id == Meeting.mission_id)
        .where(Meeting.status == MeetingStatus.PROPOSED, Mission.last_day < today)
    )
    found: set[int] = set()
    for statement in (late, never):
        found |= set((await session.execute(statement)).scalars())
    return sorted(found)


async def count_live(session: AsyncSession, person_id: int, mission_id: int) -> int:
    """How many meetings of a person on a mission are neither over nor off."""
    statement = (
        select(func.count())
        .select_from(Meeting)
        .where(Meeting.mission_id == mission_id, Meeting.status.in_(LIVE_MEETINGS), _of_person(person_id))
    )
    return (await session.execute(statement)).scalar_one()


async def offers_by_meeting(session: AsyncSession, meeting_ids: Collection[int]) -> dict[int, MeetingOffer]:
    """The other times on offer, by meeting."""
    statement = (
        select(MeetingOffer)
        .where(MeetingOffer.meeting_id.in_(list(meeting_ids)))
        .execution_options(populate_existing=True)
    )
    return {offer.meeting_id: offer for offer in (await session.execute(statement)).scalars()}

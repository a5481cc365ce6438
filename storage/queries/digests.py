"""Digests: whose is due, what is new to them, and which deadlines are theirs."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.digest_schedule import next_digest, rescheduled
from storage.enums import (
    AnnouncementStatus,
    Answer,
    DigestFrequency,
    EventStatus,
    MeetingStatus,
    MissionStatus,
    OutboxState,
    PartyAnswer,
    PersonStatus,
    SubjectKind,
)
from storage.models import (
    Announcement,
    Application,
    CommunityEvent,
    DigestMention,
    EventAnswer,
    Meeting,
    MeetingParty,
    Mission,
    OutboxMessage,
    Person,
    Post,
    PostReading,
    Slot,
)
from storage.queries.audience import meant_for
from storage.queries.dialect import insert_new
from storage.queries.post_visibility import readable_by

ANNOUNCED = (AnnouncementStatus.SENDING, AnnouncementStatus.DONE)
REACHED = (OutboxState.QUEUED, OutboxState.HELD, OutboxState.SENDING, OutboxState.SENT, OutboxState.UNCERTAIN)
"""The states of a recipient who has an announcement, will have it, or may have it."""

IdsByPerson = Mapping[int, list[int]]
Row = TypeVar("Row")


# When


def schedule_first(person: Person, now: datetime) -> None:
    """Give a new member the moment of their first digest; changes the row only, nothing is read or written here."""
    person.next_digest_at = next_digest(
        now, person.digest_frequency, person.digest_weekday, person.digest_hour, ZoneInfo(person.timezone)
    )


def reschedule(person: Person, now: datetime) -> None:
    """Move the next digest after a change of frequency, weekday, hour or time zone; changes the row only."""
    person.next_digest_at = rescheduled(
        now,
        person.last_digest_at,
        person.digest_frequency,
        person.digest_weekday,
        person.digest_hour,
        ZoneInfo(person.timezone),
    )


async def due(session: AsyncSession, now: datetime, *, most: int) -> Sequence[Person]:
    """Members whose digest is due, the longest waiting first."""
    statement = (
        select(Person)
        .where(Person.next_digest_at <= now, Person.status == PersonStatus.MEMBER)
        .order_by(Person.next_digest_at, Person.id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def unscheduled(session: AsyncSession, *, most: int) -> Sequence[Person]:
    """Members who want a digest and have no moment for it yet: imported ones, and those who came back."""
    statement = (
        select(Person)
        .where(
            Person.next_digest_at.is_(None),
            Person.status == PersonStatus.MEMBER,
            Person.digest_frequency != DigestFrequency.OFF,
        )
        .order_by(Person.id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


@dataclass(frozen=True, slots=True)
class Step:
    """How a person's period is to move on.

    Attributes:
        was: the moment that was read: it moves only while it still says so.
        becomes: the next moment.
        told_until: up to when they are told now; ``None`` when this period has nothing for them.
    """

    person_id: int
    was: datetime | None
    becomes: datetime | None
    told_until: datetime | None = None


async def advance(session: AsyncSession, steps: Collection[Step]) -> dict[int, Person]:
    """Move the next digests of these people on, where nobody else has, and return those people as they are now.

    Their rows are held until the end of the transaction (in the order of their ids, so that two processes do not wait
    for each other), so that what is queued with it belongs to this step alone.
    """
    wanted = {one.person_id: one for one in steps}
    held = (
        select(Person)
        .where(Person.id.in_(list(wanted)))
        .order_by(Person.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    moved: dict[int, Person] = {}
    told: list[dict[str, object]] = []
    quiet: list[dict[str, object]] = []
    for person in (await session.execute(held)).scalars():
        step = wanted[person.id]
        if person.next_digest_at != step.was:
            continue
        moved[person.id] = person
        change: dict[str, object] = {"who": person.id, "becomes": step.becomes}
        if step.told_until is None:
            quiet.append(change)
        else:
            told.append({**change, "told": step.told_until})
    if quiet:
        await session.execute(_MOVE, quiet)
    if told:
        await session.execute(_MOVE_AND_TELL, told)
    return moved


_PEOPLE: Any = Person.__table__
_MOVE = update(_PEOPLE).where(_PEOPLE.c.id == bindparam("who")).values(next_digest_at=bindparam("becomes"))
_MOVE_AND_TELL = _MOVE.values(last_digest_at=bindparam("told"))


# What is new


async def _told(
    session: AsyncSession, kind: SubjectKind, subjects: Collection[int], people: Collection[int]
) -> set[tuple[int, int]]:
    if not subjects:
        return set()
    found = await session.execute(
        select(DigestMention.person_id, DigestMention.subject_id).where(
            DigestMention.kind == kind,
            DigestMention.subject_id.in_(list(subjects)),
            DigestMention.person_id.in_(list(people)),
        )
    )
    return {(one, other) for one, other in found}


async def record_mentions(
    session: AsyncSession, named: Mapping[int, Mapping[SubjectKind, Collection[int]]], now: datetime
) -> None:
    """Remember what each person's digest names."""
    rows = [
        {"person_id": person, "kind": kind, "subject_id": subject, "at": now}
        for person, kinds in named.items()
        for kind, subjects in kinds.items()
        for subject in subjects
    ]
    if rows:
        await insert_new(session, DigestMention, rows, unique=["person_id", "kind", "subject_id"], key=None)


async def _answered(session: AsyncSession, events: Collection[int], people: Collection[int]) -> set[tuple[int, int]]:
    found = await session.execute(
        select(EventAnswer.person_id, EventAnswer.event_id).where(
            EventAnswer.event_id.in_(list(events)), EventAnswer.person_id.in_(list(people))
        )
    )
    return {(one, other) for one, other in found}


async def new_events(session: AsyncSession, people: Collection[int], now: datetime) -> IdsByPerson:
    """Events ahead that each person has neither answered nor been told of, the next one first; not their own."""
    statement = (
        select(CommunityEvent.id, CommunityEvent.organiser_id)
        .where(CommunityEvent.status == EventStatus.PUBLISHED, CommunityEvent.starts_at > now)
        .order_by(CommunityEvent.starts_at, CommunityEvent.id)
    )
    ahead = [(event, organiser) for event, organiser in await session.execute(statement)]
    known = await _told(session, SubjectKind.EVENT, [event for event, _ in ahead], people)
    known |= await _answered(session, [event for event, _ in ahead], people)
    return {
        person: [event for event, organiser in ahead if organiser != person and (person, event) not in known]
        for person in people
    }


async def new_missions(session: AsyncSession, people: Collection[int], now: datetime) -> IdsByPerson:
    """Open missions for which each person has neither applied nor been told of, the nearest deadline first."""
    statement = (
        select(Mission.id)
        .where(Mission.status == MissionStatus.OPEN, Mission.deadline > now)
        .order_by(Mission.deadline, Mission.id)
    )
    ahead = (await session.execute(statement)).scalars().all()
    known = await _told(session, SubjectKind.MISSION, ahead, people)
    known |= await _applied(session, ahead, people)
    return {person: [mission for mission in ahead if (person, mission) not in known] for person in people}


async def _applied(session: AsyncSession, missions: Collection[int], people: Collection[int]) -> set[tuple[int, int]]:
    found = await session.execute(
        select(Application.person_id, Application.mission_id).where(
            Application.mission_id.in_(list(missions)), Application.person_id.in_(list(people))
        )
    )
    return {(one, other) for one, other in found}


async def missed_announcements(
    session: AsyncSession, since: Mapping[int, datetime], now: datetime
) -> dict[int, list[int]]:
    """Announcements since each person's moment that are for them and did not reach them, the newest first.

    They could not be reached then, it failed, or they came to belong to the audience since. One without recipients was
    sent before there was a bot: nobody knows whom it reached.
    """
    missed: dict[int, list[int]] = {person: [] for person in since}
    if not since:
        return missed
    statement = (
        select(Announcement)
        .where(
            Announcement.status.in_(ANNOUNCED),
            Announcement.recipients > 0,
            Announcement.started_at > min(since.values()),
            Announcement.started_at <= now,
        )
        .order_by(Announcement.started_at.desc(), Announcement.id.desc())
    )
    rows = (await session.execute(statement)).scalars().all()
    told = await _told(session, SubjectKind.ANNOUNCEMENT, [row.id for row in rows], list(since))
    for row in rows:
        started = row.started_at
        people = [one for one, moment in since.items() if started is not None and started > moment]
        if people:
            missing = await meant_for(session, row, people) - await _reached(session, row.id, people)
            for person in people:
                if person in missing and (person, row.id) not in told and row.author_id != person:
                    missed[person].append(row.id)
    return missed


async def _reached(session: AsyncSession, announcement_id: int, people: Collection[int]) -> set[int]:
    found = await session.execute(
        select(OutboxMessage.person_id).where(
            OutboxMessage.announcement_id == announcement_id,
            OutboxMessage.person_id.in_(list(people)),
            OutboxMessage.state.in_(REACHED),
        )
    )
    return {person for person in found.scalars() if person is not None}


# What still holds when the digest is drawn


async def still_unread(session: AsyncSession, ids: Collection[int], person_id: int) -> list[Post]:
    """Those of these posts that are still published and that the person has not opened, in the order of the ids."""
    opened = select(PostReading.post_id).where(PostReading.person_id == person_id)
    found = await session.execute(
        select(Post).where(Post.id.in_(list(ids)), readable_by(person_id), Post.id.not_in(opened))
    )
    return _in_order(ids, {row.id: row for row in found.scalars()})


async def still_unanswered(
    session: AsyncSession, ids: Collection[int], person_id: int, now: datetime
) -> list[CommunityEvent]:
    """Those of these events that are ahead and that the person has not answered, in the order of the ids."""
    answered = select(EventAnswer.event_id).where(EventAnswer.person_id == person_id)
    found = await session.execute(
        select(CommunityEvent).where(
            CommunityEvent.id.in_(list(ids)),
            CommunityEvent.status == EventStatus.PUBLISHED,
            CommunityEvent.starts_at > now,
            CommunityEvent.id.not_in(answered),
        )
    )
    return _in_order(ids, {row.id: row for row in found.scalars()})


async def still_open(session: AsyncSession, ids: Collection[int], person_id: int, now: datetime) -> list[Mission]:
    """Those of these missions for which the person can still apply and has not, in the order of the ids."""
    applied = select(Application.mission_id).where(Application.person_id == person_id)
    found = await session.execute(
        select(Mission).where(
            Mission.id.in_(list(ids)),
            Mission.status == MissionStatus.OPEN,
            Mission.deadline > now,
            Mission.id.not_in(applied),
        )
    )
    return _in_order(ids, {row.id: row for row in found.scalars()})


async def still_missed(session: AsyncSession, ids: Collection[int], person_id: int) -> list[Announcement]:
    """Those of these announcements that have still not reached the person, in the order of the ids."""
    found = await session.execute(
        select(Announcement).where(Announcement.id.in_(list(ids)), Announcement.status.in_(ANNOUNCED))
    )
    rows = {}
    for row in found.scalars():
        if await meant_for(session, row, [person_id]) and not await _reached(session, row.id, [person_id]):
            rows[row.id] = row
    return _in_order(ids, rows)


def _in_order(ids: Collection[int], rows: Mapping[int, Row]) -> list[Row]:
    return [rows[one] for one in ids if one in rows]


# Deadlines


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that waits for a person's answer.

    Attributes:
        kind: event, mission, meeting, or a post that is a call.
        id: which one.
        title: of the event, mission or post; of a meeting, with whom.
        at: until when an answer is of use; ``None`` for a meeting that has no time yet.
        zone: IANA zone in which it takes place; empty for a call.
        topic: of a call, the key of what of it the person follows; empty when they have opened or answered it.
    """

    kind: SubjectKind
    id: int
    title: str
    at: datetime | None
    zone: str
    topic: str = ""


async def deadlines(
    session: AsyncSession, people: Collection[int], now: datetime, until: datetime
) -> dict[int, list[Deadline]]:
    """What waits for each person's answer by that moment, the most urgent first; what has no time comes last."""
    found: dict[int, list[Deadline]] = defaultdict(list)
    await _event_deadlines(session, people, now, until, found)
    await _mission_deadlines(session, people, now, until, found)
    await _meetings_to_confirm(session, people, now, found)
    return {
        person: sorted(found[person], key=lambda one: (one.at is None, one.at or now, one.kind, one.id))
        for person in people
    }


async def _event_deadlines(
    session: AsyncSession,
    people: Collection[int],
    now: datetime,
    until: datetime,
    found: dict[int, list[Deadline]],
) -> None:
    ahead = (
        (
            await session.execute(
                select(CommunityEvent).where(
                    CommunityEvent.status == EventStatus.PUBLISHED,
                    CommunityEvent.starts_at > now,
                    CommunityEvent.starts_at <= until,
                )
            )
        )
        .scalars()
        .all()
    )
    settled = select(EventAnswer.person_id, EventAnswer.event_id).where(
        EventAnswer.event_id.in_([event.id for event in ahead]),
        EventAnswer.person_id.in_(list(people)),
        EventAnswer.answer != Answer.MAYBE,
    )
    done = {(person, event) for person, event in await session.execute(settled)}
    for event in ahead:
        for person in people:
            if (person, event.id) not in done and event.organiser_id != person:
                found[person].append(Deadline(SubjectKind.EVENT, event.id, event.title, event.starts_at, event.zone))


async def _mission_deadlines(
    session: AsyncSession,
    people: Collection[int],
    now: datetime,
    until: datetime,
    found: dict[int, list[Deadline]],
) -> None:
    statement = select(Mission).where(
        Mission.status == MissionStatus.OPEN, Mission.deadline > now, Mission.deadline <= until
    )
    ahead = (await session.execute(statement)).scalars().all()
    applied = await _applied(session, [mission.id for mission in ahead], people)
    for mission in ahead:
        for person in people:
            if (person, mission.id) not in applied:
                found[person].append(
                    Deadline(SubjectKind.MISSION, mission.id, mission.title, mission.deadline, mission.zone)
                )


async def _meetings_to_confirm(
    session: AsyncSession, people: Collection[int], now: datetime, found: dict[int, list[Deadline]]
) -> None:
    mine, other = aliased(MeetingParty), aliased(MeetingParty)
    statement = (
        select(mine.person_id, Meeting.id, Person.name, Slot.starts_at, Mission.zone)
        .join(Meeting, Meeting.id == mine.meeting_id)
        .join(Mission, Mission.id == Meeting.mission_id)
        .join(other, and_(other.meeting_id == mine.meeting_id, other.person_id != mine.person_id))
        .join(Person, Person.id == other.person_id)
        .outerjoin(Slot, Slot.id == Meeting.slot_id)
        .where(
            mine.person_id.in_(list(people)),
            mine.answer == PartyAnswer.PENDING,
            Meeting.status.in_([MeetingStatus.PROPOSED, MeetingStatus.SCHEDULED]),
            or_(Slot.starts_at.is_(None), Slot.starts_at > now),
        )
    )
    for person, meeting, name, starts_at, zone in await session.execute(statement):
        found[person].append(Deadline(SubjectKind.MEETING, meeting, name, starts_at, zone))

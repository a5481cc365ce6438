"""Events: what is coming up, who comes, who waits, and whose reminder is due."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import PARTICIPANTS, Answer, EventStatus, PersonStatus
from storage.models import CommunityEvent, EventAnswer, EventReminder, Person

COMING = (Answer.GOING, Answer.MAYBE, Answer.WAITING)
"""The answers of those whom a change concerns."""
REMINDED = (Answer.GOING, Answer.MAYBE)
"""The answers of those who are reminded."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many gave each answer to an event."""

    going: int = 0
    maybe: int = 0
    cant: int = 0
    waiting: int = 0


async def find_event(session: AsyncSession, event_id: int) -> CommunityEvent | None:
    """The event, with its organiser."""
    return (
        await session.execute(
            select(CommunityEvent)
            .where(CommunityEvent.id == event_id)
            .options(joinedload(CommunityEvent.organiser))
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()


async def by_ids(session: AsyncSession, ids: Collection[int]) -> Sequence[CommunityEvent]:
    """These events; those that are gone are left out."""
    return (await session.execute(select(CommunityEvent).where(CommunityEvent.id.in_(ids)))).scalars().all()


def _upcoming(now: datetime) -> Select[CommunityEvent]:
    return select(CommunityEvent).where(CommunityEvent.status == EventStatus.PUBLISHED, CommunityEvent.ends_at > now)


async def count_upcoming(session: AsyncSession, now: datetime) -> int:
    """How many published events are not over."""
    return (await session.execute(select(func.count()).select_from(_upcoming(now).subquery()))).scalar_one()


async def upcoming(session: AsyncSession, now: datetime, *, offset: int, most: int) -> Sequence[CommunityEvent]:
    """Published events that are not over, the next one first."""
    statement = _upcoming(now).order_by(CommunityEvent.starts_at, CommunityEvent.id).offset(offset).limit(most)
    return (await session.execute(statement)).scalars().all()


async def mine(session: AsyncSession, person_id: int, now: datetime) -> Sequence[tuple[CommunityEvent, Answer | None]]:
    """Events not over that the person answered with yes, maybe or by waiting, and their own open proposals."""
    said = and_(EventAnswer.event_id == CommunityEvent.id, EventAnswer.person_id == person_id)
    statement = (
        select(CommunityEvent, EventAnswer.answer)
        .outerjoin(EventAnswer, said)
        .where(
            CommunityEvent.ends_at > now,
            or_(
                and_(
                    CommunityEvent.status.in_([EventStatus.PUBLISHED, EventStatus.CANCELLED]),
                    EventAnswer.answer.in_(COMING),
                ),
                and_(CommunityEvent.status == EventStatus.PROPOSED, CommunityEvent.organiser_id == person_id),
            ),
        )
        .order_by(CommunityEvent.starts_at, CommunityEvent.id)
    )
    return [(event, answer) for event, answer in await session.execute(statement)]


async def next_going(session: AsyncSession, person_id: int, now: datetime) -> CommunityEvent | None:
    """The next event that the person is going to."""
    statement = (
        _upcoming(now)
        .join(EventAnswer, EventAnswer.event_id == CommunityEvent.id)
        .where(EventAnswer.person_id == person_id, EventAnswer.answer == Answer.GOING)
        .order_by(CommunityEvent.starts_at, CommunityEvent.id)
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def proposed(session: AsyncSession) -> Sequence[CommunityEvent]:
    """Events that members proposed and nobody has decided on, the oldest first."""
    statement = (
        select(CommunityEvent)
        .where(CommunityEvent.status == EventStatus.PROPOSED)
        .options(joinedload(CommunityEvent.organiser))
        .order_by(CommunityEvent.id)
    )
    return (await session.execute(statement)).scalars().all()


async def tally(session: AsyncSession, event_id: int) -> Tally:
    """How many gave each answer."""
    found = await session.execute(
        select(EventAnswer.answer, func.count()).where(EventAnswer.event_id == event_id).group_by(EventAnswer.answer)
    )
    counted = Tally()
    for answer, number in found:
        counted = replace(counted, **{Answer(answer).value: number})
    return counted


async def answer_of(session: AsyncSession, event_id: int, person_id: int) -> EventAnswer | None:
    """What a person said to an event."""
    return (
        await session.execute(
            select(EventAnswer).where(EventAnswer.event_id == event_id, EventAnswer.person_id == person_id)
        )
    ).scalar_one_or_none()


async def answers_of(session: AsyncSession, event_ids: Collection[int], person_id: int) -> dict[int, Answer]:
    """What a person said to several events, by event."""
    found = await session.execute(
        select(EventAnswer.event_id, EventAnswer.answer).where(
            EventAnswer.event_id.in_(event_ids), EventAnswer.person_id == person_id
        )
    )
    return dict(found.all())


async def waiting_position(session: AsyncSession, own: EventAnswer) -> int:
    """The place of a WAITING answer in the waiting list; the first is 1."""
    ahead = await session.execute(
        select(func.count())
        .select_from(EventAnswer)
        .where(
            EventAnswer.event_id == own.event_id,
            EventAnswer.answer == Answer.WAITING,
            or_(
                EventAnswer.asked_at < own.asked_at,
                and_(EventAnswer.asked_at == own.asked_at, EventAnswer.id < own.id),
            ),
        )
    )
    return ahead.scalar_one() + 1


async def end_of_waiting(session: AsyncSession, event_id: int, now: datetime) -> datetime:
    """The moment that puts a newcomer at the end of the waiting list.

    It is now, unless the clock was set back or stands still since the last one came: the list keeps its order anyway.
    """
    last = (
        await session.execute(
            select(func.max(EventAnswer.asked_at)).where(
                EventAnswer.event_id == event_id, EventAnswer.answer == Answer.WAITING
            )
        )
    ).scalar_one_or_none()
    return now if last is None or last < now else last + timedelta(microseconds=1)


async def first_waiting(session: AsyncSession, event_id: int, most: int) -> Sequence[EventAnswer]:
    """Those of the waiting list whose turn it is, as long as they still take part in the community."""
    statement = (
        select(EventAnswer)
        .join(Person, Person.id == EventAnswer.person_id)
        .where(
            EventAnswer.event_id == event_id,
            EventAnswer.answer == Answer.WAITING,
            Person.status.in_(PARTICIPANTS),
        )
        .order_by(EventAnswer.asked_at, EventAnswer.id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def people_who_said(
    session: AsyncSession, event_id: int, answers: Iterable[Answer], *, by: datetime | None = None
) -> list[int]:
    """Those whose answer is one of these, in the order in which they gave it; given ``by`` then, where asked for."""
    statement = select(EventAnswer.person_id).where(
        EventAnswer.event_id == event_id, EventAnswer.answer.in_(list(answers))
    )
    if by is not None:
        statement = statement.where(EventAnswer.asked_at <= by)
    return list((await session.execute(statement.order_by(EventAnswer.asked_at, EventAnswer.id))).scalars())


async def members_but(session: AsyncSession, left_out: Collection[int]) -> list[int]:
    """All members, without these."""
    statement = select(Person.id).where(Person.status == PersonStatus.MEMBER).order_by(Person.id)
    return [person for person in (await session.execute(statement)).scalars() if person not in left_out]


async def reminders_of(session: AsyncSession, event_id: int) -> list[int]:
    """How many minutes before the start people are reminded, the earliest reminder first."""
    statement = (
        select(EventReminder.minutes_before)
        .where(EventReminder.event_id == event_id)
        .order_by(EventReminder.minutes_before.desc())
    )
    return list((await session.execute(statement)).scalars())


async def set_reminders(session: AsyncSession, event_id: int, minutes: Collection[int]) -> None:
    """Remind at these times and no others; what was sent already stays known as sent."""
    await session.execute(
        delete(EventReminder).where(
            EventReminder.event_id == event_id, EventReminder.minutes_before.not_in(list(minutes))
        )
    )
    before = set(await reminders_of(session, event_id))
    session.add_all(EventReminder(event_id=event_id, minutes_before=one) for one in minutes if one not in before)
    await session.flush()


async def open_reminders(session: AsyncSession, now: datetime, *, until: datetime) -> dict[int, list[int]]:
    """Unsettled reminders of events that start after now and no later than ``until``: minutes before, by event."""
    found = await session.execute(
        select(EventReminder.event_id, EventReminder.minutes_before)
        .join(CommunityEvent, CommunityEvent.id == EventReminder.event_id)
        .where(
            CommunityEvent.status == EventStatus.PUBLISHED,
            CommunityEvent.starts_at > now,
            CommunityEvent.starts_at <= until,
            or_(EventReminder.reminded_for.is_(None), EventReminder.reminded_for != CommunityEvent.starts_at),
        )
        .order_by(CommunityEvent.starts_at, CommunityEvent.id)
    )
    by_event: dict[int, list[int]] = defaultdict(list)
    for event_id, minutes in found:
        by_event[event_id].append(minutes)
    return dict(by_event)


async def reminder_rows(session: AsyncSession, event_id: int) -> Sequence[EventReminder]:
    """An event's reminders as rows, for settling them."""
    return (await session.execute(select(EventReminder).where(EventReminder.event_id == event_id))).scalars().all()


async def with_waiting_or_gone(session: AsyncSession, now: datetime) -> list[int]:
    """Events not begun where a place may have become free unseen.

    That is where somebody waits although there is room, and where an answer belongs to somebody who no longer takes
    part: people leave the community elsewhere, and their answers vanish with them when they are erased.
    """
    going = (
        select(func.count())
        .select_from(EventAnswer)
        .where(EventAnswer.event_id == CommunityEvent.id, EventAnswer.answer == Answer.GOING)
        .correlate(CommunityEvent)
        .scalar_subquery()
    )
    someone_waits = (
        select(EventAnswer.id)
        .join(Person, Person.id == EventAnswer.person_id)
        .where(
            EventAnswer.event_id == CommunityEvent.id,
            EventAnswer.answer == Answer.WAITING,
            Person.status.in_(PARTICIPANTS),
        )
        .correlate(CommunityEvent)
        .exists()
    )
    someone_left = (
        select(EventAnswer.id)
        .join(Person, Person.id == EventAnswer.person_id)
        .where(EventAnswer.event_id == CommunityEvent.id, Person.status.in_(GONE))
        .correlate(CommunityEvent)
        .exists()
    )
    has_room = or_(CommunityEvent.capacity == 0, going < CommunityEvent.capacity)
    statement = (
        select(CommunityEvent.id)
        .where(
            CommunityEvent.status == EventStatus.PUBLISHED,
            CommunityEvent.starts_at > now,
            or_(someone_left, and_(someone_waits, has_room)),
        )
        .order_by(CommunityEvent.starts_at, CommunityEvent.id)
    )
    return list((await session.execute(statement)).scalars())


GONE = (PersonStatus.LEFT, PersonStatus.REFUSED, PersonStatus.SUSPENDED, PersonStatus.ERASED)
"""Those who no longer take part and hold no place."""


async def release_gone(session: AsyncSession, event_id: int) -> int:
    """Take out the answers of those who no longer take part; returns how many."""
    gone = select(Person.id).where(Person.status.in_(GONE))
    result = await session.execute(
        delete(EventAnswer)
        .where(EventAnswer.event_id == event_id, EventAnswer.person_id.in_(gone))
        .returning(EventAnswer.id)
    )
    return len(result.scalars().all())

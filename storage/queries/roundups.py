"""What a week's roundups say: the community's news for its channels, and what needs the staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import (
    LIVE_MEETINGS,
    EventStatus,
    MissionStatus,
    OutboxState,
    PartyAnswer,
    PersonStatus,
    SubjectKind,
)
from storage.models import (
    CardCopy,
    CommunityEvent,
    Meeting,
    MeetingParty,
    Mission,
    OutboxMessage,
    Person,
    Post,
    PostAnswer,
    PostKind,
    SearchEntry,
    Slot,
)
from storage.queries.post_visibility import readable_by

NOBODY = 0
"""No person has this number: what it may read, every member may."""
QUESTION = "question"
"""The key of the kind of post that asks something, where the community uses it."""


async def posts_of_week(
    session: AsyncSession, since: datetime, until: datetime, *, most: int
) -> tuple[list[Post], int]:
    """The posts for everybody of that time, the most useful and then the newest first, and how many there are."""
    conditions = (readable_by(NOBODY), Post.published_at > since, Post.published_at <= until)
    total = (await session.execute(select(func.count()).select_from(Post).where(*conditions))).scalar_one()
    entry = and_(SearchEntry.kind == SubjectKind.POST, SearchEntry.subject_id == Post.id)
    statement = (
        select(Post)
        .outerjoin(SearchEntry, entry)
        .where(*conditions)
        .order_by(func.coalesce(SearchEntry.useful, 0).desc(), Post.published_at.desc(), Post.id.desc())
        .limit(most)
    )
    return list((await session.execute(statement)).scalars()), total


async def events_ahead(session: AsyncSession, now: datetime, until: datetime, *, most: int) -> Sequence[CommunityEvent]:
    """The events that begin by ``until`` and were published by ``now``, the next one first."""
    statement = (
        select(CommunityEvent)
        .where(
            CommunityEvent.status == EventStatus.PUBLISHED,
            CommunityEvent.starts_at > now,
            CommunityEvent.starts_at <= until,
            or_(CommunityEvent.published_at.is_(None), CommunityEvent.published_at <= now),
        )
        .order_by(CommunityEvent.starts_at, CommunityEvent.id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def missions_open(
    session: AsyncSession, since: datetime, now: datetime, until: datetime, *, most: int
) -> Sequence[Mission]:
    """Missions for which one can apply, opened since then or with a deadline by ``until``; the nearest one first."""
    statement = (
        select(Mission)
        .where(
            Mission.status == MissionStatus.OPEN,
            Mission.deadline > now,
            or_(Mission.deadline <= until, and_(Mission.opened_at > since, Mission.opened_at <= now)),
        )
        .order_by(Mission.deadline, Mission.id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()


async def posted_weeks(session: AsyncSession, kind: str) -> list[int]:
    """The numbers of the weeks that stand in a channel, by the kind of their card."""
    found = await session.execute(select(CardCopy.card).where(CardCopy.card.startswith(f"{kind}:")).distinct())
    return sorted(int(card.partition(":")[2]) for card in found.scalars())


# For the staff


@dataclass(frozen=True, slots=True)
class Silent:
    """Delegates of a mission who have not answered a request to meet, and since when the oldest waits."""

    mission_id: int
    title: str
    people: int
    since: datetime


async def silent_delegates(
    session: AsyncSession, now: datetime, asked_before: datetime, *, lead_id: int | None
) -> list[Silent]:
    """Who was asked before that moment and has said nothing, by mission, the longest silence first.

    Args:
        session: any.
        now: meetings whose time is past no longer wait for an answer.
        asked_before: since when they are silent.
        lead_id: only missions of this lead and of nobody; ``None`` for all.
    """
    own: list[ColumnElement[bool]] = (
        [] if lead_id is None else [or_(Mission.lead_id == lead_id, Mission.lead_id.is_(None))]
    )
    oldest = func.min(Meeting.created_at, type_=Meeting.created_at.type)
    statement = (
        select(Mission.id, Mission.title, func.count(MeetingParty.person_id.distinct()), oldest)
        .join(Meeting, Meeting.mission_id == Mission.id)
        .join(MeetingParty, MeetingParty.meeting_id == Meeting.id)
        .outerjoin(Slot, Slot.id == Meeting.slot_id)
        .where(
            MeetingParty.answer == PartyAnswer.PENDING,
            Meeting.status.in_(LIVE_MEETINGS),
            Meeting.created_at <= asked_before,
            Mission.status != MissionStatus.CANCELLED,
            Mission.last_day >= now.date(),
            or_(Slot.starts_at.is_(None), Slot.starts_at > now),
            *own,
        )
        .group_by(Mission.id, Mission.title)
        .order_by(oldest, Mission.id)
    )
    return [Silent(*row) for row in await session.execute(statement)]


async def failed_deliveries(session: AsyncSession, since: datetime) -> dict[OutboxState, int]:
    """How many messages to people still here failed, or may not have arrived, since then."""
    statement = (
        select(OutboxMessage.state, func.count())
        .outerjoin(Person, Person.id == OutboxMessage.person_id)
        .where(
            OutboxMessage.state.in_([OutboxState.FAILED, OutboxState.UNCERTAIN]),
            OutboxMessage.finished_at > since,
            or_(Person.id.is_(None), Person.status != PersonStatus.ERASED),
        )
        .group_by(OutboxMessage.state)
    )
    return {state: number for state, number in await session.execute(statement)}  # noqa: C416 - a Result is not a dict


async def unanswered_questions(
    session: AsyncSession, reader_id: int, since: datetime, before: datetime, *, most: int
) -> tuple[list[Post], int]:
    """Questions of that time that nobody has answered and the reader may read, the oldest first; and how many."""
    conditions = (
        readable_by(reader_id),
        PostKind.key == QUESTION,
        Post.published_at > since,
        Post.published_at <= before,
        ~exists().where(PostAnswer.post_id == Post.id),
    )
    ids = select(Post.id).join(PostKind, PostKind.id == Post.kind_id).where(*conditions)
    total = (await session.execute(select(func.count()).select_from(ids.subquery()))).scalar_one()
    statement = select(Post).where(Post.id.in_(ids)).order_by(Post.published_at, Post.id).limit(most)
    return list((await session.execute(statement)).scalars()), total

"""What waits for a decision: of each kind the numbers and since when; all kinds together by age, with who has which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, delete, func, literal, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import (
    AnnouncementStatus,
    ApplicationStatus,
    EventStatus,
    MeetingStatus,
    MissionStatus,
    OutboxState,
    PersonStatus,
    PostStatus,
    RequestState,
)
from storage.models import (
    Announcement,
    AnnouncementPlan,
    Application,
    CommunityEvent,
    DecisionHold,
    Meeting,
    Mission,
    Organisation,
    OrganisationRequest,
    OutboxMessage,
    Person,
    PersonReport,
    Post,
)
from storage.queries.dialect import insert_ignoring, is_postgres
from storage.queries.post_authors import named_author

Found = Select[int, datetime]
NOBODYS = 0
"""Stands for "nobody has it" where a person's number is asked for."""


# Of each kind


def requests() -> Found:
    """People who ask to join."""
    return select(Person.id.label("subject_id"), Person.created_at.label("since")).where(
        Person.status == PersonStatus.WAITING
    )


def changes_of_organisation() -> Found:
    """Members who want to belong to another organisation."""
    return select(OrganisationRequest.id.label("subject_id"), OrganisationRequest.created_at.label("since")).where(
        OrganisationRequest.state == RequestState.WAITING
    )


def reports() -> Found:
    """What members have reported about a request to be introduced."""
    return select(PersonReport.id.label("subject_id"), PersonReport.at.label("since")).where(
        PersonReport.settled_at.is_(None)
    )


def posts() -> Found:
    """Posts to moderate."""
    return select(Post.id.label("subject_id"), Post.created_at.label("since")).where(Post.status == PostStatus.PENDING)


def posts_to_check() -> Found:
    """Posts that were published, or changed since, without a moderator's look."""
    since = func.coalesce(Post.edited_at, Post.published_at, Post.created_at, type_=Post.created_at.type)
    return select(Post.id.label("subject_id"), since.label("since")).where(
        Post.status == PostStatus.PUBLISHED, Post.to_check
    )


def proposed_events() -> Found:
    """Events that members propose."""
    return select(CommunityEvent.id.label("subject_id"), CommunityEvent.created_at.label("since")).where(
        CommunityEvent.status == EventStatus.PROPOSED
    )


def _own_missions(lead_id: int | None) -> list[ColumnElement[bool]]:
    return [] if lead_id is None else [or_(Mission.lead_id == lead_id, Mission.lead_id.is_(None))]


def applications(now: datetime, *, lead_id: int | None) -> Found:
    """Applications nobody has looked at, to missions not over; for a lead, of theirs and of those without one."""
    return (
        select(Application.id.label("subject_id"), Application.applied_at.label("since"))
        .join(Mission, Mission.id == Application.mission_id)
        .where(
            Application.status == ApplicationStatus.WAITING,
            Mission.status.in_([MissionStatus.OPEN, MissionStatus.CLOSED]),
            Mission.last_day >= now.date(),
            *_own_missions(lead_id),
        )
    )


def meetings_without_time(now: datetime, *, lead_id: int | None) -> Found:
    """Meetings for which no time was found, of missions not over."""
    return (
        select(Meeting.id.label("subject_id"), Meeting.created_at.label("since"))
        .join(Mission, Mission.id == Meeting.mission_id)
        .where(
            Meeting.status == MeetingStatus.PROPOSED,
            Mission.status.in_([MissionStatus.OPEN, MissionStatus.CLOSED]),
            Mission.last_day >= now.date(),
            *_own_missions(lead_id),
        )
    )


def announcements_to_approve(reader_id: int) -> Found:
    """Announcements that wait for a second person, who is neither their author nor who confirmed them."""
    return (
        select(
            Announcement.id.label("subject_id"),
            func.coalesce(AnnouncementPlan.asked_at, Announcement.created_at, type_=Announcement.created_at.type).label(
                "since"
            ),
        )
        .join(AnnouncementPlan, AnnouncementPlan.announcement_id == Announcement.id)
        .where(
            Announcement.status == AnnouncementStatus.APPROVAL,
            Announcement.author_id != reader_id,
            or_(AnnouncementPlan.asked_by_id.is_(None), AnnouncementPlan.asked_by_id != reader_id),
        )
    )


def uncertain_deliveries() -> Found:
    """Announcements of which nobody knows whether some recipients have them."""
    first = func.min(OutboxMessage.created_at, type_=OutboxMessage.created_at.type)
    number = cast("ColumnElement[int]", OutboxMessage.announcement_id)  # never empty, by the condition
    return (
        select(number.label("subject_id"), first.label("since"))
        .where(OutboxMessage.state == OutboxState.UNCERTAIN, OutboxMessage.announcement_id.is_not(None))
        .group_by(OutboxMessage.announcement_id)
    )


# All kinds


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """Something that waits, and who has it.

    Attributes:
        kind, subject_id: what it is.
        since: from when its age counts.
        holder_id: who has taken it; ``None`` when nobody has, or their day is over.
        holder: their name.
        taken_at: since when.
    """

    kind: str
    subject_id: int
    since: datetime
    holder_id: int | None = None
    holder: str = ""
    taken_at: datetime | None = None


def _all(kinds: Mapping[str, Found], *, held_after: datetime, holder_id: int | None) -> Select[Any]:
    parts = []
    for kind, found in kinds.items():
        one = found.subquery()
        parts.append(select(literal(kind).label("kind"), one.c.subject_id, one.c.since))
    union = union_all(*parts).subquery()
    joined = (
        select(
            union.c.kind, union.c.subject_id, union.c.since, DecisionHold.person_id, Person.name, DecisionHold.taken_at
        )
        .outerjoin(
            DecisionHold,
            and_(
                DecisionHold.kind == union.c.kind,
                DecisionHold.subject_id == union.c.subject_id,
                DecisionHold.taken_at > held_after,
            ),
        )
        .outerjoin(Person, Person.id == DecisionHold.person_id)
    )
    if holder_id is None:
        return joined
    mine = DecisionHold.person_id.is_(None) if holder_id == NOBODYS else DecisionHold.person_id == holder_id
    return joined.where(mine)


async def page(
    session: AsyncSession,
    kinds: Mapping[str, Found],
    *,
    held_after: datetime,
    holder_id: int | None = None,
    offset: int,
    most: int,
) -> list[WaitingItem]:
    """What waits, the longest waiting first.

    Args:
        session: any.
        kinds: how to find each kind, by its name; none finds nothing.
        held_after: who took something at this time or before has it no longer.
        holder_id: only what this person has; :data:`NOBODYS` for what nobody has.
        offset: how many are left out at the beginning.
        most: how many at once.
    """
    if not kinds:
        return []
    statement = _all(kinds, held_after=held_after, holder_id=holder_id)
    columns = list(statement.selected_columns)
    statement = statement.order_by(columns[2], columns[0], columns[1]).offset(offset).limit(most)
    return [
        WaitingItem(kind, subject, since, holder, name or "", taken)
        for kind, subject, since, holder, name, taken in await session.execute(statement)
    ]


async def count(
    session: AsyncSession,
    kinds: Mapping[str, Found],
    *,
    held_after: datetime,
    holder_id: int | None = None,
    before: datetime | None = None,
) -> dict[str, int]:
    """How many of each kind wait; with ``before`` only those that waited already then."""
    if not kinds:
        return {}
    found = _all(kinds, held_after=held_after, holder_id=holder_id).subquery()
    statement = select(found.c.kind, func.count()).group_by(found.c.kind)
    if before is not None:
        statement = statement.where(found.c.since <= before)
    return {kind: number for kind, number in await session.execute(statement)}  # noqa: C416 - a Result is not a dict


async def ages(session: AsyncSession, kinds: Mapping[str, Found]) -> dict[str, tuple[int, datetime]]:
    """Of each kind of which something waits, how many, and since when the one that has waited longest."""
    if not kinds:
        return {}
    parts = []
    for kind, found in kinds.items():
        one = found.subquery()
        parts.append(select(literal(kind).label("kind"), one.c.since))
    union = union_all(*parts).subquery()
    oldest = func.min(union.c.since, type_=union.c.since.type)
    statement = select(union.c.kind, func.count(), oldest).group_by(union.c.kind)
    return {kind: (number, since) for kind, number, since in await session.execute(statement)}


# Who has which


async def holder(session: AsyncSession, kind: str, subject_id: int, *, held_after: datetime) -> DecisionHold | None:
    """Who has it now."""
    statement = (
        select(DecisionHold)
        .where(DecisionHold.kind == kind, DecisionHold.subject_id == subject_id, DecisionHold.taken_at > held_after)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def take(
    session: AsyncSession,
    kind: str,
    subject_id: int,
    person_id: int,
    *,
    now: datetime,
    held_after: datetime,
    over: int | None = None,
    given_by: int | None = None,
) -> bool:
    """Note that somebody takes care of it; false when another has it. Of two at once the first has it.

    Args:
        session: in a writing transaction.
        kind: of what sort.
        subject_id: which.
        person_id: who.
        now: the present.
        held_after: who took it at this time or before has it no longer.
        over: it may be taken over from this person: who hands it on.
        given_by: who handed it on.
    """
    row = {"kind": kind, "subject_id": subject_id, "person_id": person_id, "taken_at": now, "given_by": given_by}
    insert = insert_ignoring(DecisionHold, ("kind", "subject_id"), postgres=is_postgres(session))
    new = await session.execute(insert.returning(DecisionHold.person_id), [row])
    if new.scalar_one_or_none() is not None:
        return True
    free: list[ColumnElement[bool]] = [DecisionHold.taken_at <= held_after, DecisionHold.person_id == person_id]
    if over is not None:
        free.append(DecisionHold.person_id == over)
    changed = await session.execute(
        update(DecisionHold)
        .where(DecisionHold.kind == kind, DecisionHold.subject_id == subject_id, or_(*free))
        .values(person_id=person_id, taken_at=now, given_by=given_by)
        .returning(DecisionHold.person_id)
        .execution_options(synchronize_session=False)
    )
    return changed.scalar_one_or_none() is not None


async def put_back(session: AsyncSession, kind: str, subject_id: int, person_id: int) -> bool:
    """Somebody no longer takes care of it; false when they did not."""
    gone = await session.execute(
        delete(DecisionHold)
        .where(DecisionHold.kind == kind, DecisionHold.subject_id == subject_id, DecisionHold.person_id == person_id)
        .returning(DecisionHold.person_id)
        .execution_options(synchronize_session=False)
    )
    return gone.scalar_one_or_none() is not None


async def release(session: AsyncSession, held_before: datetime) -> int:
    """Forget who took something at this time or before; returns how many."""
    gone = await session.execute(
        delete(DecisionHold)
        .where(DecisionHold.taken_at <= held_before)
        .returning(DecisionHold.subject_id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.scalars().all())


async def known_keys(session: AsyncSession, keys: Sequence[str]) -> set[str]:
    """Those of these dedup keys that something in the outbox has or had."""
    rows = await session.execute(select(OutboxMessage.dedup_key).where(OutboxMessage.dedup_key.in_(keys)))
    return {key for key in rows.scalars() if key is not None}


# A line each


async def names_of_people(session: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    """People's names."""
    rows = await session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {person: name for person, name in rows}  # noqa: C416 - a Result is not a dict


async def titles_of_posts(session: AsyncSession, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Posts: number, title, author; empty for a blind one."""
    rows = await session.execute(
        select(Post.id, Post.title, func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == named_author())
        .where(Post.id.in_(ids))
    )
    return [(number, first, second) for number, first, second in rows]


async def titles_of_events(session: AsyncSession, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Events: number, title, who proposes it."""
    rows = await session.execute(
        select(CommunityEvent.id, CommunityEvent.title, func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == CommunityEvent.organiser_id)
        .where(CommunityEvent.id.in_(ids))
    )
    return [(number, first, second) for number, first, second in rows]


async def titles_of_applications(session: AsyncSession, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Applications: number, applicant, mission."""
    rows = await session.execute(
        select(Application.id, Person.name, Mission.title)
        .join(Person, Person.id == Application.person_id)
        .join(Mission, Mission.id == Application.mission_id)
        .where(Application.id.in_(ids))
    )
    return [(number, first, second) for number, first, second in rows]


async def titles_of_meetings(session: AsyncSession, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Meetings: number, topic, mission."""
    rows = await session.execute(
        select(Meeting.id, Meeting.topic, Mission.title)
        .join(Mission, Mission.id == Meeting.mission_id)
        .where(Meeting.id.in_(ids))
    )
    return [(number, first, second) for number, first, second in rows]


async def announcements_named(session: AsyncSession, ids: Sequence[int]) -> Sequence[Announcement]:
    """Announcements with their titles in both languages."""
    return (await session.execute(select(Announcement).where(Announcement.id.in_(ids)))).scalars().all()


async def movers(session: AsyncSession, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Changes of organisation: number, who, where to (empty where they have not said)."""
    rows = await session.execute(
        select(OrganisationRequest.id, Person.name, func.coalesce(Organisation.name, OrganisationRequest.claim))
        .join(Person, Person.id == OrganisationRequest.person_id)
        .outerjoin(Organisation, Organisation.id == OrganisationRequest.organisation_id)
        .where(OrganisationRequest.id.in_(ids))
    )
    return [(number, name, house) for number, name, house in rows]


async def reported(session: AsyncSession, ids: Sequence[int]) -> list[tuple[int, str]]:
    """Reports: number, about whom."""
    rows = await session.execute(
        select(PersonReport.id, Person.name)
        .join(Person, Person.id == PersonReport.about_person_id)
        .where(PersonReport.id.in_(ids))
    )
    return [(number, name) for number, name in rows]

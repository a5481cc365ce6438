"""Announcements themselves: drafts and others, plans, batches, who acknowledged, and the end of the trial."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import (
    PARTICIPANTS,
    AnnouncementStatus,
    OutboxState,
    RunPurpose,
)
from storage.models import (
    Acknowledgement,
    Announcement,
    AnnouncementPlan,
    AnnouncementRun,
    CommunityEvent,
    Milestone,
    OutboxMessage,
    Person,
    Topic,
)
from storage.queries.dialect import insert_new
from storage.queries.fan_out import has_copy_to

TRIAL_ENDED = "trial.ended"
"""The milestone after which announcements go to everybody whom they mean."""
UNSENT = (AnnouncementStatus.DRAFT, AnnouncementStatus.APPROVAL, AnnouncementStatus.PLANNED)


async def in_trial(session: AsyncSession) -> bool:
    """Whether the installation is still being tried out."""
    return await session.get(Milestone, TRIAL_ENDED) is None


async def end_trial(session: AsyncSession, person_id: int | None, now: datetime) -> bool:
    """End the trial for good. False when it was over."""
    row = {"name": TRIAL_ENDED, "at": now, "by_person_id": person_id}
    if not await in_trial(session):
        return False
    await insert_new(session, Milestone, [row], unique=["name"], key=None)
    return True


# Lists


def _all(*, unsent: bool) -> Select[Announcement]:
    waits = Announcement.status.in_(UNSENT)
    return select(Announcement).where(waits if unsent else ~waits)


async def count_announcements(session: AsyncSession, *, unsent: bool) -> int:
    """How many wait to be sent, or how many have begun."""
    return (await session.execute(select(func.count()).select_from(_all(unsent=unsent).subquery()))).scalar_one()


async def announcements(session: AsyncSession, *, unsent: bool, offset: int = 0, most: int) -> Sequence[Announcement]:
    """Those that wait to be sent, or the others, the newest first."""
    statement = _all(unsent=unsent).order_by(Announcement.id.desc()).offset(offset).limit(most)
    return (await session.execute(statement)).scalars().all()


async def unfinished(session: AsyncSession) -> Sequence[Announcement]:
    """Begun, and not yet settled for every recipient, as far as the row says."""
    statement = (
        select(Announcement)
        .where(Announcement.status.not_in(UNSENT),
               Announcement.finished_at.is_(None))
        .order_by(Announcement.id)
    )  # fmt: skip
    return (await session.execute(statement)).scalars().all()


# Plans


async def plan_of(session: AsyncSession, announcement_id: int) -> AnnouncementPlan:
    """An announcement's plan; a new one, for at once, where there is none."""
    row = await session.get(AnnouncementPlan, announcement_id)
    if row is None:
        row = AnnouncementPlan(
            announcement_id=announcement_id, send_wall="", send_zone="", event_minutes=0, any_time=False,
            asked_for=0, approved_for=0,
        )  # fmt: skip
        session.add(row)
    return row


async def planned(session: AsyncSession) -> Sequence[tuple[Announcement, AnnouncementPlan, CommunityEvent | None]]:
    """Every announcement that waits for its moment, with the event that it goes by."""
    statement = (
        select(Announcement, AnnouncementPlan, CommunityEvent)
        .join(AnnouncementPlan, AnnouncementPlan.announcement_id == Announcement.id)
        .outerjoin(CommunityEvent, CommunityEvent.id == AnnouncementPlan.event_id)
        .where(Announcement.status == AnnouncementStatus.PLANNED)
        .order_by(AnnouncementPlan.send_at, Announcement.id)
    )
    return [(one, plan, event) for one, plan, event in await session.execute(statement)]


# Batches


async def begin_run(
    session: AsyncSession, announcement_id: int, purpose: RunPurpose, *, number: int = 0, now: datetime
) -> AnnouncementRun:
    """Begin to queue for many people; the same one again does nothing."""
    statement = select(AnnouncementRun).where(
        AnnouncementRun.announcement_id == announcement_id,
        AnnouncementRun.purpose == purpose,
        AnnouncementRun.number == number,
    )
    row = (await session.execute(statement)).scalar_one_or_none()
    if row is None:
        row = AnnouncementRun(
            announcement_id=announcement_id, purpose=purpose, number=number, cursor=0, queued=0, skipped=0,
            started_at=now,
        )  # fmt: skip
        session.add(row)
        await session.flush()
    return row


async def open_runs(session: AsyncSession) -> list[int]:
    """The batches that are not through, the oldest first."""
    statement = select(AnnouncementRun.id).where(AnnouncementRun.finished_at.is_(None)).order_by(AnnouncementRun.id)
    return list((await session.execute(statement)).scalars())


async def run_of(session: AsyncSession, announcement_id: int, purpose: RunPurpose) -> AnnouncementRun | None:
    """The latest run of an announcement for a purpose."""
    statement = (
        select(AnnouncementRun)
        .where(AnnouncementRun.announcement_id == announcement_id, AnnouncementRun.purpose == purpose)
        .order_by(AnnouncementRun.number.desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def is_queueing(session: AsyncSession, announcement_id: int) -> bool:
    """Whether some of its recipients are not queued yet."""
    statement = (
        select(AnnouncementRun.id)
        .where(
            AnnouncementRun.announcement_id == announcement_id,
            AnnouncementRun.purpose == RunPurpose.SEND,
            AnnouncementRun.finished_at.is_(None),
        )
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None


# Those who confirm that they have read it


async def acknowledge(session: AsyncSession, announcement_id: int, person_id: int, version: int, now: datetime) -> bool:
    """Note that somebody has read it. False when they had said so before."""
    before = await session.get(Acknowledgement, (announcement_id, person_id))
    row = {"announcement_id": announcement_id, "person_id": person_id, "version": version, "at": now}
    await insert_new(session, Acknowledgement, [row], unique=["announcement_id", "person_id"], key=None)
    return before is None


async def acknowledged(session: AsyncSession, announcement_id: int, person_id: int) -> bool:
    """Whether somebody has confirmed it."""
    return await session.get(Acknowledgement, (announcement_id, person_id)) is not None


def tapped(announcement_id: int) -> ColumnElement[bool]:
    """That a person has confirmed it."""
    return exists().where(Acknowledgement.announcement_id == announcement_id, Acknowledgement.person_id == Person.id)


def tapped_before(announcement_id: int, version: int) -> ColumnElement[bool]:
    """That a person has confirmed an earlier version of it."""
    return exists().where(
        Acknowledgement.announcement_id == announcement_id,
        Acknowledgement.person_id == Person.id,
        Acknowledgement.version < version,
    )


def to_be_chased(announcement_id: int) -> list[ColumnElement[bool]]:
    """The people who have it and have not confirmed it."""
    return [Person.status.in_(PARTICIPANTS), has_copy_to(announcement_id), ~tapped(announcement_id)]


async def count_people(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> int:
    """How many people meet the conditions."""
    return (await session.execute(select(func.count()).select_from(Person).where(*conditions))).scalar_one()


async def names_of(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], *, offset: int, most: int
) -> list[str]:
    """The names of those who meet the conditions, a page of them."""
    statement = select(Person.name).where(*conditions).order_by(Person.name, Person.id).offset(offset).limit(most)
    return list((await session.execute(statement)).scalars())


async def to_chase_by_itself(session: AsyncSession, now: datetime) -> list[int]:
    """Announcements whose readers are to be reminded by now, and have not been by the bot itself."""
    statement = (
        select(Announcement.id, Announcement.started_at, Announcement.chase_hours)
        .where(
            Announcement.status.in_([AnnouncementStatus.SENDING, AnnouncementStatus.DONE]),
            Announcement.asks_ack,
            Announcement.chase_hours > 0,
            Announcement.chases == 0,
            Announcement.started_at.is_not(None),
        )
        .order_by(Announcement.id)
    )
    return [
        one
        for one, started, hours in await session.execute(statement)
        if started is not None and started + timedelta(hours=hours) <= now
    ]


# Those who join later


async def still_welcoming(session: AsyncSession, now: datetime) -> Sequence[Announcement]:
    """Announcements that those who join now still get."""
    statement = (
        select(Announcement)
        .where(
            Announcement.status.in_([AnnouncementStatus.SENDING, AnnouncementStatus.DONE]),
            Announcement.joins_until > now,
            ~Announcement.trial,
        )
        .order_by(Announcement.id)
    )
    return (await session.execute(statement)).scalars().all()


def joined_since(announcement_id: int, started_at: datetime, until: datetime) -> list[ColumnElement[bool]]:
    """People who joined after an announcement began, until a moment, and are no recipients of it."""
    return [
        Person.joined_at > started_at,
        Person.joined_at <= until,
        ~exists().where(OutboxMessage.announcement_id == announcement_id, OutboxMessage.person_id == Person.id),
    ]


# Topics


async def topic_names(session: AsyncSession, keys: Sequence[str]) -> dict[str, Topic]:
    """Topics by key."""
    found = await session.execute(select(Topic).where(Topic.key.in_(list(keys))))
    return {row.key: row for row in found.scalars()}


# How much people get


async def fatigue(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], *, since: datetime
) -> tuple[int, int]:
    """How many announcements these people have had since then, together, and the most that one of them had."""
    had = (
        select(func.count().label("number"))
        .select_from(OutboxMessage)
        .join(Person, Person.id == OutboxMessage.person_id)
        .where(
            OutboxMessage.announcement_id.is_not(None),
            OutboxMessage.state == OutboxState.SENT,
            OutboxMessage.finished_at > since,
            *conditions,
        )
        .group_by(OutboxMessage.person_id)
        .subquery()
    )
    total, most = (await session.execute(select(func.sum(had.c.number), func.max(had.c.number)))).one()
    return int(total or 0), int(most or 0)

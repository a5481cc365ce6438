"""Announcements: whom a segment means, what became of each recipient, and holding back what is not yet sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.audience import Facet, Group, Mark, Segment
from storage.enums import (
    PARTICIPANTS,
    AnnouncementStatus,
    Answer,
    ApplicationStatus,
    ConsentPurpose,
    EventStatus,
    Locale,
    MissionStatus,
    OrganisationCategory,
    OutboxState,
    PersonStatus,
    Platform,
    Role,
)
from storage.models import (
    Account,
    Announcement,
    Application,
    CommunityEvent,
    Consent,
    EventAnswer,
    Mission,
    Organisation,
    OutboxMessage,
    Person,
    PersonRole,
    PersonSector,
    Sector,
)

INVOLVED = (Answer.GOING, Answer.MAYBE, Answer.WAITING)
"""The answers of an event's people."""
STAFF_ROLES = (Role.OWNER, Role.STAFF)
NOT_SENT = (OutboxState.QUEUED, OutboxState.HELD, OutboxState.SENDING)
"""Not settled yet."""
NOT_REACHED = (OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.EXPIRED, OutboxState.CANCELLED)
"""Settled without having surely arrived."""
CHOSEN_SINCE = timedelta(days=180)
"""How long after its end an event or a mission can still be chosen for an audience."""


# Whom a segment means


def _ids(values: Sequence[str]) -> list[int]:
    return [int(value) for value in values]


def _reachable() -> ColumnElement[bool]:
    return exists().where(Account.person_id == Person.id, Account.reachable)


def _allows_news() -> ColumnElement[bool]:
    latest = (
        select(Consent.given)
        .where(Consent.person_id == Person.id, Consent.purpose == ConsentPurpose.NEWS)
        .order_by(Consent.id.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    return latest.is_(True)


def _written_to_on(platforms: Sequence[Platform]) -> ColumnElement[bool]:
    """Whose reachable account where they acted last is on one of the platforms: that is where notices go."""
    later = aliased(Account)
    newer = exists().where(
        later.person_id == Account.person_id,
        later.reachable,
        or_(
            later.last_acted_at > Account.last_acted_at,
            and_(later.last_acted_at == Account.last_acted_at, later.id > Account.id),
        ),
    )
    return exists().where(Account.person_id == Person.id, Account.reachable, Account.platform.in_(platforms), ~newer)


def _in_group(group: Group) -> ColumnElement[bool]:
    match group:
        case Group.MEMBERS:
            return Person.status == PersonStatus.MEMBER
        case Group.GUESTS:
            return Person.status == PersonStatus.GUEST
        case Group.DELEGATES:
            return exists().where(
                Application.person_id == Person.id,
                Application.status == ApplicationStatus.ACCEPTED,
                Mission.id == Application.mission_id,
                Mission.status != MissionStatus.CANCELLED,
            )
        case Group.STAFF:
            return exists().where(PersonRole.person_id == Person.id, PersonRole.role.in_(STAFF_ROLES))


def _has(facet: Facet, values: Sequence[str]) -> ColumnElement[bool]:
    """That a person has one of the values. Never NULL, so that it can be negated."""
    match facet:
        case Facet.SECTOR:
            return exists().where(PersonSector.person_id == Person.id, PersonSector.sector_id.in_(_ids(values)))
        case Facet.GROUP:
            return or_(*(_in_group(Group(value)) for value in values))
        case Facet.CATEGORY:
            wanted = [OrganisationCategory(value) for value in values]
            return exists().where(Organisation.id == Person.organisation_id, Organisation.category.in_(wanted))
        case Facet.LANGUAGE:
            return Person.locale.in_([Locale(value) for value in values])
        case Facet.PLATFORM:
            return _written_to_on([Platform(value) for value in values])
        case Facet.EVENT:
            return exists().where(
                EventAnswer.person_id == Person.id,
                EventAnswer.event_id.in_(_ids(values)),
                EventAnswer.answer.in_(INVOLVED),
            )
        case Facet.MISSION:
            return exists().where(
                Application.person_id == Person.id,
                Application.mission_id.in_(_ids(values)),
                Application.status == ApplicationStatus.ACCEPTED,
            )


def audience(segment: Segment, *, promotional: bool) -> list[ColumnElement[bool]]:
    """The conditions on ``Person`` under which somebody belongs to a segment, reachable or not."""
    conditions: list[ColumnElement[bool]] = [Person.status.in_(PARTICIPANTS)]
    if promotional:
        conditions.append(_allows_news())
    for facet in Facet:
        if wanted := segment.values(facet, Mark.IN):
            conditions.append(_has(facet, wanted))
        if unwanted := segment.values(facet, Mark.OUT):
            conditions.append(~_has(facet, unwanted))
    return conditions


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people a segment means.

    Attributes:
        by_locale: those who can be reached, by the language that they read.
        unreachable: those without an account that can be written to.
    """

    by_locale: dict[Locale, int] = field(default_factory=dict)
    unreachable: int = 0

    @property
    def people(self) -> int:
        """How many can be reached; each person counts once, however many accounts they have."""
        return sum(self.by_locale.values())


async def reach(session: AsyncSession, segment: Segment, *, promotional: bool) -> Reach:
    """Count a segment's people, in one select."""
    can = _reachable()
    statement = (
        select(Person.locale, can.label("can"), func.count())
        .where(*audience(segment, promotional=promotional))
        .group_by(Person.locale, "can")
    )
    by_locale: dict[Locale, int] = {}
    unreachable = 0
    for locale, reachable, number in await session.execute(statement):
        if reachable:
            by_locale[Locale(locale)] = number
        else:
            unreachable += number
    return Reach(by_locale, unreachable)


async def recipients(session: AsyncSession, segment: Segment, *, promotional: bool) -> list[int]:
    """The segment's people who can be reached, by id."""
    statement = select(Person.id).where(*audience(segment, promotional=promotional), _reachable()).order_by(Person.id)
    return list((await session.execute(statement)).scalars())


async def meant_for(session: AsyncSession, announcement: Announcement, people: Sequence[int]) -> set[int]:
    """Which of these people belong to the announcement's audience now."""
    segment = Segment.from_json(announcement.audience)
    statement = select(Person.id).where(
        *audience(segment, promotional=announcement.promotional), Person.id.in_(list(people))
    )
    return set((await session.execute(statement)).scalars())


async def was_sent_to(session: AsyncSession, announcement_id: int, person_id: int) -> bool:
    """Whether the person is, or was, one of its recipients."""
    statement = (
        select(OutboxMessage.id)
        .where(OutboxMessage.announcement_id == announcement_id, OutboxMessage.person_id == person_id)
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None


# What a segment can be made of


async def sectors(session: AsyncSession) -> Sequence[Sector]:
    """The sectors in use, in the cluster's order."""
    return (
        (await session.execute(select(Sector).where(Sector.active).order_by(Sector.position, Sector.id)))
        .scalars()
        .all()
    )


async def events(session: AsyncSession, now: datetime) -> Sequence[CommunityEvent]:
    """Events whose people can be chosen, the latest first."""
    statement = (
        select(CommunityEvent)
        .where(
            CommunityEvent.status.in_([EventStatus.PUBLISHED, EventStatus.CANCELLED]),
            CommunityEvent.ends_at > now - CHOSEN_SINCE,
        )
        .order_by(CommunityEvent.starts_at.desc(), CommunityEvent.id)
    )
    return (await session.execute(statement)).scalars().all()


async def missions(session: AsyncSession, now: datetime) -> Sequence[Mission]:
    """Missions whose delegates can be chosen, the latest first."""
    statement = (
        select(Mission)
        .where(Mission.status != MissionStatus.DRAFT, Mission.last_day > (now - CHOSEN_SINCE).date())
        .order_by(Mission.first_day.desc(), Mission.id)
    )
    return (await session.execute(statement)).scalars().all()


async def titles(session: AsyncSession, model: Any, ids: Sequence[int]) -> dict[int, Any]:
    """Rows of a model by id, for naming what a segment chose; those that are gone are missing."""
    found = await session.execute(select(model).where(model.id.in_(list(ids))))
    return {row.id: row for row in found.scalars()}


# Announcements


def _all(*, drafts: bool) -> Select[Announcement]:
    draft = Announcement.status == AnnouncementStatus.DRAFT
    return select(Announcement).where(draft if drafts else ~draft)


async def count_announcements(session: AsyncSession, *, drafts: bool) -> int:
    """How many drafts, or how many others."""
    return (await session.execute(select(func.count()).select_from(_all(drafts=drafts).subquery()))).scalar_one()


async def announcements(session: AsyncSession, *, drafts: bool, offset: int = 0, most: int) -> Sequence[Announcement]:
    """Drafts or others, the newest first."""
    statement = _all(drafts=drafts).order_by(Announcement.id.desc()).offset(offset).limit(most)
    return (await session.execute(statement)).scalars().all()


async def unfinished(session: AsyncSession) -> Sequence[Announcement]:
    """Begun, and not yet settled for every recipient, as far as the row says."""
    statement = (
        select(Announcement)
        .where(Announcement.status != AnnouncementStatus.DRAFT, Announcement.finished_at.is_(None))
        .order_by(Announcement.id)
    )
    return (await session.execute(statement)).scalars().all()


# What became of the recipients


async def counts(session: AsyncSession, announcement_id: int) -> dict[OutboxState, int]:
    """How many recipients there are in each state."""
    found = await session.execute(
        select(OutboxMessage.state, func.count())
        .where(OutboxMessage.announcement_id == announcement_id)
        .group_by(OutboxMessage.state)
    )
    return {OutboxState(state): number for state, number in found}


@dataclass(frozen=True, slots=True)
class Pace:
    """How many were settled in a stretch of time, for an estimate of what is left."""

    settled: int
    first: datetime | None = None
    last: datetime | None = None


async def pace(session: AsyncSession, announcement_id: int, *, since: datetime) -> Pace:
    """How fast recipients were settled since then."""
    found = await session.execute(
        select(func.count(), func.min(OutboxMessage.finished_at), func.max(OutboxMessage.finished_at)).where(
            OutboxMessage.announcement_id == announcement_id, OutboxMessage.finished_at >= since
        )
    )
    return Pace(*found.one())


async def latest_results(
    session: AsyncSession, announcement_id: int, *, since: datetime, most: int
) -> list[OutboxState]:
    """Whether the last attempts arrived or failed for good, the latest first."""
    statement = (
        select(OutboxMessage.state)
        .where(
            OutboxMessage.announcement_id == announcement_id,
            OutboxMessage.state.in_([OutboxState.SENT, OutboxState.FAILED]),
            OutboxMessage.finished_at >= since,
        )
        .order_by(OutboxMessage.finished_at.desc(), OutboxMessage.id.desc())
        .limit(most)
    )
    return [OutboxState(state) for state in (await session.execute(statement)).scalars()]


@dataclass(frozen=True, slots=True)
class NotReached:
    """A recipient whom it did not surely reach; ``name`` is empty when they were erased since."""

    name: str
    platform: Platform
    state: OutboxState
    failure: str


async def not_reached(session: AsyncSession, announcement_id: int, *, offset: int, most: int) -> list[NotReached]:
    """Those whom it did not surely reach, by name."""
    statement = (
        select(func.coalesce(Person.name, ""), OutboxMessage.platform, OutboxMessage.state, OutboxMessage.failure)
        .outerjoin(Person, Person.id == OutboxMessage.person_id)
        .where(OutboxMessage.announcement_id == announcement_id, OutboxMessage.state.in_(NOT_REACHED))
        .order_by(OutboxMessage.state, Person.name, OutboxMessage.id)
        .offset(offset)
        .limit(most)
    )
    return [NotReached(*row) for row in await session.execute(statement)]


def _failed_but_reachable(announcement_id: int) -> list[ColumnElement[bool]]:
    return [
        OutboxMessage.announcement_id == announcement_id,
        OutboxMessage.state == OutboxState.FAILED,
        exists().where(Account.person_id == OutboxMessage.person_id, Account.reachable),
    ]


async def count_worth_retrying(session: AsyncSession, announcement_id: int) -> int:
    """How many failed whom some address reaches now."""
    return (
        await session.execute(
            select(func.count()).select_from(OutboxMessage).where(*_failed_but_reachable(announcement_id))
        )
    ).scalar_one()


# Holding back, letting go, sending again


async def _move(session: AsyncSession, *conditions: ColumnElement[bool], **values: object) -> int:
    result = await session.execute(
        update(OutboxMessage)
        .where(*conditions)
        .values(**values)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(result.scalars().all())


async def hold(session: AsyncSession, announcement_id: int) -> int:
    """Take what waits out of the sender's sight. Returns how many; those already on their way still go."""
    return await _move(
        session,
        OutboxMessage.announcement_id == announcement_id,
        OutboxMessage.state == OutboxState.QUEUED,
        state=OutboxState.HELD,
    )


async def release(session: AsyncSession, announcement_id: int, *, now: datetime) -> int:
    """Queue what was held back. Returns how many."""
    return await _move(
        session,
        OutboxMessage.announcement_id == announcement_id,
        OutboxMessage.state == OutboxState.HELD,
        state=OutboxState.QUEUED,
        due_at=now,
    )


async def cancel_waiting(session: AsyncSession, announcement_id: int, *, now: datetime) -> int:
    """Never send what still waits. Returns how many."""
    return await _move(
        session,
        OutboxMessage.announcement_id == announcement_id,
        OutboxMessage.state.in_([OutboxState.QUEUED, OutboxState.HELD]),
        state=OutboxState.CANCELLED,
        finished_at=now,
    )


def _afresh(now: datetime) -> dict[str, Any]:
    return {
        "state": OutboxState.QUEUED,
        "due_at": now,
        "finished_at": None,
        "attempts": 0,
        "claim": "",
        "failure": "",
    }


async def requeue_uncertain(session: AsyncSession, announcement_id: int, *, now: datetime) -> int:
    """Send to those of whom nobody knows whether it arrived. Returns how many."""
    return await _move(
        session,
        OutboxMessage.announcement_id == announcement_id,
        OutboxMessage.state == OutboxState.UNCERTAIN,
        **_afresh(now),
    )


async def requeue_failed(session: AsyncSession, announcement_id: int, *, now: datetime) -> int:
    """Try again where it failed, at the address that reaches the person now. Returns how many."""
    rows = await session.execute(
        select(OutboxMessage.id, OutboxMessage.person_id).where(*_failed_but_reachable(announcement_id))
    )
    by_person = {person: row for row, person in rows if person is not None}
    accounts: dict[int, Account] = {}
    people = list(by_person)
    for start in range(0, len(people), 500):
        found = await session.execute(
            select(Account)
            .where(Account.person_id.in_(people[start : start + 500]), Account.reachable)
            .order_by(Account.last_acted_at, Account.id)
        )
        accounts |= {account.person_id: account for account in found.scalars()}
    moved = 0
    for person, account in accounts.items():
        moved += await _move(
            session,
            OutboxMessage.id == by_person[person],
            OutboxMessage.state == OutboxState.FAILED,
            platform=account.platform,
            account=account.account,
            chat=account.chat,
            thread="",
            **_afresh(now),
        )
    return moved


async def reachable_accounts(session: AsyncSession, person_id: int) -> Sequence[Account]:
    """Everywhere a person can be written to."""
    statement = select(Account).where(Account.person_id == person_id, Account.reachable).order_by(Account.id)
    return (await session.execute(statement)).scalars().all()


async def lately_queued(session: AsyncSession, prefix: str, *, since: datetime) -> bool:
    """Whether something with such a dedup key was queued since then. ``prefix`` holds no ``%`` or ``_``."""
    statement = (
        select(OutboxMessage.id)
        .where(OutboxMessage.dedup_key.like(f"{prefix}%"), OutboxMessage.created_at > since)
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None

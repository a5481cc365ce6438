"""Whom an announcement means: a segment as conditions on people, counted with reasons, and listed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.audience import EventPart, Facet, Group, Mark, Match, MissionPart, Segment, part_of, subject_of
from storage.enums import (
    PARTICIPANTS,
    Answer,
    ApplicationStatus,
    ChannelPost,
    ConsentPurpose,
    EventStatus,
    Locale,
    MissionStatus,
    OrganisationCategory,
    PersonStatus,
    Platform,
    Role,
    TopicLevel,
)
from storage.models import (
    Account,
    Announcement,
    Application,
    ChannelMember,
    CommunityEvent,
    Consent,
    EventAnswer,
    Mission,
    Organisation,
    Person,
    PersonRole,
    PersonSector,
    PersonTopic,
    Sector,
    Topic,
)

INVOLVED = (Answer.GOING, Answer.MAYBE, Answer.WAITING)
"""The answers of an event's people."""
STAFF_ROLES = (Role.OWNER, Role.STAFF)
CHOSEN_SINCE = timedelta(days=180)
"""How long after its end an event or a mission can still be chosen for an audience."""
NOT_AT_ONCE = (TopicLevel.DIGEST, TopicLevel.MUTED)
"""The levels at which a topic's promotional news is not sent by itself."""
APPLICANTS = (ApplicationStatus.WAITING, ApplicationStatus.ACCEPTED, ApplicationStatus.RESERVE,
              ApplicationStatus.DECLINED)  # fmt: skip
"""Everybody who applied and has not withdrawn."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom an announcement is for.

    Attributes:
        segment: who was chosen.
        promotional: only those who allow news, and who have not turned its topic down.
        topic: the topic's key; empty for none.
        trial: the staff, whoever was chosen.
        spares_channel: those who read the community's channel are left out.
    """

    segment: Segment = field(default_factory=Segment)
    promotional: bool = False
    topic: str = ""
    trial: bool = False
    spares_channel: bool = False

    @classmethod
    def of(cls, row: Announcement, *, trial: bool | None = None) -> "Target":
        """An announcement's; ``trial`` for one that has not been sent, since the row knows it only then."""
        return cls(
            Segment.from_json(row.audience),
            row.promotional,
            row.topic or "",
            bool(row.trial) if trial is None else trial,
            row.channel is ChannelPost.INSTEAD,
        )

    def for_everybody(self) -> "Target":
        """The same once the trial is over."""
        return replace(self, trial=False)


def reachable() -> ColumnElement[bool]:
    """That a person can be written to somewhere."""
    return exists().where(Account.person_id == Person.id, Account.reachable)


def is_latest(account: type[Account] = Account) -> ColumnElement[bool]:
    """That this is where notices to a person go: their preferred platform, or where they acted last of all.

    Only reachable accounts count; the statement must name ``Person``.
    """
    other = aliased(Account)
    preferred, others = (func.coalesce(one.platform == Person.channel, False) for one in (account, other))
    later = or_(
        other.last_acted_at > account.last_acted_at,
        and_(other.last_acted_at == account.last_acted_at, other.id > account.id),
    )
    better = or_(and_(others, ~preferred), and_(others == preferred, later))
    return ~exists().where(other.person_id == account.person_id, other.reachable, better).correlate(account, Person)


def _allows_news() -> ColumnElement[bool]:
    latest = (
        select(Consent.given)
        .where(Consent.person_id == Person.id, Consent.purpose == ConsentPurpose.NEWS)
        .order_by(Consent.id.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    return func.coalesce(latest, False).is_(True)


def _turned_down(topic: str, levels: Collection[TopicLevel]) -> ColumnElement[bool]:
    return exists().where(
        PersonTopic.person_id == Person.id, PersonTopic.topic == topic, PersonTopic.level.in_(list(levels))
    )


def _reads_channel() -> ColumnElement[bool]:
    return exists().where(
        Account.person_id == Person.id,
        ChannelMember.platform == Account.platform,
        ChannelMember.account == Account.account,
        ChannelMember.user == Account.user,
        ChannelMember.present,
    )


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


ANSWERS: dict[str, tuple[Answer, ...]] = {"": INVOLVED, **{part.value: (Answer(part.value),) for part in EventPart}}
APPLICATIONS: dict[str, tuple[ApplicationStatus, ...]] = {
    "": (ApplicationStatus.ACCEPTED,),
    MissionPart.APPLIED: APPLICANTS,
    MissionPart.WAITING: (ApplicationStatus.WAITING,),
    MissionPart.RESERVE: (ApplicationStatus.RESERVE,),
    MissionPart.DECLINED: (ApplicationStatus.DECLINED,),
}


def _answered(value: str) -> ColumnElement[bool]:
    return exists().where(
        EventAnswer.person_id == Person.id,
        EventAnswer.event_id == subject_of(value),
        EventAnswer.answer.in_(ANSWERS[part_of(value)]),
    )


def _applied(value: str) -> ColumnElement[bool]:
    return exists().where(
        Application.person_id == Person.id,
        Application.mission_id == subject_of(value),
        Application.status.in_(APPLICATIONS[part_of(value)]),
    )


def _has(facet: Facet, values: Sequence[str]) -> ColumnElement[bool]:
    """That a person has one of the values. Never NULL, so that it can be negated."""
    match facet:
        case Facet.SECTOR:
            ids = [int(value) for value in values]
            return exists().where(PersonSector.person_id == Person.id, PersonSector.sector_id.in_(ids))
        case Facet.GROUP:
            return or_(*(_in_group(Group(value)) for value in values))
        case Facet.CATEGORY:
            wanted = [OrganisationCategory(value) for value in values]
            return exists().where(Organisation.id == Person.organisation_id, Organisation.category.in_(wanted))
        case Facet.LANGUAGE:
            return Person.locale.in_([Locale(value) for value in values])
        case Facet.PLATFORM:
            platforms = [Platform(value) for value in values]
            return exists().where(
                Account.person_id == Person.id, Account.reachable, Account.platform.in_(platforms), is_latest()
            )
        case Facet.EVENT:
            return or_(*(_answered(value) for value in values))
        case Facet.MISSION:
            return or_(*(_applied(value) for value in values))
        case Facet.TOPIC:
            return or_(*(~_turned_down(value, NOT_AT_ONCE) for value in values))


def _chosen(segment: Segment) -> list[ColumnElement[bool]]:
    wanted = [_has(facet, values) for facet in Facet if (values := segment.values(facet, Mark.IN))]
    unwanted = [~_has(facet, values) for facet in Facet if (values := segment.values(facet, Mark.OUT))]
    if wanted and segment.match is Match.ANY:
        wanted = [or_(*wanted)]
    return [*wanted, *unwanted]


def _belongs(target: Target) -> list[ColumnElement[bool]]:
    """Who was chosen, whatever they allow."""
    if target.trial:
        return [Person.status.in_(PARTICIPANTS), _in_group(Group.STAFF)]
    return [Person.status.in_(PARTICIPANTS), *_chosen(target.segment)]


def _allows(target: Target) -> ColumnElement[bool]:
    return _allows_news() if target.promotional and not target.trial else true()


def _hears(target: Target, but: Collection[TopicLevel]) -> ColumnElement[bool]:
    if target.trial or not (target.promotional and target.topic):
        return true()
    return ~_turned_down(target.topic, but)


def _spared(target: Target) -> ColumnElement[bool] | None:
    return _reads_channel() if target.spares_channel and not target.trial else None


def audience(target: Target, *, but: Collection[TopicLevel] = NOT_AT_ONCE) -> list[ColumnElement[bool]]:
    """The conditions on ``Person`` under which somebody is to get an announcement, reachable or not.

    Args:
        target: whom it is for.
        but: who has set its topic to one of these levels is left out, when it is promotional.
    """
    conditions = _belongs(target)
    if target.promotional and not target.trial:
        conditions += [_allows_news(), _hears(target, but)]
    spared = _spared(target)
    return conditions if spared is None else [*conditions, ~spared]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people an announcement means, and why others whom it means do not get it.

    Attributes:
        by_locale: those who get it, by the language that they read.
        unreachable: without an account that can be written to.
        no_consent: who do not allow news, of a promotional one.
        muted: who have turned its topic down.
        in_channel: who read it in the community's channel instead.
    """

    by_locale: dict[Locale, int] = field(default_factory=dict)
    unreachable: int = 0
    no_consent: int = 0
    muted: int = 0
    in_channel: int = 0

    @property
    def people(self) -> int:
        """How many get it; each person counts once, however many accounts they have."""
        return sum(self.by_locale.values())

    @property
    def readers(self) -> int:
        """How many get it or read it in the channel."""
        return self.people + self.in_channel


async def reach(session: AsyncSession, target: Target) -> Reach:
    """Count an announcement's people, in one select."""
    spared = _spared(target)
    allows, hears, can = _allows(target), _hears(target, NOT_AT_ONCE), reachable()
    there = ~spared if spared is not None else true()
    flags = (
        select(
            Person.locale.label("locale"),
            allows.label("allows"),
            hears.label("hears"),
            there.label("directly"),
            can.label("can"),
        )
        .where(*_belongs(target))
        .subquery()
    )
    statement = select(flags, func.count()).group_by(*flags.c)
    by_locale: dict[Locale, int] = {}
    without = {"no_consent": 0, "muted": 0, "in_channel": 0, "unreachable": 0}
    for locale, allowed, heard, directly, reached, number in await session.execute(statement):
        if not allowed:
            without["no_consent"] += number
        elif not heard:
            without["muted"] += number
        elif not directly:
            without["in_channel"] += number
        elif not reached:
            without["unreachable"] += number
        else:
            by_locale[Locale(locale)] = number
    return Reach(by_locale, **without)


async def recipients(session: AsyncSession, target: Target) -> list[int]:
    """The people who get it, by id."""
    statement = select(Person.id).where(*audience(target), reachable()).order_by(Person.id)
    return list((await session.execute(statement)).scalars())


async def meant_for(session: AsyncSession, announcement: Announcement, people: Sequence[int]) -> set[int]:
    """Which of these people an announcement is for now; who wants its topic in the digest belongs to them too."""
    if announcement.trial:
        return set()
    conditions = audience(Target.of(announcement), but=[TopicLevel.MUTED])
    statement = select(Person.id).where(*conditions, Person.id.in_(list(people)))
    return set((await session.execute(statement)).scalars())


@dataclass(frozen=True, slots=True)
class Standing:
    """Why one person gets an announcement, or does not."""

    belongs: bool
    allows: bool
    hears: bool
    directly: bool
    reachable: bool


async def standing(session: AsyncSession, target: Target, person_id: int) -> Standing:
    """How one person stands to an announcement."""
    spared = _spared(target)
    there = ~spared if spared is not None else true()
    statement = select(and_(*_belongs(target)), _allows(target), _hears(target, NOT_AT_ONCE), there, reachable()).where(
        Person.id == person_id
    )
    found = (await session.execute(statement)).one_or_none()
    return Standing(*(bool(one) for one in found)) if found else Standing(False, False, False, False, False)  # noqa: FBT003 - five flags of one kind


# What a segment can be made of


async def sectors(session: AsyncSession) -> Sequence[Sector]:
    """The sectors in use, in the cluster's order."""
    statement = select(Sector).where(Sector.active).order_by(Sector.position, Sector.id)
    return (await session.execute(statement)).scalars().all()


async def topics(session: AsyncSession) -> Sequence[Topic]:
    """The topics in use, in their order."""
    statement = select(Topic).where(Topic.active).order_by(Topic.position, Topic.id)
    return (await session.execute(statement)).scalars().all()


async def topic(session: AsyncSession, key: str) -> Topic | None:
    """The topic of that key, retired or not."""
    return (await session.execute(select(Topic).where(Topic.key == key))).scalar_one_or_none() if key else None


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
    """Missions whose people can be chosen, the latest first."""
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


async def people_named(session: AsyncSession, words: str, *, most: int) -> Sequence[Person]:
    """Participants whose name holds these words, in the order of their names."""
    wanted = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    statement = (
        select(Person)
        .where(Person.status.in_(PARTICIPANTS), Person.name.ilike(f"%{wanted}%", escape="\\"))
        .order_by(Person.name, Person.id)
        .limit(most)
    )
    return (await session.execute(statement)).scalars().all()

"""What is too old to be kept, by kind of data: counted for a dry run, deleted in small batches."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import PARTICIPANTS, OutboxState, PersonStatus, Platform
from storage.models import (
    Account,
    AddressCode,
    Application,
    AuditEntry,
    Base,
    BlindInterest,
    CallPartner,
    ChannelMember,
    CodeAttempt,
    CommunityEvent,
    ContentReport,
    DataExport,
    DigestItem,
    DigestLesson,
    DigestMention,
    Draft,
    EventAnswer,
    ExpertAsk,
    ImportRun,
    InboxEvent,
    Invite,
    LinkCode,
    Mail,
    MatchRefusal,
    Mission,
    OutboxMessage,
    Person,
    PersonRole,
    Post,
    PostReading,
    ProfileMatch,
    PurgeRun,
    RetentionNotice,
    WebMessage,
)
from storage.queries.dialect import insert_new
from storage.sqlite_dialect import BESIDE

BATCH = 500
"""Rows that one transaction deletes: a few milliseconds, so that a tap in between does not wait."""
WEB_CHANNEL = "community"
"""The web chat's channel; all other chats there are somebody's."""
STRANGERS_KEPT = timedelta(days=1)
"""How long the web chat keeps what was said to somebody it does not know, or no longer knows."""

Lengths = Mapping[str, timedelta]
"""How long each kind is kept, by the names of ``[privacy.retention]`` without their units."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of row that is deleted, or blanked, when it is old enough.

    Attributes:
        name: the setting that it obeys.
        model: the table.
        due: which rows, given the present and the settings.
        blank: what is written instead of deleting; empty to delete.
    """

    name: str
    model: type[Base]
    due: Callable[[datetime, Lengths], ColumnElement[bool]]
    blank: Mapping[str, object] = field(default_factory=dict)


def _settled(now: datetime, kept: Lengths) -> ColumnElement[bool]:
    return and_(
        OutboxMessage.announcement_id.is_(None),
        or_(
            and_(OutboxMessage.finished_at < now - kept["outbox"], OutboxMessage.dedup_key.is_(None)),
            OutboxMessage.finished_at < now - kept["keys"],
        ),
    )


def _still_worded(now: datetime, kept: Lengths) -> ColumnElement[bool]:
    """Arrived long ago; only the key that keeps it from being sent again is still of use."""
    return and_(
        OutboxMessage.announcement_id.is_(None),
        OutboxMessage.finished_at < now - kept["outbox"],
        OutboxMessage.finished_at >= now - kept["keys"],
        OutboxMessage.dedup_key.is_not(None),
        OutboxMessage.state.not_in((OutboxState.FAILED, OutboxState.UNCERTAIN)),
        cast(OutboxMessage.data, Text) != "{}",
    )


def _nobodys(now: datetime, _: Lengths) -> ColumnElement[bool]:
    known = exists().where(Account.platform == Platform.WEB, Account.chat == WebMessage.chat)
    return and_(WebMessage.chat != WEB_CHANNEL, WebMessage.at < now - STRANGERS_KEPT, ~known)


def _of_past_missions(now: datetime, kept: Lengths) -> ColumnElement[bool]:
    past = select(Mission.id).where(Mission.last_day < (now - kept["applications"]).date())
    return and_(
        Application.mission_id.in_(past),
        or_(Application.note != "", Application.reason != "", cast(Application.objectives, Text) != "[]"),
    )


def _of_past_calls(now: datetime, kept: Lengths) -> ColumnElement[bool]:
    return exists().where(Post.id == CallPartner.post_id, Post.deadline < now - kept["readings"])


def _still_taught(now: datetime, kept: Lengths) -> ColumnElement[bool]:
    return and_(MatchRefusal.at < now - kept["readings"], cast(MatchRefusal.words, Text) != "[]")


def _told_of_what_is_gone(now: datetime, kept: Lengths) -> ColumnElement[bool]:
    long_ago = now - kept["readings"]
    return and_(
        ProfileMatch.percent == 0,
        func.coalesce(ProfileMatch.seeker_told_at, ProfileMatch.found_at) < long_ago,
        func.coalesce(ProfileMatch.offerer_told_at, ProfileMatch.found_at) < long_ago,
    )


RULES: tuple[Rule, ...] = (
    Rule("drafts", Draft, lambda now, kept: Draft.touched_at < now - kept["drafts"]),
    Rule("inbox", InboxEvent, lambda now, kept: InboxEvent.closed_at < now - kept["inbox"]),
    Rule("outbox", OutboxMessage, _settled),
    Rule("outbox", OutboxMessage, _still_worded, {"data": {}}),
    Rule(
        "results",
        OutboxMessage,
        lambda now, kept: and_(
            OutboxMessage.announcement_id.is_not(None), OutboxMessage.finished_at < now - kept["results"]
        ),
    ),
    Rule("outbox", Mail, lambda now, kept: Mail.finished_at < now - kept["outbox"]),
    Rule("attempts", CodeAttempt, lambda now, kept: CodeAttempt.at < now - kept["attempts"]),
    Rule("attempts", AddressCode, lambda now, kept: AddressCode.expires_at < now - kept["attempts"]),
    Rule("attempts", ImportRun, lambda now, kept: ImportRun.created_at < now - kept["attempts"]),
    Rule("codes", LinkCode, lambda now, kept: LinkCode.expires_at < now - kept["codes"]),
    Rule("codes", Invite, lambda now, kept: Invite.expires_at < now - kept["codes"]),
    Rule("audit", AuditEntry, lambda now, kept: AuditEntry.at < now - kept["audit"]),
    Rule("web_messages", WebMessage, lambda now, kept: WebMessage.at < now - kept["web_messages"]),
    Rule("web_messages", WebMessage, _nobodys),
    Rule("readings", PostReading, lambda now, kept: PostReading.at < now - kept["readings"]),
    Rule("readings", DigestItem, lambda now, kept: DigestItem.at < now - kept["readings"]),
    Rule("readings", DigestLesson, lambda now, kept: DigestLesson.at < now - kept["readings"]),
    Rule("readings", DigestMention, lambda now, kept: DigestMention.at < now - kept["readings"]),
    Rule("readings", CallPartner, _of_past_calls),
    Rule("readings", BlindInterest, lambda now, kept: BlindInterest.expires_at < now - kept["readings"]),
    Rule("readings", ExpertAsk, lambda now, kept: ExpertAsk.at < now - kept["readings"]),
    Rule("readings", MatchRefusal, _still_taught, {"words": []}),
    Rule("readings", ProfileMatch, _told_of_what_is_gone),
    Rule("audit", ContentReport, lambda now, kept: ContentReport.settled_at < now - kept["audit"]),
    Rule("applications", Application, _of_past_missions, {"objectives": [], "note": "", "reason": ""}),
    Rule("channel_members", ChannelMember, lambda now, kept: ChannelMember.seen_at < now - kept["channel_members"]),
    Rule("exports", DataExport, lambda now, kept: DataExport.closed_at < now - kept["exports"]),
)
"""In the order in which they are carried out."""


def rules(names: Collection[str] = ()) -> Sequence[Rule]:
    """Those of these settings; all of them by default."""
    return [one for one in RULES if not names or one.name in names]


async def count_due(session: AsyncSession, rule: Rule, now: datetime, kept: Lengths) -> int:
    """How many rows the rule would reach now."""
    statement = select(func.count()).select_from(rule.model).where(rule.due(now, kept)).execution_options(**BESIDE)
    return (await session.execute(statement)).scalar_one()


async def carry_out(session: AsyncSession, rule: Rule, now: datetime, kept: Lengths, most: int = BATCH) -> int:
    """Delete or blank so many rows at most; returns how many they were."""
    keys = list(rule.model.__table__.primary_key)
    some = select(*keys).where(rule.due(now, kept)).limit(most)
    found = [tuple(row) for row in await session.execute(some.execution_options(**BESIDE))]
    if not found:
        return 0
    chosen = tuple_(*keys).in_(found) if len(keys) > 1 else keys[0].in_([row[0] for row in found])
    if rule.model is AuditEntry:  # the log lets go only of what was anonymised first
        anonymous = update(AuditEntry).where(chosen).values(reason="", anonymised=True)
        await session.execute(anonymous.execution_options(synchronize_session=False, **BESIDE))
    statement = (
        update(rule.model).where(chosen).values(**rule.blank) if rule.blank else delete(rule.model).where(chosen)
    )
    await session.execute(statement.execution_options(synchronize_session=False, **BESIDE))
    return len(found)


# People


def _last_acted() -> Any:
    """When somebody was last here: the last act on any platform, or when they came."""
    acted = (
        select(func.max(Account.last_acted_at))
        .where(Account.person_id == Person.id)
        .correlate(Person)  # also from within a subquery of its own
        .scalar_subquery()
    )
    return func.coalesce(acted, Person.created_at)


def _takes_part(now: datetime) -> ColumnElement[bool]:
    """Whoever runs something, or holds a place in what is still to come, is not forgotten."""
    events = exists().where(
        EventAnswer.person_id == Person.id, EventAnswer.event_id == CommunityEvent.id, CommunityEvent.starts_at > now
    )
    missions = exists().where(
        Application.person_id == Person.id, Application.mission_id == Mission.id, Mission.last_day >= now.date()
    )
    return or_(exists().where(PersonRole.person_id == Person.id), events, missions)


def _people(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(Person.id).where(*conditions).order_by(Person.id)


def to_warn(now: datetime, kept: Lengths) -> Select[Any]:
    """Members and guests who have not been here for nearly as long as is allowed, and were not told yet."""
    return _people(
        Person.status.in_(PARTICIPANTS),
        _last_acted() < now - kept["inactive"] + kept["warning"],
        ~_takes_part(now),
        ~exists().where(RetentionNotice.person_id == Person.id),
    )


def to_erase(now: datetime, kept: Lengths) -> Select[Any]:
    """Whose time is over: told a week ago and silent since, never finished joining, not accepted or gone long ago."""
    warned = exists().where(
        RetentionNotice.person_id == Person.id,
        RetentionNotice.erase_at <= now,
        RetentionNotice.told_at > _last_acted(),
    )
    unfinished = and_(Person.status == PersonStatus.JOINING, _last_acted() < now - kept["unfinished"])
    refused = and_(
        Person.status.in_((PersonStatus.REFUSED, PersonStatus.LEFT, PersonStatus.WAITING)),
        _last_acted() < now - kept["refused"],
    )
    silent = and_(Person.status.in_(PARTICIPANTS), warned)
    suspended = and_(Person.status == PersonStatus.SUSPENDED, _last_acted() < now - kept["inactive"])
    return _people(or_(silent, unfinished, refused, suspended), ~_takes_part(now))


async def ids(session: AsyncSession, statement: Select[Any]) -> list[int]:
    """The people whom a selection finds."""
    return list((await session.execute(statement)).scalars())


async def count(session: AsyncSession, statement: Select[Any]) -> int:
    """How many they are."""
    return (await session.execute(select(func.count()).select_from(statement.order_by(None).subquery()))).scalar_one()


async def last_acted(session: AsyncSession, person_id: int) -> datetime:
    """When that person was last here."""
    found: datetime = (await session.execute(select(_last_acted()).where(Person.id == person_id))).scalar_one()
    return found


async def forget_notices_of_the_returned(session: AsyncSession) -> int:
    """Forget the warnings of those who have been here since; returns how many."""
    acted = select(func.max(Account.last_acted_at)).where(Account.person_id == RetentionNotice.person_id)
    result = await session.execute(
        delete(RetentionNotice)
        .where(acted.scalar_subquery() > RetentionNotice.told_at)
        .returning(RetentionNotice.person_id)
        .execution_options(synchronize_session=False)
    )
    return len(result.all())


# Runs


async def begin_run(session: AsyncSession, day: date, now: datetime, *, stuck_before: datetime) -> bool:
    """Take the purge of a day; false when it was done, or another process is at it."""
    row = {"day": day.isoformat(), "started_at": now, "finished_at": None, "counts": {}}
    await insert_new(session, PurgeRun, [row], unique=["day"], key=None)
    result = await session.execute(
        update(PurgeRun)
        .where(
            PurgeRun.day == day.isoformat(),
            PurgeRun.finished_at.is_(None),
            or_(PurgeRun.started_at == now, PurgeRun.started_at < stuck_before),
        )
        .values(started_at=now)
        .returning(PurgeRun.day)
        .execution_options(synchronize_session=False)
    )
    return result.first() is not None


async def end_run(session: AsyncSession, day: date, now: datetime, counts: Mapping[str, int]) -> None:
    """Write down what the purge of a day did."""
    await session.execute(
        update(PurgeRun).where(PurgeRun.day == day.isoformat()).values(finished_at=now, counts=dict(counts))
    )


async def last_run(session: AsyncSession) -> PurgeRun | None:
    """The last purge that was finished."""
    statement = select(PurgeRun).where(PurgeRun.finished_at.is_not(None)).order_by(PurgeRun.day.desc()).limit(1)
    return (await session.execute(statement)).scalar_one_or_none()

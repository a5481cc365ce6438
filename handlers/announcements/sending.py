"""From the last question to the first row of the outbox: confirmed, approved by a second person, planned, begun."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.announcements import rules
from handlers.announcements.audience_screens import Aim
from handlers.announcements.calendar import Closure, closure, country_of, instant_of, last_open, next_open
from handlers.announcements.drafting import aim, target_of
from handlers.announcements.names import wordings
from handlers.announcements.running import begin_sending
from handlers.announcements.service import APPROVAL, SENT_BACK, TEST, audit, draft, locked, review_card_of
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.notify import notify, notify_all, refresh_card
from storage.audience import Facet, Segment, subject_of
from storage.enums import PRIORITY_RANK, AnnouncementStatus, EventStatus, Locale, Platform, Priority, Role
from storage.models import Announcement, AnnouncementPlan, CommunityEvent, Mission, Person
from storage.queries import announcements as stored
from storage.queries import audience
from storage.queries.outbox import NewMessage, queue
from storage.queries.outbox_results import lately_queued, reachable_accounts
from storage.queries.people import people_with

TEST_USEFUL_FOR = timedelta(hours=1)
TEST_PAUSE = timedelta(seconds=10)
"""A second press of "Test to me" within this is the same press."""


class How(StrEnum):
    """How it was confirmed."""

    WINDOW = "window"  # at its moment, inside the sending window
    ANY = "any"  # at its moment, at whatever hour


@dataclass(frozen=True, slots=True)
class Moment:
    """When it would go out.

    Attributes:
        at: the moment; ``None`` for at once.
        planned: what was asked for, where that was another moment or now.
        closed: why it is not sent at ``planned``.
        event: the event that it goes by.
        minutes: so many after that event's start; negative before.
    """

    at: datetime | None = None
    planned: datetime | None = None
    closed: Closure | None = None
    event: CommunityEvent | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the last question is about.

    Attributes:
        aim: whom it reaches.
        moment: when.
        needs_approval: whether a second person must look at it.
        fatigue: how much these people had of late.
    """

    aim: Aim
    moment: Moment
    needs_approval: bool
    fatigue: rules.Fatigue


async def countries_of(ctx: ReadContext, row: Announcement) -> list[str]:
    """Whose public holidays are spared: the community's country, and those of the missions it is aimed at."""
    segment = Segment.from_json(row.audience)
    ids = [subject_of(value) for facet, value, _ in segment.marks if facet is Facet.MISSION]
    missions = await audience.titles(ctx.session, Mission, ids) if ids else {}
    zones = [ctx.community.zone.key, *(one.zone for one in missions.values())]
    return list(dict.fromkeys(country for zone in zones if (country := country_of(zone))))


async def open_from(ctx: ReadContext, row: Announcement, moment: datetime) -> datetime:
    """The first moment from then on at which it may go out."""
    return next_open(moment, ctx.community.announcing, ctx.community.zone, await countries_of(ctx, row))


async def moment_of(ctx: ReadContext, row: Announcement, plan: AnnouncementPlan) -> Moment:
    """When it would go out if it were confirmed now."""
    policy, zone = ctx.community.announcing, ctx.community.zone
    countries = await countries_of(ctx, row)
    if plan.event_id is not None:
        event = await ctx.session.get(CommunityEvent, plan.event_id)
        if event is not None:
            wanted = event.starts_at + timedelta(minutes=plan.event_minutes)
            closed = None if plan.any_time else closure(wanted, policy, zone, countries)
            at = wanted
            if closed is not None:
                shift = last_open if plan.event_minutes < 0 else next_open
                at = shift(wanted, policy, zone, countries)
            return Moment(max(at, ctx.now), wanted, closed, event, plan.event_minutes)
    wanted = instant_of(plan.send_wall, plan.send_zone) if plan.send_wall else ctx.now
    wanted = max(wanted, ctx.now)
    closed = None if plan.any_time else closure(wanted, policy, zone, countries)
    if closed is not None:
        return Moment(next_open(wanted, policy, zone, countries), wanted, closed)
    return Moment(wanted if plan.send_wall and wanted > ctx.now else None, wanted)


def as_planned(moment: Moment, plan: AnnouncementPlan) -> Moment:
    """The moment that was confirmed."""
    return replace(moment, at=plan.send_at) if plan.send_at is not None else moment


async def confirmation(ctx: ReadContext, row: Announcement) -> Confirmation:
    """Everything that whoever sends it should know first."""
    plan = await stored.plan_of(ctx.session, row.id)
    aimed = await aim(ctx, row)
    people = aimed.reach.people
    conditions = [*audience.audience(await target_of(ctx, row)), audience.reachable()]
    week = await stored.fatigue(ctx.session, conditions, since=ctx.now - timedelta(days=7))
    month = await stored.fatigue(ctx.session, conditions, since=ctx.now - timedelta(days=30))
    return Confirmation(
        aimed,
        await moment_of(ctx, row, plan),
        _needs_approval(ctx, aimed, plan),
        rules.fatigue_of(people, week, month),
    )


def _needs_approval(ctx: ReadContext, aimed: Aim, plan: AnnouncementPlan) -> bool:
    """In the trial nobody but the staff gets it, so nobody else need look."""
    above = ctx.community.announcing.second_approval_above
    return not aimed.trial and rules.needs_approval(aimed.reach.readers, above=above, approved_for=plan.approved_for)


# When


async def plan_at(ctx: Context, announcement_id: int, wall: str) -> Announcement:
    """Send it at a wall time of the community's; an empty one sends it at once."""
    row = await draft(ctx, announcement_id)
    plan = await stored.plan_of(ctx.session, row.id)
    plan.send_wall, plan.send_zone = wall, ctx.community.zone.key if wall else ""
    plan.event_id, plan.event_minutes = None, 0
    return row


async def plan_by_event(ctx: Context, announcement_id: int, event_id: int, minutes: int) -> Announcement:
    """Send it so many minutes after an event's start (negative: before), and move with it.

    Raises:
        Refusal: the event is over or was cancelled, or that moment has passed.
    """
    row = await draft(ctx, announcement_id)
    event = await ctx.session.get(CommunityEvent, event_id)
    if event is None or event.status is not EventStatus.PUBLISHED:
        raise Refusal(ctx.t("This event is not there any more. Please choose another."))
    if event.starts_at + timedelta(minutes=minutes) <= ctx.now:
        raise Refusal(ctx.t("That moment has passed already. Please choose another."))
    plan = await stored.plan_of(ctx.session, row.id)
    plan.send_wall = plan.send_zone = ""
    plan.event_id, plan.event_minutes = event_id, minutes
    return row


# Confirming


async def send(
    ctx: Context, announcement_id: int, expected: int, how: How = How.WINDOW
) -> tuple[Announcement, Confirmation | None]:
    """Confirm it, if it reaches as many people as the button said.

    It goes out, waits for its moment, or waits for a second person, as its plan and the community's policy say.

    Returns the announcement, and, when the number has changed and nothing was done, what is to be confirmed instead.
    Once it was confirmed this changes nothing, so a second tap sends nothing.

    Raises:
        Refusal: the text is not whole, or nobody would get it.
    """
    row = await locked(ctx, announcement_id)
    if row.status is not AnnouncementStatus.DRAFT:
        return row, None
    if rules.flaws(wordings(row), row.fallback):
        raise Refusal(ctx.t("The text is not complete yet. Please change it before sending."))
    plan = await stored.plan_of(ctx.session, row.id)
    plan.any_time = how is How.ANY
    aimed = await aim(ctx, row)
    people = aimed.reach.people
    if people != expected:
        return row, await confirmation(ctx, row)
    if not aimed.reach.readers:
        raise Refusal(ctx.t("Nobody would get it. Please choose another audience."))
    plan.asked_by_id, plan.asked_at, plan.asked_for = ctx.me.id, ctx.now, people
    plan.approved_by_id, plan.approved_at, plan.approved_for = None, None, 0
    if _needs_approval(ctx, aimed, plan):
        await ask_for_approval(ctx, row, plan, people)
    else:
        await _release(ctx, row, plan, people)
    return row, None


async def _release(ctx: ReadContext, row: Announcement, plan: AnnouncementPlan, people: int) -> None:
    moment = await moment_of(ctx, row, plan)
    if moment.at is not None and moment.at > ctx.now:
        row.status, plan.send_at = AnnouncementStatus.PLANNED, moment.at
        audit(ctx, "planned", row, f"{people} at {moment.at.isoformat(timespec='minutes')}")
        return
    await begin_sending(ctx, row, people)


# The second person


async def second_people(ctx: ReadContext, row: Announcement, plan: AnnouncementPlan) -> list[int]:
    """Those who may approve it."""
    staff = await people_with(ctx.session, [Role.OWNER, Role.STAFF])
    return [one for one in staff if rules.may_approve(one, author_id=row.author_id, asked_by_id=plan.asked_by_id)]


async def ask_for_approval(ctx: ReadContext, row: Announcement, plan: AnnouncementPlan, people: int) -> None:
    """Let a second person decide; nothing goes out before."""
    row.status = AnnouncementStatus.APPROVAL
    plan.asked_for = people
    plan.asked_at = ctx.now
    audit(ctx, "approval_asked", row, f"{people}")
    await notify_all(
        ctx,
        await second_people(ctx, row, plan),
        APPROVAL,
        dedup=lambda person: f"annask:{row.id}:{int(ctx.now.timestamp())}:{person}",
        data={"announcement": row.id},
    )


@dataclass(frozen=True, slots=True)
class Review:
    """What a second person decides on.

    Attributes:
        asked_by: who asks.
        others: how many may decide.
        mine: whether this reader may.
    """

    row: Announcement
    plan: AnnouncementPlan
    aim: Aim
    moment: Moment
    asked_by: str
    others: int
    mine: bool
    topic: str = ""


async def review(ctx: ReadContext, row: Announcement) -> Review:
    """The text, the people and the moment, as they are now."""
    plan = await stored.plan_of(ctx.session, row.id)
    asked_by = await ctx.session.get(Person, plan.asked_by_id) if plan.asked_by_id else None
    others = await second_people(ctx, row, plan)
    topic = await audience.topic(ctx.session, row.topic)
    return Review(
        row,
        plan,
        await aim(ctx, row),
        await moment_of(ctx, row, plan),
        asked_by.name if asked_by else "",
        len(others),
        ctx.person is not None and ctx.person.id in others,
        ctx.t.of(topic, "name") if topic else "",
    )


async def _as_second(ctx: Context, announcement_id: int) -> tuple[Announcement, AnnouncementPlan]:
    row = await locked(ctx, announcement_id)
    plan = await stored.plan_of(ctx.session, row.id)
    if row.status is AnnouncementStatus.APPROVAL and not rules.may_approve(
        ctx.me.id, author_id=row.author_id, asked_by_id=plan.asked_by_id
    ):
        raise Refusal(ctx.t("Somebody else must approve it: neither who wrote it nor who asked."))
    return row, plan


async def approve(ctx: Context, announcement_id: int, expected: int) -> tuple[Announcement, bool]:
    """Approve it for so many people. Returns the announcement and whether the number still held.

    What was decided already stays decided.

    Raises:
        Refusal: it is not theirs to approve.
    """
    row, plan = await _as_second(ctx, announcement_id)
    if row.status is not AnnouncementStatus.APPROVAL:
        return row, True
    reach = (await aim(ctx, row)).reach
    people = reach.people
    if people != expected or not reach.readers:
        plan.asked_for = people
        return row, False
    plan.approved_by_id, plan.approved_at, plan.approved_for = ctx.me.id, ctx.now, reach.readers
    audit(ctx, "approved", row, f"{people}")
    await _release(ctx, row, plan, people)
    await _settled(ctx, row)
    return row, True


async def send_back(ctx: Context, announcement_id: int, reason: str) -> Announcement:
    """Give it back to who asked, with the reason. What was decided already stays decided.

    Raises:
        Refusal: it is not theirs to decide.
    """
    row, plan = await _as_second(ctx, announcement_id)
    if row.status is not AnnouncementStatus.APPROVAL:
        return row
    row.status = AnnouncementStatus.DRAFT
    audit(ctx, "sent_back", row, reason)
    if plan.asked_by_id is not None:
        await notify(
            ctx,
            plan.asked_by_id,
            SENT_BACK,
            dedup=f"annback:{row.id}:{int(ctx.now.timestamp())}",
            data={"announcement": row.id, "reason": reason, "by": ctx.me.id},
        )
    await _settled(ctx, row)
    return row


async def _settled(ctx: Context, row: Announcement) -> None:
    await ctx.session.flush()
    await refresh_card(ctx, review_card_of(row.id), but=ctx.event.message)


async def take_back(ctx: Context, announcement_id: int) -> Announcement:
    """Make a draft again of what waits for its moment or an approval; what has begun stays as it is."""
    row = await locked(ctx, announcement_id)
    if row.status in {AnnouncementStatus.PLANNED, AnnouncementStatus.APPROVAL}:
        plan = await stored.plan_of(ctx.session, row.id)
        row.status, plan.send_at = AnnouncementStatus.DRAFT, None
        audit(ctx, "taken_back", row)
        await _settled(ctx, row)
    return row


# Trying out


async def test_to_author(ctx: Context, announcement_id: int) -> int:
    """Send the real thing to whoever presses: on every platform they have, in every language it is read in.

    Returns how many messages are on their way; 0 for a second press of the same.
    """
    row = await draft(ctx, announcement_id)
    prefix = f"anntest:{row.id}:{ctx.me.id}:"
    if await lately_queued(ctx.session, prefix, since=ctx.now - TEST_PAUSE):
        return 0
    both = wordings(row)
    readers = {rules.language_for(both, row.fallback, reader) for reader in Locale}
    messages = [
        NewMessage(
            platform=account.platform,
            account=account.account,
            chat=account.chat,
            person_id=ctx.me.id,
            kind=TEST,
            data={"announcement": row.id, "reader": reader.value},
            priority=Priority.REPLY,
            rank=PRIORITY_RANK[Priority.REPLY],
            due_at=ctx.now,
            expires_at=ctx.now + TEST_USEFUL_FOR,
            dedup_key=f"{prefix}{account.id}:{reader.value}:{int(ctx.now.timestamp())}",
            created_at=ctx.now,
        )
        for account in await reachable_accounts(ctx.session, ctx.me.id)
        for reader in sorted(readers)
    ]
    return len(await queue(ctx.session, messages))


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person as a recipient: who, where it would reach them, and whether it would."""

    person: Person
    platform: Platform | None
    standing: audience.Standing


async def recipient(ctx: ReadContext, row: Announcement, person_id: int) -> Recipient:
    """How an announcement would come to one person.

    Raises:
        Refusal: there is no such person.
    """
    person = await ctx.session.get(Person, person_id)
    if person is None:
        raise Refusal(ctx.t("This person is no longer there."))
    accounts = await reachable_accounts(ctx.session, person_id)
    latest = max(accounts, key=lambda one: (one.last_acted_at, one.id), default=None)
    standing = await audience.standing(ctx.session, await target_of(ctx, row), person_id)
    return Recipient(person, latest.platform if latest else None, standing)

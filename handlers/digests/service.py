"""Digests: whose is due, what is in them, and when the next one comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.actions import REGISTRY
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import Tell
from handlers.conversation.notify import Own, addresses, notify_each
from handlers.conversation.rhythm import rhythms_at
from handlers.conversation.screen import Screen
from handlers.digests import rules
from handlers.digests.ranking import Shelf, Taste
from handlers.digests.rules import News
from handlers.digests.screens import Digest, KeptNotice, Settings
from storage.engine import lock
from storage.enums import DigestFrequency, NoticeTopic, SubjectKind
from storage.models import DigestItem, Person
from storage.queries import digest_posts, preferences
from storage.queries import digests as stored
from storage.queries.digests import Deadline
from storage.queries.posts import new_posts_for

NOTICE = "digest"


# Settings


def settings_of(person: Person) -> Settings:
    """When a person wants the digest."""
    return Settings(
        person.digest_frequency,
        person.digest_weekday,
        person.digest_hour,
        person.next_digest_at,
        ZoneInfo(person.timezone),
    )


async def choose(
    ctx: Context, *, frequency: DigestFrequency | None = None, weekday: int | None = None, hour: int | None = None
) -> Settings:
    """Change what is given, and move the next digest accordingly.

    Raises:
        Refusal: no such weekday or hour.
    """
    person = await lock(ctx.session, Person, Person.id, ctx.me.id) or ctx.me
    if weekday is not None and not 0 <= weekday <= 6:
        raise Refusal(ctx.t("There is no such day. Please choose one of the buttons."))
    if hour is not None and not rules.EARLIEST_HOUR <= hour <= rules.LATEST_HOUR:
        raise Refusal(ctx.t("The digest comes between 6 in the morning and 10 in the evening. Please choose an hour."))
    before = (person.digest_frequency, person.digest_weekday, person.digest_hour)
    person.digest_frequency = frequency if frequency is not None else person.digest_frequency
    person.digest_weekday = weekday if weekday is not None else person.digest_weekday
    person.digest_hour = hour if hour is not None else person.digest_hour
    if before != (person.digest_frequency, person.digest_weekday, person.digest_hour):
        stored.reschedule(person, ctx.now)
    return settings_of(person)


# What is in it


def since_of(person: Person) -> datetime:
    """From when on something is new to a person: since their last digest, or since they joined."""
    return person.last_digest_at or person.joined_at or person.created_at


async def news_for(session: AsyncSession, people: Sequence[Person], now: datetime) -> dict[int, News]:
    """What is new to each person up to that moment; all of them are asked for together."""
    ids = [person.id for person in people]
    since = {person.id: since_of(person) for person in people}
    events = await stored.new_events(session, ids, now)
    missions = await stored.new_missions(session, ids, now)
    announcements = await stored.missed_announcements(session, since, now)
    kept = await preferences.kept_for_digest(session, ids, now)
    tastes = await tastes_of(session, ids)
    posts = await _new_posts(session, people, since, tastes, now)
    found = {}
    for one in ids:
        muted = tastes[one].muted()
        found[one] = rules.shortened(
            posts[one],
            [] if NoticeTopic.EVENTS in muted else events[one],
            [] if NoticeTopic.MISSIONS in muted else missions[one],
            announcements[one],
            kept[one],
        )
    return found


async def tastes_of(session: AsyncSession, people: Sequence[int]) -> dict[int, Taste]:
    """What these people said about what they want to read."""
    levels = await preferences.levels_of_people(session, people)
    sectors = await digest_posts.sectors_of(session, people)
    return {one: Taste(levels[one], sectors.get(one, frozenset())) for one in people}


async def _new_posts(
    session: AsyncSession,
    people: Sequence[Person],
    since: Mapping[int, datetime],
    tastes: Mapping[int, Taste],
    now: datetime,
) -> dict[int, list[int]]:
    """The posts for each person, the best first, one more than a digest names where there are more."""
    if not people:
        return {}
    begin = min(since.values())
    fresh = await digest_posts.fresh_posts(session, begin, now, most=rules.MOST_LOOKED_AT)
    shelf, read = Shelf(fresh, now), await digest_posts.read_since(session, since, begin) if fresh else {}
    best = {
        one: shelf.best(one, tastes[one], read=read.get(one, ()), since=since[one], most=rules.SHORT_LIST)
        for one in since
    }
    named = {post for posts in best.values() for post in posts}
    hidden = await digest_posts.hidden_from(session, since, named) if named else {}
    wanted, found = rules.MOST_POSTS + 1, {}
    for person in people:
        listed = best[person.id]
        shown = [post for post in listed if post not in hidden.get(person.id, ())][:wanted]
        looked_at_all = len(fresh) < rules.MOST_LOOKED_AT and len(listed) < rules.SHORT_LIST
        if len(shown) < wanted and not looked_at_all:
            # They have read, or may not read, nearly all of so much: what is left is looked for on its own.
            rest = await new_posts_for(session, person, since[person.id], wanted + len(shown))
            ids = [one.id for one in rest if one.published_at is not None and one.published_at <= now]
            shown = list(dict.fromkeys([*shown, *ids]))[:wanted]
        found[person.id] = shown
    return found


async def _muted(session: AsyncSession, people: Sequence[int]) -> dict[int, set[str]]:
    """The topics of which each person wants nothing, in the digest either."""
    levels = await preferences.levels_of_people(session, people)
    return {person: Taste(levels[person]).muted() for person in people}


MUTED_DEADLINES = {SubjectKind.EVENT: NoticeTopic.EVENTS, SubjectKind.MISSION: NoticeTopic.MISSIONS,
                   SubjectKind.MEETING: NoticeTopic.MEETINGS}  # fmt: skip
"""With which topic a deadline goes: who wants nothing of new events is not asked whether they come to one either."""


async def deadlines_for(session: AsyncSession, people: Sequence[int], now: datetime) -> dict[int, list[Deadline]]:
    """What waits for each person's answer, of the topics that they have not muted."""
    found = await stored.deadlines(session, people, now, now + rules.HORIZON)
    muted = await _muted(session, people)
    return {
        person: [one for one in waiting if MUTED_DEADLINES.get(one.kind) not in muted[person]]
        for person, waiting in found.items()
    }


async def drawn_items(ctx: ReadContext, ids: Sequence[int]) -> list[KeptNotice]:
    """The notices that wait for the reader's digest, as they are now; what is overtaken is left out."""
    shown = []
    for item in await preferences.items_of(ctx.session, ctx.me.id, ids):
        screen = await draw_item(ctx, item)
        if screen is not None:
            shown.append(KeptNotice(item.id, screen.line, item.data.get("meeting")))
    return shown


async def draw_item(ctx: ReadContext, item: DigestItem) -> Screen | None:
    """The notice itself; ``None`` when there is nothing left to say, or it is of another release."""
    spec = REGISTRY.notices.get(item.kind)
    if spec is None:
        return None
    drawn = await spec.render(ctx, **item.data)
    return drawn.screen if isinstance(drawn, Tell) else drawn


async def draw(ctx: ReadContext, news: News) -> Digest:
    """The digest as it is to be read now: what was opened or answered meanwhile is left out."""
    person = ctx.me
    session, now = ctx.session, ctx.now
    events = await stored.still_unanswered(session, news.events, person.id, now)
    missions = await stored.still_open(session, news.missions, person.id, now)
    kept = await drawn_items(ctx, news.kept)
    named = {(SubjectKind.EVENT, one.id) for one in events} | {(SubjectKind.MISSION, one.id) for one in missions}
    named |= {(SubjectKind.MEETING, one.meeting) for one in kept if one.meeting is not None}
    waiting = (await deadlines_for(session, [person.id], now))[person.id]
    return Digest(
        zone=ctx.zone,
        posts=await stored.still_unread(session, news.posts, person.id),
        events=events,
        missions=missions,
        announcements=await stored.still_missed(session, news.announcements, person.id),
        more_posts=news.more_posts,
        kept=kept,
        deadlines=[one for one in waiting if (one.kind, one.id) not in named][: rules.MOST_DEADLINES],
    )


async def show_now(ctx: Context) -> tuple[Digest, datetime]:
    """What is new since the last digest, and since when that is. Nothing counts as told by it."""
    news = await news_for(ctx.session, [ctx.me], ctx.now)
    return await draw(ctx, news[ctx.me.id]), since_of(ctx.me)


# Sending


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of one person's period.

    Attributes:
        was: the moment their digest was due.
        becomes: the next one.
        news: what to send; ``None`` when this period has nothing for them, or they cannot be reached.
    """

    person_id: int
    was: datetime
    becomes: datetime | None
    news: News | None


def next_for(person: Person, now: datetime) -> datetime | None:
    """The first moment from now on at which a digest is due: after a long stop one comes, not several."""
    return rules.next_digest(
        now, person.digest_frequency, person.digest_weekday, person.digest_hour, ZoneInfo(person.timezone)
    )


async def plan(session: AsyncSession, people: Sequence[Person], now: datetime) -> list[Plan]:
    """Decide for each person whose digest is due."""
    wanting = [person for person in people if person.digest_frequency is not DigestFrequency.OFF]
    ids = [person.id for person in wanting]
    reachable = await addresses(session, ids)
    told_until = now - rules.SETTLING
    news = await news_for(session, wanting, told_until)
    waiting = await deadlines_for(session, ids, now)
    plans = []
    for person in people:
        becomes = next_for(person, now)
        found = news.get(person.id)
        worth = found is not None and rules.worth_sending(
            is_new=not found.is_empty, deadlines=[one.at for one in waiting[person.id]], until=becomes
        )
        if person.next_digest_at is not None:
            told = found if worth and person.id in reachable else None
            plans.append(Plan(person.id, person.next_digest_at, becomes, told))
    return plans


async def carry_out(ctx: ReadContext, plans: Sequence[Plan]) -> int:
    """Advance these people's periods and queue their digests with it, by the one commit of the context's session.

    A period that another process has advanced, or its person has changed, is left alone. Returns how many are queued.
    """
    until = ctx.now - rules.SETTLING
    steps = [stored.Step(one.person_id, one.was, one.becomes, until if one.news is not None else None) for one in plans]
    moved = await stored.advance(ctx.session, steps)
    late = [moved[one.person_id] for one in plans if one.person_id in moved and _is_late(ctx, one)]
    rhythms = await rhythms_at(ctx.session, late, ctx.community, ctx.now)
    news = {one.person_id: one.news for one in plans if one.person_id in moved and one.news is not None}
    notices = [
        Own(
            one.person_id,
            rules.period_key(one.person_id, one.was),
            {**news[one.person_id].to_json(), "until": one.becomes.isoformat() if one.becomes else ""},
            rhythms[one.person_id].quiet_until(ctx.now) if one.person_id in rhythms else None,
        )
        for one in plans
        if one.person_id in news
    ]
    if not notices:
        return 0
    told = await notify_each(ctx, NOTICE, notices)
    await preferences.note_told(ctx.session, [item for one in told for item in news[one].kept], ctx.now)
    await stored.record_mentions(ctx.session, {one: news[one].mentions for one in sorted(told)}, ctx.now)
    return len(told)


def _is_late(ctx: ReadContext, one: Plan) -> bool:
    """Whether it no longer comes at the hour that the person chose, so that it respects their quiet hours."""
    return ctx.now - one.was >= rules.CAUGHT_UP_AFTER

"""Digests: whose is due, what is in them, and when the next one comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.actions import REGISTRY
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import Tell
from handlers.conversation.notify import addresses, notify
from handlers.conversation.rhythm import rhythms_at
from handlers.conversation.screen import Screen
from handlers.digests import rules
from handlers.digests.rules import News
from handlers.digests.screens import Digest, KeptNotice, Settings
from storage.engine import lock
from storage.enums import DigestFrequency, NoticeTopic, SubjectKind, TopicLevel
from storage.models import DigestItem, Person
from storage.queries import digests as stored
from storage.queries import preferences
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
    """What is new to each person up to that moment."""
    ids = [person.id for person in people]
    since = {person.id: since_of(person) for person in people}
    events = await stored.new_events(session, ids, now)
    missions = await stored.new_missions(session, ids, now)
    announcements = await stored.missed_announcements(session, since, now)
    kept = await preferences.kept_for_digest(session, ids, now)
    muted = await _muted(session, ids)
    found = {}
    for person in people:
        if NoticeTopic.EVENTS in muted[person.id]:
            events = {**events, person.id: []}
        if NoticeTopic.MISSIONS in muted[person.id]:
            missions = {**missions, person.id: []}
        posts = await new_posts_for(session, person, since[person.id], rules.MOST_POSTS + 1)
        shown = [post.id for post in posts if post.published_at is not None and post.published_at <= now]
        found[person.id] = rules.shortened(
            shown, events[person.id], missions[person.id], announcements[person.id], kept[person.id]
        )
    return found


async def _muted(session: AsyncSession, people: Sequence[int]) -> dict[int, set[str]]:
    """The topics of which each person wants nothing, in the digest either."""
    return {
        person: {topic for topic, level in levels.items() if level is TopicLevel.MUTED}
        for person, levels in (await preferences.levels_of_people(session, people)).items()
    }


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


async def carry_out(ctx: ReadContext, one: Plan) -> bool:
    """Advance one person's period and queue their digest with it. False when another process has, or none is due."""
    told_until = ctx.now - rules.SETTLING if one.news is not None else None
    advanced = await stored.advance(ctx.session, one.person_id, was=one.was, becomes=one.becomes, told_until=told_until)
    if not advanced or one.news is None:
        return False
    data: dict[str, Any] = one.news.to_json()
    data["until"] = one.becomes.isoformat() if one.becomes else ""
    due = await _due(ctx, one)
    queued = await notify(
        ctx, one.person_id, NOTICE, dedup=rules.period_key(one.person_id, one.was), due=due, data=data
    )
    if queued:
        named = {
            SubjectKind.EVENT: one.news.events,
            SubjectKind.MISSION: one.news.missions,
            SubjectKind.ANNOUNCEMENT: one.news.announcements,
        }
        await preferences.note_told(ctx.session, one.news.kept, ctx.now)
        await stored.record_mentions(ctx.session, one.person_id, named, ctx.now)
    return queued


async def _due(ctx: ReadContext, one: Plan) -> datetime | None:
    """At once, at the hour that the person chose; one that is caught up with later respects their quiet hours."""
    if ctx.now - one.was < rules.CAUGHT_UP_AFTER:
        return None
    person = await ctx.session.get_one(Person, one.person_id)
    rhythm = (await rhythms_at(ctx.session, [person], ctx.community, ctx.now))[person.id]
    return rhythm.quiet_until(ctx.now)

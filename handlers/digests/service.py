"""Digests: whose is due, what is in them, and when the next one comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.actions import REGISTRY
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import Tell
from handlers.conversation.followed import topic_names
from handlers.conversation.notify import Own, addresses, notify_each
from handlers.conversation.rhythm import rhythms_at
from handlers.conversation.screen import Screen
from handlers.digests import choosing, ranking, rules
from handlers.digests.ranking import why
from handlers.digests.rules import News
from handlers.digests.screens import Digest, KeptNotice
from handlers.digests.setting_screens import Lesson, Settings
from storage.engine import lock
from storage.enums import DigestFrequency, SubjectKind
from storage.models import DigestItem, Person, Post
from storage.post_topics import topic_with
from storage.queries import digest_lessons, follows, preferences
from storage.queries import digests as stored
from storage.queries.digests import Deadline
from storage.queries.post_visibility import readable_by

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
    posts = await stored.still_unread(session, news.posts, person.id)
    events = await stored.still_unanswered(session, news.events, person.id, now)
    missions = await stored.still_open(session, news.missions, person.id, now)
    kept = await drawn_items(ctx, news.kept)
    named = {(SubjectKind.EVENT, one.id) for one in events} | {(SubjectKind.MISSION, one.id) for one in missions}
    named |= {(SubjectKind.MEETING, one.meeting) for one in kept if one.meeting is not None}
    named |= {(SubjectKind.POST, one.id) for one in posts}
    waiting = (await choosing.deadlines_for(session, [person.id], now))[person.id]
    deadlines = [one for one in waiting if (one.kind, one.id) not in named][: rules.MOST_DEADLINES]
    return Digest(
        zone=ctx.zone,
        posts=posts,
        events=events,
        missions=missions,
        announcements=await stored.still_missed(session, news.announcements, person.id),
        more_posts=news.more_posts,
        kept=kept,
        deadlines=deadlines,
        because=await _because(ctx, posts, deadlines),
    )


async def _because(ctx: ReadContext, posts: Sequence[Post], deadlines: Sequence[Deadline]) -> dict[int, str]:
    """What its reader follows, of each post that is named for it."""
    taste = (await choosing.tastes_of(ctx.session, [ctx.me.id]))[ctx.me.id]
    about = await follows.topics_of_posts(ctx.session, posts)
    topics = {post: why(keys, taste) for post, keys in about.items()}
    topics |= {one.id: one.topic for one in deadlines if one.kind is SubjectKind.POST}
    spelt = {word for post in posts for word in post.topics}
    names = await topic_names(ctx, {topic for topic in topics.values() if topic}, spelt=spelt)
    return {post: names[topic] for post, topic in topics.items() if topic in names}


async def show_now(ctx: Context) -> tuple[Digest, datetime]:
    """What is new since the last digest, and since when that is. Nothing counts as told by it."""
    news = await choosing.news_for(ctx.session, [ctx.me], ctx.now)
    return await draw(ctx, news[ctx.me.id]), choosing.since_of(ctx.me)


# Less like this


async def _readable(ctx: ReadContext, post_id: int) -> Post:
    found = await ctx.session.execute(select(Post).where(Post.id == post_id, readable_by(ctx.me.id)))
    post = found.scalar_one_or_none()
    if post is None:
        raise Refusal(ctx.t("This post is no longer here. Write a word and I'll search for others."))
    return post


async def want_less(ctx: Context, post_id: int) -> tuple[Post, list[Lesson]]:
    """Have the next digests name less like this post, and say of what.

    Raises:
        Refusal: there is no such post, or it is not for them.
    """
    post = await _readable(ctx, post_id)
    topics = [one for one in await follows.topics_of(ctx.session, post) if ranking.counts_less(one)]
    await digest_lessons.learn(ctx.session, ctx.me.id, post.id, topics, ctx.now)
    return post, [one for one in await lessons(ctx, spelt=post.topics) if one.topic in topics]


async def take_back(ctx: Context, post_id: int) -> Post:
    """What was learnt from a post counts no more; a second time changes nothing.

    Raises:
        Refusal: there is no such post, or it is not for them.
    """
    post = await _readable(ctx, post_id)
    await digest_lessons.take_back(ctx.session, ctx.me.id, post.id)
    return post


async def lessons(ctx: ReadContext, *, spelt: Sequence[str] = ()) -> list[Lesson]:
    """Of what the reader wants less, the most unwanted first; ``spelt`` are words as a post at hand writes them."""
    less = (await digest_lessons.less_of_people(ctx.session, [ctx.me.id]))[ctx.me.id]
    names = await topic_names(ctx, less, spelt=spelt)
    return [Lesson(topic, names[topic], times) for topic, times in less.most_common() if topic in names]


async def forget(ctx: Context, handle: str) -> None:
    """What was learnt about a topic counts no more; a second time changes nothing."""
    topic = topic_with(handle, (await digest_lessons.less_of_people(ctx.session, [ctx.me.id]))[ctx.me.id])
    if topic is not None:
        await digest_lessons.forget(ctx.session, ctx.me.id, topic)


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
    news = await choosing.news_for(session, wanting, told_until)
    waiting = await choosing.deadlines_for(session, ids, now)
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

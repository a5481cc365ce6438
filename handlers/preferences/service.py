"""Reading and changing what somebody prefers. What waits for them is looked at again after each change."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.rhythm import quiet_hours_of, rhythms_at
from handlers.preferences.rules import levels_for
from handlers.preferences.zone_search import zone_named
from storage.engine import lock
from storage.enums import (
    POSTS_OF_SECTOR,
    ConsentPurpose,
    DigestFrequency,
    Locale,
    NoticeTopic,
    PersonStatus,
    Platform,
    QuietChoice,
    TopicLevel,
)
from storage.models import Person, Sector, Topic
from storage.queries import audience, consents, digests, identity, preferences
from storage.quiet_hours import EVERY_DAY, QuietHours


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody prefers, as the settings show it.

    Attributes:
        choice: whose quiet hours count.
        quiet: those that do.
        usual: the community's.
        quiet_now: until when it is quiet for them, if it is.
        platforms: where they have an account, in the order of its making.
    """

    locale: Locale
    zone: ZoneInfo
    choice: QuietChoice
    quiet: QuietHours | None
    usual: QuietHours | None
    quiet_now: datetime | None
    channel: Platform | None
    platforms: tuple[Platform, ...]
    digest: DigestFrequency
    now: datetime


async def preferences_of(ctx: ReadContext) -> Preferences:
    """The reader's."""
    person = ctx.me
    rhythm = (await rhythms_at(ctx.session, [person], ctx.community, ctx.now))[person.id]
    accounts = await identity.accounts_of(ctx.session, person.id)
    return Preferences(
        locale=ctx.locale,
        zone=ZoneInfo(person.timezone),
        choice=person.quiet,
        quiet=quiet_hours_of(person, ctx.community),
        usual=ctx.community.quiet_hours,
        quiet_now=rhythm.quiet_until(ctx.now),
        channel=person.channel,
        platforms=tuple(dict.fromkeys(one.platform for one in accounts)),
        digest=person.digest_frequency,
        now=ctx.now,
    )


async def _mine(ctx: Context) -> Person:
    """The person, held until the end of the transaction."""
    return await lock(ctx.session, Person, Person.id, ctx.me.id) or ctx.me


async def _changed(ctx: Context, person: Person) -> None:
    await ctx.session.flush()
    await preferences.release_held(ctx.session, person.id, ctx.now)


async def speak(ctx: Context, locale: Locale) -> None:
    """Another language from now on."""
    ctx.me.locale = locale
    ctx.locale = locale


async def live_in(ctx: Context, key: str) -> None:
    """Another time zone; the digest keeps its hour on the new clock.

    Raises:
        Refusal: there is no such zone.
    """
    zone = zone_named(key)
    if zone is None:
        raise Refusal(ctx.t("I don't know this time zone. Please choose another one."))
    person = await _mine(ctx)
    if person.timezone != zone.key:
        person.timezone = zone.key
        if person.status is PersonStatus.MEMBER:
            digests.reschedule(person, ctx.now)
    await _changed(ctx, person)


def _own_hours(person: Person, ctx: ReadContext) -> None:
    """Make the hours that count now the person's own, so that one of their parts can be changed."""
    hours = quiet_hours_of(person, ctx.community)
    if person.quiet is QuietChoice.OWN or hours is None:
        person.quiet = QuietChoice.OWN
        return
    person.quiet = QuietChoice.OWN
    person.quiet_from, person.quiet_until = _minutes(hours.start), _minutes(hours.end)
    person.quiet_days = "".join(str(day) for day in sorted(hours.days))
    person.quiet_weekends = hours.weekends


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute


async def choose_quiet(ctx: Context, choice: QuietChoice) -> None:
    """The community's quiet hours, none, or one's own, which begin as those that counted before."""
    person = await _mine(ctx)
    if choice is QuietChoice.OWN:
        _own_hours(person, ctx)
    else:
        person.quiet = choice
    await _changed(ctx, person)


async def set_hours(ctx: Context, start: time, end: time) -> None:
    """One's own quiet hours."""
    person = await _mine(ctx)
    _own_hours(person, ctx)
    person.quiet_from, person.quiet_until = _minutes(start), _minutes(end)
    await _changed(ctx, person)


async def set_day(ctx: Context, day: int, *, quiet: bool) -> None:
    """Whether it becomes quiet on the evening of a weekday.

    Raises:
        Refusal: there is no such day.
    """
    if day not in EVERY_DAY:
        raise Refusal(ctx.t("There is no such day. Please choose one of the buttons."))
    person = await _mine(ctx)
    _own_hours(person, ctx)
    days = {int(one) for one in person.quiet_days}
    days = days | {day} if quiet else days - {day}
    person.quiet_days = "".join(str(one) for one in sorted(days))
    await _changed(ctx, person)


async def set_weekends(ctx: Context, *, quiet: bool) -> None:
    """Whether Saturdays and Sundays are quiet as a whole."""
    person = await _mine(ctx)
    _own_hours(person, ctx)
    person.quiet_weekends = quiet
    await _changed(ctx, person)


async def write_on(ctx: Context, channel: Platform | None) -> None:
    """Where they want to be written to; ``None``: where they acted last.

    Raises:
        Refusal: they have no account there.
    """
    person = await _mine(ctx)
    if channel is not None and channel not in (await preferences_of(ctx)).platforms:
        raise Refusal(ctx.t("I don't know you there yet. Link that account first, with /link."))
    person.channel = channel
    await _changed(ctx, person)


# Topics


@dataclass(frozen=True, slots=True)
class Levels:
    """How much somebody wants of everything that can be turned down.

    Attributes:
        levels: by topic, where they have said so.
        topics: the announcements' own.
        allows_news: whether promotional news come at all.
        has_digest: whether they get a digest, which guests do not.
        digest: how often.
    """

    levels: dict[str, TopicLevel]
    topics: tuple[Topic, ...]
    sectors: tuple[Sector, ...]
    allows_news: bool
    has_digest: bool
    digest: DigestFrequency


async def levels_of(ctx: ReadContext) -> Levels:
    """The reader's."""
    allowed = await consents.given(ctx.session, ctx.me.id)
    return Levels(
        await preferences.levels(ctx.session, ctx.me.id),
        tuple(await audience.topics(ctx.session)),
        tuple(await audience.sectors(ctx.session)),
        allowed[ConsentPurpose.NEWS],
        ctx.me.status is PersonStatus.MEMBER,
        ctx.me.digest_frequency,
    )


async def want(ctx: Context, topic: str, level: TopicLevel) -> None:
    """How much of a topic they want from now on.

    Raises:
        Refusal: there is no such topic, or it has no such level.
    """
    if not await _exists(ctx, topic):
        raise Refusal(ctx.t("There is no such topic any more."))
    if level not in levels_for(topic, has_digest=ctx.me.status is PersonStatus.MEMBER):
        raise Refusal(ctx.t("This can come at once or not at all."))
    await preferences.set_level(ctx.session, ctx.me.id, topic, level, ctx.now)
    await _changed(ctx, ctx.me)


async def _exists(ctx: ReadContext, topic: str) -> bool:
    if topic in set(NoticeTopic):
        return True
    sector = topic.removeprefix(POSTS_OF_SECTOR)
    if sector != topic:
        return any(str(one.id) == sector for one in await audience.sectors(ctx.session))
    return await audience.topic(ctx.session, topic) is not None

"""Commands and buttons of the settings."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Replies, Show, Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_
from handlers.preferences import screens, service
from storage.enums import Locale, Platform, QuietChoice, TopicLevel
from storage.queries.preferences import topic_of_sector


async def _settings(ctx: Context) -> Screen:
    return screens.settings(await service.preferences_of(ctx), t=ctx.t)


@command(
    "settings",
    "impostazioni",
    N_("Language, time zone, quiet hours, and what you get"),
    Permission.PARTICIPANT,
    home=N_("Settings"),
    home_order=85,
    acting=False,
)
async def settings(ctx: Context, _: str) -> Replies:
    """What I prefer."""
    return Show(await _settings(ctx))


@action("prefs.show", Permission.PARTICIPANT, acting=False)
async def show(ctx: Context) -> Replies:
    """What I prefer, as a new message."""
    return Tell(await _settings(ctx), privately=True)


@action("prefs.main", Permission.PARTICIPANT, acting=False)
async def main(ctx: Context) -> Replies:
    """Back to all settings."""
    return Show(await _settings(ctx))


@action("prefs.language", Permission.PARTICIPANT, acting=False)
async def languages(ctx: Context) -> Replies:
    """Which language?"""
    return Show(screens.languages(ctx.locale, t=ctx.t))


@action("prefs.speak", Permission.PARTICIPANT, acting=False)
async def speak(ctx: Context, locale: Locale) -> Replies:
    """That language."""
    await service.speak(ctx, locale)
    return Show(await _settings(ctx))


@action("prefs.zones", Permission.PARTICIPANT, acting=False)
async def zones(ctx: Context) -> Replies:
    """Which time zone?"""
    return Show(screens.zones(await service.preferences_of(ctx), t=ctx.t))


@action("prefs.search", Permission.PARTICIPANT, acting=False)
async def search(ctx: Context) -> Replies:
    """Search one by city or country."""
    return await ctx.ask("preferences.zone")


@action("prefs.zone", Permission.PARTICIPANT, acting=False)
async def zone(ctx: Context, key: str) -> Replies:
    """That one."""
    await service.live_in(ctx, key)
    return Show(screens.zones(await service.preferences_of(ctx), t=ctx.t))


async def _quiet(ctx: Context) -> Replies:
    return Show(screens.quiet(await service.preferences_of(ctx), t=ctx.t))


@action("prefs.quiet", Permission.PARTICIPANT, acting=False)
async def quiet(ctx: Context) -> Replies:
    """When do I want to be left alone?"""
    return await _quiet(ctx)


@action("prefs.hush", Permission.PARTICIPANT, acting=False)
async def hush(ctx: Context, choice: QuietChoice) -> Replies:
    """As usual here, my own, or never."""
    await service.choose_quiet(ctx, choice)
    return await _quiet(ctx)


@action("prefs.hours", Permission.PARTICIPANT, acting=False)
async def hours(ctx: Context) -> Replies:
    """From when to when?"""
    return await ctx.ask("preferences.hours")


@action("prefs.day", Permission.PARTICIPANT, acting=False)
async def day(ctx: Context, day: int, on: int) -> Replies:
    """Whether it becomes quiet on that day's evening."""
    await service.set_day(ctx, day, quiet=bool(on))
    return await _quiet(ctx)


@action("prefs.weekends", Permission.PARTICIPANT, acting=False)
async def weekends(ctx: Context, on: int) -> Replies:
    """Whether Saturdays and Sundays are quiet as a whole."""
    await service.set_weekends(ctx, quiet=bool(on))
    return await _quiet(ctx)


@action("prefs.channel", Permission.PARTICIPANT, acting=False)
async def channel(ctx: Context) -> Replies:
    """Where do I want to be written to?"""
    return Show(screens.channels(await service.preferences_of(ctx), t=ctx.t))


@action("prefs.write", Permission.PARTICIPANT, acting=False)
async def write(ctx: Context, where: str) -> Replies:
    """There."""
    if where != screens.ANYWHERE and where not in set(Platform):
        raise Refusal(ctx.t("I don't know you there yet. Link that account first, with /link."))
    await service.write_on(ctx, None if where == screens.ANYWHERE else Platform(where))
    return Show(screens.channels(await service.preferences_of(ctx), t=ctx.t))


@action("prefs.topics", Permission.PARTICIPANT, acting=False)
async def topics(ctx: Context) -> Replies:
    """How much of everything do I want?"""
    return Show(screens.topics(await service.levels_of(ctx), t=ctx.t))


@action("prefs.level", Permission.PARTICIPANT, acting=False)
async def level(ctx: Context, topic: str, level: TopicLevel) -> Replies:
    """So much of a topic."""
    await service.want(ctx, topic, level)
    return Show(screens.topics(await service.levels_of(ctx), t=ctx.t))


@action("prefs.sectors", Permission.MEMBER, acting=False)
async def sectors(ctx: Context) -> Replies:
    """How much of each sector's know-how do I want?"""
    return Show(screens.sectors(await service.levels_of(ctx), t=ctx.t))


@action("prefs.sector", Permission.MEMBER, acting=False)
async def sector(ctx: Context, sector: int, level: TopicLevel) -> Replies:
    """So much of a sector's."""
    await service.want(ctx, topic_of_sector(sector), level)
    return Show(screens.sectors(await service.levels_of(ctx), t=ctx.t))

"""Commands and buttons of announcements: writing, aiming, sending, and what their readers press."""

from handlers.announcements import drafting, option_screens, reader_screens, sending, sending_screens, service
from handlers.announcements import staff_actions as staff_actions
from handlers.announcements.approval_screens import delete_draft, deleted
from handlers.announcements.audience_screens import facet_page, part_page
from handlers.announcements.extras import Part
from handlers.announcements.reader_screens import Reader, as_read_by
from handlers.announcements.sending import How
from handlers.announcements.showing import (
    confirm_screen,
    draft_screen,
    list_screen,
    options_screen,
    reader_of,
    show,
)
from handlers.conversation.actions import action, command
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.privacy_notice import CONSENT_VERSION
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_, texts_for
from storage.audience import PARTS, Facet, Mark, Match, subject_of
from storage.enums import ChannelPost, ConsentPurpose, Locale, Platform, TopicLevel
from storage.models import Announcement
from storage.queries import announcements as stored
from storage.queries import audience, consents, preferences


@command("announce", "annuncio", N_("Write an announcement"), Permission.STAFF, opens_form=True)
async def announce(ctx: Context, _: str) -> Replies:
    """Write a new announcement."""
    return await ctx.ask("announce.write", announcement=0)


@action("announce.new", Permission.STAFF)
async def new(ctx: Context) -> Replies:
    """Write a new announcement, in answer to a button."""
    return await ctx.ask("announce.write", announcement=0)


@command(
    "announcements",
    "annunci",
    N_("Announcements and how far they got"),
    Permission.STAFF,
    home=N_("Announcements"),
    home_order=70,
)
async def announcements(ctx: Context, _: str) -> Replies:
    """Every announcement with its state."""
    return Show(await list_screen(ctx, 0))


# What is left from a live card comes as a new message: the card itself goes on being edited where it is.


@action("announce.all", Permission.STAFF)
async def everything(ctx: Context) -> Replies:
    """Every announcement, as a new message."""
    return Tell(await list_screen(ctx, 0))


@action("announce.list", Permission.STAFF)
async def turn(ctx: Context, page: int) -> Replies:
    """Turn the list's page."""
    return Show(await list_screen(ctx, page))


@action("announce.show", Permission.STAFF)
async def open_one(ctx: Context, announcement: int) -> Replies:
    """An announcement as it stands."""
    return await show(ctx, await service.find(ctx, announcement))


@action("announce.edit", Permission.STAFF)
async def edit(ctx: Context, announcement: int) -> Replies:
    """Change a draft's text."""
    row = await service.draft(ctx, announcement)
    return await ctx.ask("announce.write", announcement=row.id)


# Whom it is for


@action("announce.audience", Permission.STAFF)
async def show_audience(ctx: Context, announcement: int) -> Replies:
    """Who gets it."""
    return Show(await draft_screen(ctx, await service.draft(ctx, announcement)))


@action("announce.match", Permission.STAFF)
async def match_by(ctx: Context, announcement: int, match: Match) -> Replies:
    """All that was chosen must be met, or any of it."""
    return Show(await draft_screen(ctx, await drafting.match_by(ctx, announcement, match)))


async def _facet(ctx: Context, row: Announcement, facet: Facet, page: int) -> Replies:
    aim = await drafting.aim(ctx, row)
    return Show(facet_page(aim, facet, await drafting.choices(ctx, row, facet), page, t=ctx.t))


async def _parts(ctx: Context, row: Announcement, facet: Facet, subject: int) -> Replies:
    title, choices = await drafting.parts(ctx, row, facet, subject)
    return Show(part_page(await drafting.aim(ctx, row), facet, title, choices, t=ctx.t))


@action("announce.facet", Permission.STAFF)
async def show_facet(ctx: Context, announcement: int, facet: Facet, page: int = 0) -> Replies:
    """The values of one facet."""
    return await _facet(ctx, await service.draft(ctx, announcement), facet, page)


@action("announce.part", Permission.STAFF)
async def show_parts(ctx: Context, announcement: int, facet: Facet, subject: int) -> Replies:
    """The people of one event or mission."""
    return await _parts(ctx, await service.draft(ctx, announcement), facet, subject)


@action("announce.mark", Permission.STAFF)
async def mark(ctx: Context, announcement: int, facet: Facet, value: str, made: Mark, page: int = 0) -> Replies:
    """Choose a value, leave it out, or clear it."""
    row = await drafting.mark(ctx, announcement, facet, value, made)
    if facet in PARTS:
        return await _parts(ctx, row, facet, subject_of(value))
    return await _facet(ctx, row, facet, page)


# What goes with it, and how it is sent


@action("announce.extras", Permission.STAFF)
async def show_extras(ctx: Context, announcement: int) -> Replies:
    """Picture, file and link buttons."""
    return Show(option_screens.extras(await service.draft(ctx, announcement), t=ctx.t))


@action("announce.attach", Permission.STAFF)
async def attach(ctx: Context, announcement: int, part: Part) -> Replies:
    """Put a picture or a file with it."""
    row = await service.draft(ctx, announcement)
    return await ctx.ask("announce.file", announcement=row.id, part=part)


@action("announce.detach", Permission.STAFF)
async def detach(ctx: Context, announcement: int, part: Part) -> Replies:
    """Take the picture or the file away."""
    return Show(option_screens.extras(await drafting.attach(ctx, announcement, part, None), t=ctx.t))


@action("announce.link", Permission.STAFF)
async def link(ctx: Context, announcement: int) -> Replies:
    """Add a link button."""
    row = await service.draft(ctx, announcement)
    return await ctx.ask("announce.link", announcement=row.id)


@action("announce.unlink", Permission.STAFF)
async def unlink(ctx: Context, announcement: int, position: int) -> Replies:
    """Take a link button away."""
    return Show(option_screens.extras(await drafting.remove_link(ctx, announcement, position), t=ctx.t))


@action("announce.options", Permission.STAFF)
async def show_options(ctx: Context, announcement: int) -> Replies:
    """Channel, confirmation, late joiners."""
    return Show(options_screen(ctx, await service.draft(ctx, announcement)))


@action("announce.channel", Permission.STAFF)
async def set_channel(ctx: Context, announcement: int, channel: ChannelPost) -> Replies:
    """Whether it goes to the channels too."""
    return Show(options_screen(ctx, await drafting.set_channel(ctx, announcement, channel)))


@action("announce.confirmation", Permission.STAFF)
async def set_acknowledgement(ctx: Context, announcement: int, hours: int) -> Replies:
    """Whether readers confirm, and after how many hours they are reminded."""
    return Show(options_screen(ctx, await drafting.set_acknowledgement(ctx, announcement, hours)))


@action("announce.late", Permission.STAFF)
async def late(ctx: Context, announcement: int) -> Replies:
    """Until when those who join get it."""
    row = await service.draft(ctx, announcement)
    return await ctx.ask("announce.late", announcement=row.id)


@action("announce.nolate", Permission.STAFF)
async def no_late(ctx: Context, announcement: int) -> Replies:
    """Those who join later don't get it."""
    return Show(options_screen(ctx, await drafting.set_joins_until(ctx, announcement, None)))


# Preview


@action("announce.preview", Permission.STAFF)
async def show_preview(ctx: Context, announcement: int, reader: Locale) -> Replies:
    """What readers of a language get."""
    row = await service.draft(ctx, announcement)
    return Show(
        sending_screens.preview(
            row,
            await reader_of(ctx, row, reader),
            community=ctx.community.name,
            t=ctx.t,
            theirs=texts_for(reader),
            platforms=list(ctx.community.outlines),
        )
    )


@action("announce.on", Permission.STAFF)
async def on_platform(ctx: Context, announcement: int, platform: Platform, reader: Locale) -> Replies:
    """The messages that it becomes on a platform."""
    row = await service.draft(ctx, announcement)
    outline = ctx.community.outlines.get(platform)
    if outline is None:
        raise Refusal(ctx.t("This platform is not connected."))
    seen = as_read_by(row, await reader_of(ctx, row, reader), community=ctx.community.name, t=texts_for(reader))
    return Show(sending_screens.on_platform(row, platform, reader, outline(seen), t=ctx.t))


@action("announce.as", Permission.STAFF)
async def as_whom(ctx: Context, announcement: int) -> Replies:
    """Whose announcement is looked at."""
    row = await service.draft(ctx, announcement)
    return await ctx.ask("announce.as", announcement=row.id)


@action("announce.test", Permission.STAFF)
async def test(ctx: Context, announcement: int) -> Replies:
    """Send the real thing to whoever presses."""
    number = await sending.test_to_author(ctx, announcement)
    if not number:
        return Toast(ctx.t("It's already on its way to you."))
    return Toast(ctx.t.n("On its way to you: {n} message.", "On its way to you: {n} messages.", number))


# Sending


@action("announce.confirm", Permission.STAFF)
async def ask_to_confirm(ctx: Context, announcement: int) -> Replies:
    """The last question."""
    return Show(await confirm_screen(ctx, await service.draft(ctx, announcement)))


@action("announce.send", Permission.STAFF)
async def send(ctx: Context, announcement: int, people: int, how: How = How.WINDOW) -> Replies:
    """Send it to so many people, if they are still as many; or plan it, or ask a second person."""
    row, changed = await sending.send(ctx, announcement, people, how)
    if changed is not None:
        return (
            Show(sending_screens.confirm(changed, zone=ctx.community.zone, t=ctx.t, was=people)),
            Toast(ctx.t("The audience has changed: nothing was sent yet."), alert=True),
        )
    return await show(ctx, row)


@action("announce.delete", Permission.STAFF)
async def ask_to_delete(ctx: Context, announcement: int) -> Replies:
    """Before a draft is thrown away."""
    return Show(delete_draft(await service.draft(ctx, announcement), t=ctx.t))


@action("announce.discard", Permission.STAFF)
async def discard(ctx: Context, announcement: int) -> Replies:
    """Throw a draft away."""
    await drafting.discard(ctx, announcement)
    return Show(deleted(t=ctx.t))


# For its readers


@action("announce.read", Permission.PARTICIPANT)
async def read(ctx: Context, announcement: int) -> Replies:
    """An announcement that the reader missed, or that was corrected."""
    return Tell(await _for_me(ctx, await service.readable(ctx, announcement)), privately=True)


async def _for_me(ctx: Context, row: Announcement) -> Screen:
    confirmed = bool(row.asks_ack) and await stored.acknowledged(ctx.session, row.id, ctx.me.id)
    reader = Reader(ctx.locale, ctx.zone, await service.topic_of(ctx, row), confirmed)
    return as_read_by(row, reader, community=ctx.community.name, t=ctx.t)


@action("announce.ack", Permission.PARTICIPANT, acting=False)
async def acknowledge(ctx: Context, announcement: int) -> Replies:
    """I have read it."""
    row, fresh = await service.acknowledge(ctx, announcement)
    said = Toast(ctx.t("Thank you, noted.") if fresh else ctx.t("You had confirmed it already."))
    # In a channel the button stays, for the others.
    return (Show(await _for_me(ctx, row)), said) if ctx.event.private else said


@action("announce.mute", Permission.PERSON)
async def mute(ctx: Context) -> Replies:
    """No more promotional news."""
    await consents.record(
        ctx.session,
        ctx.me.id,
        {ConsentPurpose.NEWS: False},
        version=CONSENT_VERSION,
        locale=ctx.locale,
        platform=ctx.platform or Platform.WEB,
        now=ctx.now,
    )
    return Tell(reader_screens.muted(ctx.t), privately=True)


@action("announce.less", Permission.PERSON)
async def less(ctx: Context, topic: str) -> Replies:
    """No more promotional news about a topic."""
    found = await audience.topic(ctx.session, topic)
    if found is None:
        raise Refusal(ctx.t("There is no such topic any more."))
    await preferences.set_level(ctx.session, ctx.me.id, found.key, TopicLevel.MUTED, ctx.now)
    return Tell(reader_screens.quieter(found, t=ctx.t), privately=True)


async def _my_topics(ctx: Context) -> Screen:
    news = (await consents.given(ctx.session, ctx.me.id))[ConsentPurpose.NEWS]
    return reader_screens.my_topics(
        await audience.topics(ctx.session), await preferences.levels(ctx.session, ctx.me.id), news=news, t=ctx.t
    )


@command("topics", "argomenti", N_("Which news you want, and how"), Permission.PARTICIPANT)
async def topics(ctx: Context, _: str) -> Replies:
    """How much of each topic I want."""
    return Show(await _my_topics(ctx))


@action("announce.topics", Permission.PERSON)
async def show_topics(ctx: Context) -> Replies:
    """How much of each topic I want, as a new message."""
    return Tell(await _my_topics(ctx), privately=True)


@action("announce.level", Permission.PERSON)
async def set_level(ctx: Context, topic: str, level: TopicLevel) -> Replies:
    """Change how much of a topic I want."""
    found = await audience.topic(ctx.session, topic)
    if found is None:
        raise Refusal(ctx.t("There is no such topic any more."))
    await preferences.set_level(ctx.session, ctx.me.id, found.key, level, ctx.now)
    await ctx.session.flush()
    return Show(await _my_topics(ctx))

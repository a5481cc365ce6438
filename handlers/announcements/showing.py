"""From rows to screens: what several actions and forms show alike."""

from handlers.announcements import drafting, sending, sending_screens, service, watching
from handlers.announcements.approval_screens import decided
from handlers.announcements.approval_screens import review as review_screen
from handlers.announcements.audience_screens import audience as audience_screen
from handlers.announcements.option_screens import Options, options
from handlers.announcements.progress_screens import all_announcements, progress_card
from handlers.announcements.reader_screens import Reader
from handlers.conversation.context import Context, ReadContext
from handlers.conversation.event import Replies, Show
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import texts_for
from storage.enums import AnnouncementStatus, Locale
from storage.models import Announcement
from storage.queries import announcements as stored


async def reader_of(ctx: ReadContext, row: Announcement, locale: Locale) -> Reader:
    """Somebody who reads that language and has not confirmed anything."""
    return Reader(locale, ctx.community.zone, await service.topic_of(ctx, row))


async def as_person(ctx: ReadContext, row: Announcement, person_id: int) -> Screen:
    """The announcement as one person gets it."""
    found = await sending.recipient(ctx, row, person_id)
    reader = await reader_of(ctx, row, found.person.locale)
    return sending_screens.as_recipient(
        row, found, reader, community=ctx.community.name, t=ctx.t, theirs=texts_for(found.person.locale)
    )


async def confirm_screen(ctx: ReadContext, row: Announcement, *, was: int | None = None) -> Screen:
    """The last question."""
    asked = await sending.confirmation(ctx, row)
    return sending_screens.confirm(asked, zone=ctx.community.zone, t=ctx.t, was=was)


def options_screen(ctx: ReadContext, row: Announcement) -> Screen:
    """Channel, confirmation, late joiners."""
    channels = [channel.platform.value for channel in ctx.community.channels]
    return options(Options(row, channels, ctx.community.zone), t=ctx.t)


async def draft_screen(ctx: ReadContext, row: Announcement) -> Screen:
    """A draft to go on with: who gets it."""
    return audience_screen(await drafting.aim(ctx, row), t=ctx.t)


async def progress_screen(ctx: ReadContext, row: Announcement) -> Screen:
    """How far it got."""
    return progress_card(await watching.shown(ctx, row), t=ctx.t)


async def planned_screen_of(ctx: ReadContext, row: Announcement) -> Screen:
    """What waits for its moment."""
    plan = await stored.plan_of(ctx.session, row.id)
    moment = await sending.moment_of(ctx, row, plan)
    people = (await drafting.aim(ctx, row)).reach.people
    return sending_screens.planned(row, sending.as_planned(moment, plan), people, zone=ctx.community.zone, t=ctx.t)


async def review_screen_of(ctx: ReadContext, row: Announcement) -> Screen:
    """What a second person decides on, or that it was decided."""
    if row.status is not AnnouncementStatus.APPROVAL:
        return decided(row, t=ctx.t)
    return review_screen(await sending.review(ctx, row), zone=ctx.community.zone, t=ctx.t)


async def show(ctx: Context, row: Announcement) -> Replies:
    """An announcement as it stands: a draft, a request, a plan, or how far it got."""
    match row.status:
        case AnnouncementStatus.DRAFT:
            return Show(await draft_screen(ctx, row))
        case AnnouncementStatus.APPROVAL:
            return Show(await review_screen_of(ctx, row), service.review_card_of(row.id))
        case AnnouncementStatus.PLANNED:
            return Show(await planned_screen_of(ctx, row))
        case _:
            return Show(await progress_screen(ctx, row), service.card_of(row.id))


async def list_screen(ctx: ReadContext, page: int) -> Screen:
    """Every announcement with its state."""
    owner = ctx.may(Permission.OWNER)
    return all_announcements(await watching.listed(ctx, page), zone=ctx.zone, owner=owner, t=ctx.t)

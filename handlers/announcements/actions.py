"""Commands and buttons of announcements."""

from handlers.announcements import service
from handlers.announcements.progress_screens import all_announcements, progress_card
from handlers.announcements.progress_screens import results as results_screen
from handlers.announcements.screens import (
    as_read_by,
    audience,
    confirm,
    delete_draft,
    deleted,
    facet_page,
    muted,
    preview,
)
from handlers.conversation.actions import action, command
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.privacy_notice import CONSENT_VERSION
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_, texts_for
from storage.audience import Facet, Mark
from storage.enums import AnnouncementStatus, ConsentPurpose, Locale, Platform
from storage.models import Announcement
from storage.queries import consents


@command("announce", "annuncio", N_("Write an announcement"), Permission.STAFF, opens_form=True)
async def announce(ctx: Context, _: str) -> Replies:
    """Write a new announcement."""
    return await ctx.ask("announce.write", announcement=0)


@action("announce.new", Permission.STAFF)
async def new(ctx: Context) -> Replies:
    """Write a new announcement, in answer to a button."""
    return await ctx.ask("announce.write", announcement=0)


async def _listed(ctx: ReadContext, page: int) -> Screen:
    return all_announcements(await service.listed(ctx, page), zone=ctx.zone, t=ctx.t)


async def _card(ctx: ReadContext, row: Announcement) -> Screen:
    result = await service.totals(ctx.session, row.id)
    return progress_card(row, result, await service.time_left(ctx, row, result), t=ctx.t)


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
    return Show(await _listed(ctx, 0))


# What is left from a live card comes as a new message: the card itself goes on being edited where it is.


@action("announce.all", Permission.STAFF)
async def everything(ctx: Context) -> Replies:
    """Every announcement, as a new message."""
    return Tell(await _listed(ctx, 0))


@action("announce.list", Permission.STAFF)
async def turn(ctx: Context, page: int) -> Replies:
    """Turn the list's page."""
    return Show(await _listed(ctx, page))


@action("announce.show", Permission.STAFF)
async def show(ctx: Context, announcement: int) -> Replies:
    """A draft to go on with, or how far a sent one got."""
    row = await service.find(ctx, announcement)
    if row.status is AnnouncementStatus.DRAFT:
        return Show(audience(await service.aim(ctx, row), t=ctx.t))
    return Show(await _card(ctx, row), service.card_of(row.id))


@action("announce.edit", Permission.STAFF)
async def edit(ctx: Context, announcement: int) -> Replies:
    """Change a draft's text."""
    row = await service.draft(ctx, announcement)
    return await ctx.ask("announce.write", announcement=row.id)


@action("announce.audience", Permission.STAFF)
async def show_audience(ctx: Context, announcement: int) -> Replies:
    """Who gets it."""
    row = await service.draft(ctx, announcement)
    return Show(audience(await service.aim(ctx, row), t=ctx.t))


async def _facet(ctx: Context, row: Announcement, facet: Facet, page: int) -> Replies:
    aim = await service.aim(ctx, row)
    return Show(facet_page(aim, facet, await service.choices(ctx, row, facet), page, t=ctx.t))


@action("announce.facet", Permission.STAFF)
async def show_facet(ctx: Context, announcement: int, facet: Facet, page: int = 0) -> Replies:
    """The values of one facet."""
    return await _facet(ctx, await service.draft(ctx, announcement), facet, page)


@action("announce.mark", Permission.STAFF)
async def mark(ctx: Context, announcement: int, facet: Facet, value: str, made: Mark, page: int = 0) -> Replies:
    """Choose a value, leave it out, or clear it."""
    return await _facet(ctx, await service.mark(ctx, announcement, facet, value, made), facet, page)


@action("announce.preview", Permission.STAFF)
async def show_preview(ctx: Context, announcement: int, reader: Locale) -> Replies:
    """What readers of a language get."""
    row = await service.draft(ctx, announcement)
    return Show(preview(row, reader, community=ctx.community.name, t=ctx.t, theirs=texts_for(reader)))


@action("announce.test", Permission.STAFF)
async def test(ctx: Context, announcement: int) -> Replies:
    """Send the real thing to whoever presses."""
    number = await service.test_to_author(ctx, announcement)
    if not number:
        return Toast(ctx.t("It's already on its way to you."))
    return Toast(ctx.t.n("On its way to you: {n} message.", "On its way to you: {n} messages.", number))


@action("announce.confirm", Permission.STAFF)
async def ask_to_confirm(ctx: Context, announcement: int) -> Replies:
    """The last question."""
    row = await service.draft(ctx, announcement)
    return Show(confirm(await service.aim(ctx, row), t=ctx.t))


@action("announce.send", Permission.STAFF)
async def send(ctx: Context, announcement: int, people: int) -> Replies:
    """Send it to so many people, if they are still as many."""
    row, changed = await service.send(ctx, announcement, people)
    if changed is not None:
        return (
            Show(confirm(changed, t=ctx.t, was=people)),
            Toast(ctx.t("The audience has changed: nothing was sent yet."), alert=True),
        )
    return Show(await _card(ctx, row), service.card_of(row.id))


@action("announce.delete", Permission.STAFF)
async def ask_to_delete(ctx: Context, announcement: int) -> Replies:
    """Before a draft is thrown away."""
    return Show(delete_draft(await service.draft(ctx, announcement), t=ctx.t))


@action("announce.discard", Permission.STAFF)
async def discard(ctx: Context, announcement: int) -> Replies:
    """Throw a draft away."""
    await service.discard(ctx, announcement)
    return Show(deleted(t=ctx.t))


@action("announce.pause", Permission.STAFF)
async def pause(ctx: Context, announcement: int) -> Replies:
    """Hold back what is not on its way yet."""
    row = await service.pause(ctx, announcement)
    return Show(await _card(ctx, row), service.card_of(row.id))


@action("announce.resume", Permission.STAFF)
async def resume(ctx: Context, announcement: int) -> Replies:
    """Go on."""
    row = await service.resume(ctx, announcement)
    return Show(await _card(ctx, row), service.card_of(row.id))


@action("announce.stop", Permission.STAFF)
async def stop(ctx: Context, announcement: int) -> Replies:
    """Never send what is not on its way yet."""
    row = await service.stop(ctx, announcement)
    return Show(await _card(ctx, row), service.card_of(row.id))


async def _results(ctx: Context, announcement: int, page: int) -> Screen:
    row = await service.find(ctx, announcement)
    if row.status is AnnouncementStatus.DRAFT:
        raise Refusal(ctx.t("It has not been sent yet."))
    return results_screen(await service.results(ctx, row, page), t=ctx.t)


@action("announce.results", Permission.STAFF)
async def results(ctx: Context, announcement: int) -> Replies:
    """What became of every recipient, as a new message."""
    return Tell(await _results(ctx, announcement, 0), privately=True)


@action("announce.page", Permission.STAFF)
async def results_page(ctx: Context, announcement: int, page: int) -> Replies:
    """Turn the page of those not reached."""
    return Show(await _results(ctx, announcement, page))


@action("announce.retry", Permission.STAFF)
async def retry(ctx: Context, announcement: int) -> Replies:
    """Try again where it failed."""
    row, number = await service.retry_failed(ctx, announcement)
    return await _again(ctx, row, number)


@action("announce.resend", Permission.STAFF)
async def resend(ctx: Context, announcement: int) -> Replies:
    """Send again where nobody knows whether it arrived."""
    row, number = await service.resend_uncertain(ctx, announcement)
    return await _again(ctx, row, number)


async def _again(ctx: Context, row: Announcement, number: int) -> Replies:
    shown = Show(await _card(ctx, row), service.card_of(row.id))
    if not number:
        return shown, Toast(ctx.t("There is nothing to send again."))
    return shown, Toast(ctx.t.n("Sending to {n} person again.", "Sending to {n} people again.", number))


# For its readers


@action("announce.read", Permission.PARTICIPANT)
async def read(ctx: Context, announcement: int) -> Replies:
    """An announcement that the reader missed."""
    row = await service.readable(ctx, announcement)
    return Tell(as_read_by(row, ctx.locale, community=ctx.community.name, t=ctx.t), privately=True)


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
    return Tell(muted(ctx.t), privately=True)

"""Buttons of the staff around sending: when, by whom approved, how far it got, and what is mended afterwards."""

from datetime import timedelta

from handlers.announcements import (
    approval_screens,
    correcting,
    follow_up_screens,
    sending,
    sending_screens,
    service,
    watching,
)
from handlers.announcements.outlook import moment_in, outlook
from handlers.announcements.outlook_screens import outlook as outlook_screen
from handlers.announcements.progress_screens import ask_to_resend
from handlers.announcements.progress_screens import results as results_screen
from handlers.announcements.reader_screens import as_read_by
from handlers.announcements.rules import TELEGRAM_DELETES_WITHIN
from handlers.announcements.showing import (
    as_person,
    confirm_screen,
    progress_screen,
    reader_of,
    review_screen_of,
    show,
)
from handlers.conversation.actions import action
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.sheets.writing import SheetForm
from storage.enums import OutboxState, SubjectKind
from storage.models import Announcement, AuditEntry
from storage.queries import announcements as stored
from storage.queries import audience, outbox_results
from storage.queries.audience import Target

# When


@action("announce.when", Permission.STAFF)
async def when(ctx: Context, announcement: int) -> Replies:
    """At once, at a time, or by an event."""
    row = await service.draft(ctx, announcement)
    moment = await sending.moment_of(ctx, row, await stored.plan_of(ctx.session, row.id))
    ahead = [one for one in await audience.events(ctx.session, ctx.now) if one.starts_at > ctx.now]
    zone = ctx.community.zone
    return Show(sending_screens.when_menu(row, moment, zone=zone, events=len(ahead), t=ctx.t))


@action("announce.now", Permission.STAFF)
async def at_once(ctx: Context, announcement: int) -> Replies:
    """At once, after all."""
    return Show(await confirm_screen(ctx, await sending.plan_at(ctx, announcement, "")))


@action("announce.at", Permission.STAFF)
async def at(ctx: Context, announcement: int) -> Replies:
    """At a day and hour."""
    row = await service.draft(ctx, announcement)
    return await ctx.ask("announce.at", announcement=row.id)


@action("announce.by", Permission.STAFF)
async def by_event(ctx: Context, announcement: int) -> Replies:
    """By an event."""
    row = await service.draft(ctx, announcement)
    return await ctx.ask("announce.by", announcement=row.id)


@action("announce.unplan", Permission.STAFF)
async def take_back(ctx: Context, announcement: int) -> Replies:
    """A draft again, before it goes out."""
    return await show(ctx, await sending.take_back(ctx, announcement))


@action("announce.look", Permission.STAFF)
async def look(ctx: Context, announcement: int) -> Replies:
    """Read what waits to be sent, as a new message."""
    row = await service.find(ctx, announcement)
    seen = as_read_by(row, await reader_of(ctx, row, ctx.locale), community=ctx.community.name, t=ctx.t)
    return Tell(Screen(seen.blocks, files=seen.files, summary=seen.summary), privately=True)


@action("announce.person", Permission.STAFF)
async def as_somebody(ctx: Context, announcement: int, person: int) -> Replies:
    """The announcement as one person gets it."""
    return Show(await as_person(ctx, await service.draft(ctx, announcement), person))


# The second person


@action("announce.approve", Permission.STAFF)
async def approve(ctx: Context, announcement: int, people: int) -> Replies:
    """Let it go out to so many people."""
    row, held = await sending.approve(ctx, announcement, people)
    shown = Show(await review_screen_of(ctx, row), service.review_card_of(row.id))
    if not held:
        return shown, Toast(ctx.t("The audience has changed: nothing was sent yet."), alert=True)
    return shown, Toast(ctx.t("Approved."))


@action("announce.back", Permission.STAFF)
async def back(ctx: Context, announcement: int) -> Replies:
    """Not like this: say why."""
    row = await service.find(ctx, announcement)
    return await ctx.ask("announce.back", announcement=row.id)


# The trial


@action("announce.trial", Permission.OWNER)
async def ask_to_end_trial(ctx: Context) -> Replies:
    """Before the trial ends."""
    target = Target(trial=True)
    staff = (await audience.reach(ctx.session, target)).people
    everybody = (await audience.reach(ctx.session, target.for_everybody())).people
    return Show(approval_screens.end_trial(staff=staff, everybody=everybody, t=ctx.t))


@action("announce.golive", Permission.OWNER)
async def end_trial(ctx: Context) -> Replies:
    """From now on announcements go to whomever they are meant for."""
    if await stored.end_trial(ctx.session, ctx.me.id, ctx.now):
        ctx.session.add(
            AuditEntry(
                at=ctx.now,
                by_person_id=ctx.me.id,
                action="announcement.trial_ended",
                subject_kind=SubjectKind.PERSON,
                subject_id=ctx.me.id,
            )
        )
    return Show(approval_screens.trial_ended(t=ctx.t))


# How far it got


@action("announce.pause", Permission.STAFF)
async def pause(ctx: Context, announcement: int) -> Replies:
    """Hold back what is not on its way yet."""
    row = await watching.pause(ctx, announcement)
    return Show(await progress_screen(ctx, row), service.card_of(row.id))


@action("announce.resume", Permission.STAFF)
async def resume(ctx: Context, announcement: int) -> Replies:
    """Go on."""
    row = await watching.resume(ctx, announcement)
    return Show(await progress_screen(ctx, row), service.card_of(row.id))


@action("announce.stop", Permission.STAFF)
async def stop(ctx: Context, announcement: int) -> Replies:
    """Never send what is not on its way yet."""
    row = await watching.stop(ctx, announcement)
    return Show(await progress_screen(ctx, row), service.card_of(row.id))


async def _results(ctx: Context, announcement: int, page: int) -> Screen:
    row = await watching.begun(ctx, announcement)
    return results_screen(await watching.results(ctx, row, page), t=ctx.t)


@action("announce.results", Permission.STAFF)
async def results(ctx: Context, announcement: int) -> Replies:
    """What became of every recipient, as a new message."""
    return Tell(await _results(ctx, announcement, 0), privately=True)


@action("announce.page", Permission.STAFF)
async def results_page(ctx: Context, announcement: int, page: int) -> Replies:
    """Turn the page of those not reached."""
    return Show(await _results(ctx, announcement, page))


@action("announce.export", Permission.STAFF)
async def export(ctx: Context, announcement: int, form: SheetForm) -> Replies:
    """Every result as a file."""
    await watching.export(ctx, announcement, form)
    return Toast(ctx.t("The file is on its way to you."))


@action("announce.retry", Permission.STAFF)
async def retry(ctx: Context, announcement: int) -> Replies:
    """Try again where it failed."""
    row, number = await watching.retry_failed(ctx, announcement)
    return await _again(ctx, row, number)


@action("announce.doubt", Permission.STAFF)
async def ask_about_doubt(ctx: Context, announcement: int) -> Replies:
    """Before it is sent again to those who may have it."""
    row = await watching.begun(ctx, announcement)
    counts = await outbox_results.counts(ctx.session, row.id)
    return Show(ask_to_resend(row, counts.get(OutboxState.UNCERTAIN, 0), t=ctx.t))


@action("announce.resend", Permission.STAFF)
async def resend(ctx: Context, announcement: int) -> Replies:
    """Send again where nobody knows whether it arrived."""
    row, number = await watching.resend_uncertain(ctx, announcement)
    return await _again(ctx, row, number)


async def _again(ctx: Context, row: Announcement, number: int) -> Replies:
    shown = Show(await progress_screen(ctx, row), service.card_of(row.id))
    if not number:
        return shown, Toast(ctx.t("There is nothing to send again."))
    return shown, Toast(ctx.t.n("Sending to {n} person again.", "Sending to {n} people again.", number))


# Afterwards


@action("announce.correct", Permission.STAFF)
async def correct(ctx: Context, announcement: int) -> Replies:
    """Put another text in the place of the one that was sent."""
    row = await correcting.correctable(ctx, announcement)
    return await ctx.ask("announce.correct", announcement=row.id)


@action("announce.withdraw", Permission.STAFF)
async def ask_to_withdraw(ctx: Context, announcement: int) -> Replies:
    """Before it is deleted everywhere; as a new message, since the card goes on being edited."""
    row = await correcting.correctable(ctx, announcement)
    counts = await outbox_results.counts(ctx.session, row.id)
    before = ctx.now - TELEGRAM_DELETES_WITHIN
    too_old = await outbox_results.count_arrived_before(ctx.session, row.id, before)
    return Tell(
        follow_up_screens.ask_to_withdraw(row, counts.get(OutboxState.SENT, 0), too_old, t=ctx.t), privately=True
    )


@action("announce.remove", Permission.STAFF)
async def withdraw(ctx: Context, announcement: int) -> Replies:
    """Delete it everywhere."""
    row = await correcting.withdraw(ctx, announcement)
    return Show(follow_up_screens.removed(row, await correcting.removed(ctx, row), t=ctx.t))


@action("announce.removed", Permission.STAFF)
async def removed(ctx: Context, announcement: int) -> Replies:
    """How far the withdrawal got."""
    row = await watching.begun(ctx, announcement)
    return Show(follow_up_screens.removed(row, await correcting.removed(ctx, row), t=ctx.t))


@action("announce.unread", Permission.STAFF)
async def unread(ctx: Context, announcement: int, page: int = -1) -> Replies:
    """Who has not confirmed it; as a new message, unless a page is turned."""
    row = await correcting.asks(ctx, announcement)
    shown = await correcting.unread(ctx, row, max(page, 0))
    drawn = follow_up_screens.unread(shown, zone=ctx.zone, t=ctx.t)
    return Show(drawn) if page >= 0 else Tell(drawn, privately=True)


@action("announce.chase", Permission.STAFF)
async def chase(ctx: Context, announcement: int, seen: int) -> Replies:
    """Remind those who have not confirmed it."""
    row, done = await correcting.chase(ctx, announcement, seen)
    drawn = follow_up_screens.unread(await correcting.unread(ctx, row, 0), zone=ctx.zone, t=ctx.t)
    return Show(drawn), Toast(ctx.t("They are being reminded.") if done else ctx.t("They were reminded already."))


@action("announce.outlook", Permission.STAFF)
async def show_outlook(ctx: Context, stamp: int) -> Replies:
    """What goes out in an hour."""
    start = moment_in(ctx, stamp)
    hour = start - timedelta(minutes=start.minute, seconds=start.second, microseconds=start.microsecond)
    return Show(outlook_screen(await outlook(ctx, hour), zone=ctx.community.zone, t=ctx.t))


@action("announce.outlookat", Permission.STAFF)
async def ask_outlook(ctx: Context) -> Replies:
    """What goes out at another time."""
    return await ctx.ask("announce.outlookat")

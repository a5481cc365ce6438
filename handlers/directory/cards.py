"""Live cards of requests and reports, and the lines on the home screen."""

from handlers.conversation.actions import card, home_line
from handlers.conversation.context import ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.directory import introduction_screens, service
from storage.queries import introductions


@card(service.REQUEST_CARD)
async def request_card(ctx: ReadContext, introduction_id: int) -> Screen | None:
    """A request, for the one who was asked alone."""
    row = await introductions.find(ctx.session, introduction_id)
    if row is None or ctx.person is None or row.asked_id != ctx.person.id:
        return None
    return introduction_screens.asked(service.request_of(row, ctx.person.id), zone=ctx.zone, t=ctx.t)


@card(service.REPORT_CARD)
async def report_card(ctx: ReadContext, report_id: int) -> Screen | None:
    """A report, for the staff."""
    found = await service.report_of(ctx, report_id) if ctx.may(Permission.STAFF) else None
    return introduction_screens.report(found, t=ctx.t) if found is not None else None


@home_line
async def waiting_requests(ctx: ReadContext) -> str | None:
    """How many would like to meet the reader."""
    if ctx.person is None or not ctx.may(Permission.MEMBER):
        return None
    number = await introductions.count_to_answer(ctx.session, ctx.person.id, ctx.now)
    if not number:
        return None
    return ctx.t.n("{n} person would like to meet you", "{n} people would like to meet you", number)


@home_line
async def waiting_reports(ctx: ReadContext) -> str | None:
    """How many reports wait for the staff."""
    if not ctx.may(Permission.STAFF):
        return None
    number = await introductions.count_reports(ctx.session)
    return ctx.t.n("{n} report waits for the staff", "{n} reports wait for the staff", number) if number else None

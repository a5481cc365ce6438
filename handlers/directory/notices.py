"""What is told unasked about introductions, looked at again when it is sent."""

from datetime import datetime, timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.directory import introduction_screens, service
from handlers.directory.rules import LASTS
from storage.enums import IntroductionStatus, NoticeTopic, PersonStatus, Priority
from storage.models import Introduction
from storage.queries import directory, introductions


async def _open(ctx: ReadContext, introduction_id: int) -> Introduction | None:
    """A request to the reader that they can still answer, of somebody who is still there."""
    row = await introductions.find(ctx.session, introduction_id)
    if row is None or row.asked_id != ctx.me.id or row.status is not IntroductionStatus.OPEN:
        return None
    if row.expires_at <= ctx.now or row.asker.status is not PersonStatus.MEMBER:
        return None
    return None if await directory.is_blocked(ctx.session, row.asker_id, row.asked_id) else row


async def _ends(ctx: ReadContext, introduction: int) -> datetime | None:
    """Until when it can be answered."""
    row = await introductions.find(ctx.session, introduction)
    return row.expires_at if row is not None else None


@notice(
    "introduction.asked",
    priority=Priority.REMINDER,
    again=True,
    useful_for=LASTS,
    topic=NoticeTopic.INTRODUCTIONS,
    quiet=Quiet.WAITS,
    known_by=_ends,
)
async def asked(ctx: ReadContext, introduction: int) -> Tell | None:
    """Somebody would like to meet the reader."""
    row = await _open(ctx, introduction)
    if row is None:
        return None
    shown = introduction_screens.asked(service.request_of(row, ctx.me.id), zone=ctx.zone, t=ctx.t)
    return Tell(shown, card=CardKey(service.REQUEST_CARD, row.id))


@notice(
    "introduction.reminder",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    topic=NoticeTopic.INTRODUCTIONS,
    quiet=Quiet.WAITS,
    known_by=_ends,
)
async def reminder(ctx: ReadContext, introduction: int) -> Tell | None:
    """The reader said "not now", and it still waits."""
    row = await _open(ctx, introduction)
    if row is None:
        return None
    shown = introduction_screens.reminder(service.request_of(row, ctx.me.id), zone=ctx.zone, t=ctx.t)
    return Tell(shown, card=CardKey(service.REQUEST_CARD, row.id))


@notice(
    "introduction.made",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def made(ctx: ReadContext, introduction: int) -> Screen | None:
    """Both said yes: how to reach the other one."""
    row = await introductions.find(ctx.session, introduction)
    if row is None or row.status is not IntroductionStatus.ACCEPTED or row.asker_id != ctx.me.id:
        return None
    other, contact = await service.contact_for(ctx, row)
    return introduction_screens.made(other.name, service.about(other), contact, both_asked=False, t=ctx.t)


@notice(
    "introduction.ended",
    priority=Priority.REMINDER,
    again=True,
    useful_for=LASTS,
    topic=NoticeTopic.INTRODUCTIONS,
    quiet=Quiet.WAITS,
)
async def ended(ctx: ReadContext, introduction: int) -> Screen | None:
    """Nothing came of it; the same whether it was declined or not answered."""
    row = await introductions.find(ctx.session, introduction)
    if row is None or row.asker_id != ctx.me.id or row.status is IntroductionStatus.ACCEPTED:
        return None
    return introduction_screens.ended(row.asked.name, t=ctx.t)


@notice(
    "introduction.reported",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=14),
    topic=None,
    quiet=Quiet.WAITS,
)
async def reported(ctx: ReadContext, report: int) -> Tell | None:
    """To the staff: somebody was reported; nothing once it was dealt with."""
    found = await service.report_of(ctx, report)
    if found is None or found.settled_by or not ctx.may(Permission.STAFF):
        return None
    return Tell(introduction_screens.report(found, t=ctx.t), card=CardKey(service.REPORT_CARD, report))

"""What is told unasked about joining and linking."""

from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.identity import screens
from handlers.identity.cards import request_screen
from handlers.identity.service import REQUEST_CARD
from storage.enums import Platform, Priority


@notice(
    "identity.request",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=14),
    topic=None,
    quiet=Quiet.WAITS,
)
async def request(ctx: ReadContext, person: int) -> Tell | None:
    """To the staff: somebody asks to join."""
    if not ctx.may(Permission.STAFF):
        return None
    shown = await request_screen(ctx, person)
    return Tell(shown, CardKey(REQUEST_CARD, person)) if shown else None


@notice("identity.joined", priority=Priority.REMINDER, again=True, useful_for=None, topic=None, quiet=Quiet.BREAKS)
async def joined(ctx: ReadContext) -> Screen:
    """To the newcomer: you are in."""
    return screens.joined(ctx.me.name.split()[0] if ctx.me.name else "", ctx.community, t=ctx.t)


@notice(
    "identity.refused",
    priority=Priority.REMINDER,
    again=True,
    useful_for=None,
    to_participants=False,
    topic=None,
    quiet=Quiet.WAITS,
)
async def refused(ctx: ReadContext, reason: str) -> Screen:
    """To whoever could not be accepted."""
    return screens.refused(reason, ctx.community, t=ctx.t)


@notice(
    "identity.linked",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=2),
    to_participants=False,
    topic=None,
    quiet=Quiet.BREAKS,
)
async def linked(ctx: ReadContext, platform: str) -> Screen:
    """On the platform that was there before: another one was linked."""
    return screens.linked(Platform(platform), t=ctx.t)

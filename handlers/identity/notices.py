"""What is told unasked about joining and linking."""

from datetime import timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.organisation_requests import MOVE_CARD
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.identity import linking_screens, screens
from handlers.identity.cards import move_screen, request_screen
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
    return linking_screens.linked(Platform(platform), t=ctx.t)


@notice(
    "identity.unlinked",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=2),
    to_participants=False,
    topic=None,
    quiet=Quiet.BREAKS,
)
async def unlinked(ctx: ReadContext, platform: str) -> Screen:
    """On the platform that stays: another one was unlinked."""
    return linking_screens.parted(Platform(platform), t=ctx.t)


@notice(
    "identity.move",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=14),
    topic=None,
    quiet=Quiet.WAITS,
)
async def move(ctx: ReadContext, request: int) -> Tell | None:
    """To the staff: a member wants to belong elsewhere."""
    if not ctx.may(Permission.STAFF):
        return None
    shown = await move_screen(ctx, request)
    return Tell(shown, CardKey(MOVE_CARD, request)) if shown else None


@notice("identity.moved", priority=Priority.REMINDER, again=True, useful_for=None, topic=None, quiet=Quiet.WAITS)
async def moved(ctx: ReadContext, organisation: str, reason: str) -> Screen:
    """To the member: the staff's answer."""
    if organisation:
        return screens.moved(organisation, t=ctx.t)
    return screens.not_moved(reason, ctx.community, t=ctx.t)

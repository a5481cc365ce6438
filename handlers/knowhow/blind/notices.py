"""What is told unasked about interest in blind posts, looked at again when it is sent."""

from datetime import datetime, timedelta

from handlers.conversation.actions import Quiet, notice
from handlers.conversation.context import ReadContext
from handlers.conversation.event import CardKey, Tell
from handlers.conversation.screen import Screen
from handlers.knowhow.blind import screens, service
from handlers.knowhow.blind.rules import LASTS
from handlers.knowhow.blind.service import INTEREST_CARD
from storage.enums import InterestState, NoticeTopic, Priority
from storage.models import BlindInterest
from storage.queries import blind


async def _ends(ctx: ReadContext, interest: int) -> datetime | None:
    """Until when it can be answered."""
    row = await blind.find(ctx.session, interest)
    return row.expires_at if row is not None else None


async def _asked(ctx: ReadContext, interest: int) -> BlindInterest | None:
    """An interest that the reader can still answer."""
    row = await blind.find(ctx.session, interest)
    if row is None or row.post.author_id != ctx.me.id or not await service.is_answerable(ctx, row):
        return None
    return row


@notice(
    "blind.interest",
    priority=Priority.REMINDER,
    again=True,
    useful_for=LASTS,
    topic=NoticeTopic.INTRODUCTIONS,
    quiet=Quiet.WAITS,
    known_by=_ends,
)
async def interest(ctx: ReadContext, interest: int) -> Tell | None:
    """To who wrote the post: somebody is interested; unless they changed their mind."""
    row = await _asked(ctx, interest)
    if row is None:
        return None
    shown = screens.asked(service.shown_to_author(row), zone=ctx.zone, t=ctx.t)
    return Tell(shown, card=CardKey(INTEREST_CARD, row.id))


@notice(
    "blind.reminder",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=7),
    topic=NoticeTopic.INTRODUCTIONS,
    quiet=Quiet.WAITS,
    known_by=_ends,
)
async def reminder(ctx: ReadContext, interest: int) -> Tell | None:
    """The same, after some days of silence."""
    row = await _asked(ctx, interest)
    if row is None:
        return None
    shown = screens.reminder(service.shown_to_author(row), zone=ctx.zone, t=ctx.t)
    return Tell(shown, card=CardKey(INTEREST_CARD, row.id))


async def _mine(ctx: ReadContext, interest: int, state: InterestState) -> BlindInterest | None:
    """The reader's own interest, if it stands so."""
    row = await blind.find(ctx.session, interest)
    return row if row is not None and row.person_id == ctx.me.id and row.state is state else None


@notice(
    "blind.introduced",
    priority=Priority.REMINDER,
    again=True,
    useful_for=timedelta(days=30),
    topic=None,
    quiet=Quiet.WAITS,
)
async def introduced(ctx: ReadContext, interest: int) -> Screen | None:
    """To who was interested: both said yes."""
    row = await _mine(ctx, interest, InterestState.ACCEPTED)
    return screens.introduced(service.shown_to_interested(row), ctx.t) if row is not None else None


@notice(
    "blind.declined",
    priority=Priority.REMINDER,
    again=True,
    useful_for=LASTS,
    topic=NoticeTopic.INTRODUCTIONS,
    quiet=Quiet.WAITS,
)
async def declined(ctx: ReadContext, interest: int) -> Screen | None:
    """To who was interested: it does not fit."""
    row = await _mine(ctx, interest, InterestState.DECLINED)
    return screens.declined(row.post.title, ctx.t) if row is not None else None


@notice(
    "blind.ended",
    priority=Priority.REMINDER,
    again=True,
    useful_for=LASTS,
    topic=NoticeTopic.INTRODUCTIONS,
    quiet=Quiet.WAITS,
)
async def ended(ctx: ReadContext, interest: int) -> Screen | None:
    """To who was interested: nothing came of it."""
    row = await _mine(ctx, interest, InterestState.ENDED)
    # What goes with its author is left without a text.
    return screens.ended(row.post.title if row.post.body else "", ctx.t) if row is not None else None

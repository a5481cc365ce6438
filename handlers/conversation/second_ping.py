"""One person, one ping: what is urgent and not read goes once more, to the reader's other platform.

A notice is sent where its reader acted last. One that is registered as urgent, and whose reader has done nothing on
that platform for a quarter of an hour, is repeated on the other platform on which they are reached: once, and only
while it still says something. The repetition obeys what its reader wishes of the notice: quiet hours, the topic's
level, and one platform only where they want that. When a button of either copy is pressed, the other copy loses its
buttons and says where it was answered.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.actions import REGISTRY, Quiet, notice
from handlers.conversation.clock import Clock
from handlers.conversation.codec import screen_to_json
from handlers.conversation.context import Community, Context, ReadContext
from handlers.conversation.event import MessageRef, Tell
from handlers.conversation.notify import ONLY_HERE, SCREEN, edit_of
from handlers.conversation.rhythm import Rhythm, rhythms_at
from handlers.conversation.screen import Button, Para, Screen
from handlers.conversation.texts import PLATFORM_NAMES, Texts
from storage.engine import Database
from storage.enums import PRIORITY_RANK, OutboxOp, OutboxState, Platform, Priority, Role
from storage.models import OutboxMessage, Person, SecondPing
from storage.queries import second_pings
from storage.queries.outbox import NewMessage, hold_card, queue
from storage.queries.people import people_with_roles

log = logging.getLogger(__name__)

SECOND_PING = "second_ping"
"""The kind of the outbox row that repeats a notice."""
UNREAD_AFTER = timedelta(minutes=15)
"""How long somebody has to notice it on the first platform."""
LOOKS_BACK = timedelta(hours=3)
"""How late a repetition is still made, after a pause of the program: later it would be news of yesterday."""
WAITS = frozenset({OutboxState.QUEUED, OutboxState.HELD, OutboxState.SENDING})


def is_soon(starts_at: datetime, now: datetime, within: timedelta) -> bool:
    """Whether something is still to come, and that soon."""
    return now < starts_at <= now + within


# Repeating


async def unread_due(database: Database, community: Community, clock: Clock) -> int:
    """Repeat what is urgent and unread, and close copies that were still on their way when the other was answered.

    Returns how many rows were queued.
    """
    return await _repeat_all(database, community, clock) + await _close_all(database, clock)


async def _repeat_all(database: Database, community: Community, clock: Clock) -> int:
    now, after, queued = clock.now(), 0, 0
    while True:
        async with database.reading() as session:
            found = await second_pings.unread(
                session, sent_after=now - LOOKS_BACK, sent_before=now - UNREAD_AFTER, after=after
            )
            readers = await people_with_roles(session, {row.person_id for row in found if row.person_id is not None})
            due = [
                row
                for row in found
                if row.person_id in readers and await _is_urgent(session, row, readers[row.person_id], community, clock)
            ]
        if due:
            async with database.writing() as session:
                people = [readers[row.person_id][0] for row in due if row.person_id is not None]
                rhythms = await rhythms_at(session, people, community, now)
                queued += sum([await _repeat(session, row, rhythms, now) for row in due])
        if len(found) < second_pings.MOST:
            return queued
        after = found[-1].id


async def _is_urgent(
    session: AsyncSession,
    row: OutboxMessage,
    reader: tuple[Person, frozenset[Role]],
    community: Community,
    clock: Clock,
) -> bool:
    spec = REGISTRY.notices.get(row.kind)
    if spec is None:
        return False  # of another release
    if isinstance(spec.urgent, bool):
        return spec.urgent
    person, roles = reader
    ctx = ReadContext(session, community, clock, person, roles, person.locale, row.platform)
    try:
        return await spec.urgent(ctx, **row.data)
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("cannot tell whether this is urgent", extra={"kind": row.kind, "row": row.id})
        return False


async def _repeat(session: AsyncSession, first: OutboxMessage, rhythms: Mapping[int, Rhythm], now: datetime) -> bool:
    """Queue a repetition, unless the notice was read or repeated since it was found.

    Whether it is wanted there and then, the sender asks; in quiet hours it waits, so it is useful from their end on.
    """
    if first.person_id is None or await second_pings.is_read(session, first):
        return False
    address = await second_pings.other_address(session, first.person_id, first.platform)
    if address is None:
        return False
    spec = REGISTRY.notices[SECOND_PING]
    comes = rhythms[first.person_id].quiet_until(now) or now
    ends = [one for one in (first.expires_at, comes + spec.useful_for if spec.useful_for else None) if one is not None]
    row = NewMessage(
        platform=address.platform,
        account=address.account,
        chat=address.chat,
        person_id=first.person_id,
        kind=SECOND_PING,
        data={"first": first.id},
        priority=spec.priority,
        rank=PRIORITY_RANK[spec.priority],
        due_at=now,
        expires_at=min(ends, default=None),
        dedup_key=f"second:{first.id}",
        policy_again=spec.again,
        created_at=now,
    )
    ids = await queue(session, [row])
    if ids:
        session.add(SecondPing(person_id=first.person_id, first_id=first.id, second_id=ids[0], created_at=now))
    return bool(ids)


def repeated(shown: Screen, platform: Platform, t: Texts) -> Screen:
    """A notice as it is repeated, with a word about why it comes again."""
    why = t("I wrote this to you on {platform}; you may not have seen it there.", platform=PLATFORM_NAMES[platform])
    return shown.preceded_by(Para((why,)))


@notice(
    SECOND_PING,
    priority=Priority.REMINDER,
    again=True,
    useful_for=LOOKS_BACK,
    topic=None,
    quiet=Quiet.WAITS,
    repeats=True,
)
async def second_ping(ctx: ReadContext, first: int) -> Screen | Tell | None:
    """The notice as it is now; nothing once it was read, or where it would come to the same platform again."""
    row = await ctx.session.get(OutboxMessage, first)
    if row is None or row.person_id != ctx.me.id or row.platform is ctx.platform:
        return None
    if await second_pings.is_read(ctx.session, row):
        return None
    drawn = await REGISTRY.notices[row.kind].render(ctx, **row.data)
    match drawn:
        case Tell(shown, card):
            return Tell(repeated(shown, row.platform, ctx.t), card=card)
        case Screen():
            return repeated(drawn, row.platform, ctx.t)
        case None:
            return None


# Answering


@dataclass(frozen=True, slots=True)
class Pressed:
    """A copy of a repeated notice that is being pressed, and how the other one looks afterwards.

    Attributes:
        ping: which.
        row_id: the outbox row of the copy that is pressed.
        note: what the other copy says in the place of its buttons.
        closing: the other copy as JSON; empty when there is nothing to draw any more.
    """

    ping: SecondPing
    row_id: int
    note: str
    closing: dict[str, Any]


async def pressed(ctx: Context) -> Pressed | None:
    """Which repeated notice the pressed message is, drawn as it is before the press has any effect.

    What is read for it is forgotten again, so that the press's own handler reads everything anew under its locks.
    """
    message = ctx.event.message
    if message is None or ctx.person is None or not ctx.event.private:
        return None
    for ping in await second_pings.unanswered(ctx.session, ctx.person.id):
        for own, other in ((ping.first_id, ping.second_id), (ping.second_id, ping.first_id)):
            row = await ctx.session.get(OutboxMessage, own)
            if row is not None and _is_shown_by(row, message):
                known = set(ctx.session)
                try:
                    note, closing = await _closing(ctx, ping, await ctx.session.get(OutboxMessage, other))
                except SQLAlchemyError:
                    raise
                except Exception:
                    # The answer counts, however the other copy looks.
                    log.exception("cannot draw the other copy", extra={"row": other})
                    note, closing = answered_on(message.address.platform, "", ctx.t), {}
                for one in set(ctx.session) - known:
                    ctx.session.expunge(one)
                return Pressed(ping, own, note, closing)
    return None


def _is_shown_by(row: OutboxMessage, message: MessageRef) -> bool:
    """Whether a row was sent as that message. A press knows a file's message by its kind, not by the file itself."""
    address, pressed_id = message.address, message.message_id
    if (row.platform, row.account, row.chat) != (address.platform, address.account, address.chat) or not pressed_id:
        return False
    shortened = not pressed_id[-1].isdecimal()
    return any(one == pressed_id or (shortened and one.startswith(pressed_id)) for one in row.message_id.split(","))


async def _closing(ctx: Context, ping: SecondPing, other: OutboxMessage | None) -> tuple[str, dict[str, Any]]:
    first = await ctx.session.get(OutboxMessage, ping.first_id)
    shown: Screen | None = None
    if first is not None and first.kind in REGISTRY.notices:
        reader = ReadContext(
            ctx.session,
            ctx.community,
            ctx.clock,
            ctx.person,
            ctx.roles,
            ctx.locale,
            other.platform if other is not None else None,
        )
        drawn = await REGISTRY.notices[first.kind].render(reader, **first.data)
        shown = drawn.screen if isinstance(drawn, Tell) else drawn
    buttons = shown.buttons if shown is not None else []
    label = next((one.label for one in buttons if isinstance(one, Button) and one.action == ctx.event.action), "")
    note = answered_on(ctx.event.address.platform, label, ctx.t)
    return note, screen_to_json(closed(shown, note)) if shown is not None else {}


def answered_on(platform: Platform, label: str, t: Texts) -> str:
    """Where the reader answered, and with which button, as far as its label is known."""
    name = PLATFORM_NAMES[platform]
    if label:
        return t("You answered this on {platform}: “{label}”.", platform=name, label=label)
    return t("You answered this on {platform}.", platform=name)


def closed(shown: Screen, note: str) -> Screen:
    """A screen without its buttons; files are handed over already."""
    return replace(shown, rows=(), files=()).with_blocks(Para((note,)))


async def answered(ctx: Context, done: Pressed) -> None:
    """A button of a repeated notice was pressed and carried out: close the other copy."""
    if not await second_pings.take_answer(ctx.session, done.ping.id, row_id=done.row_id, now=ctx.now):
        return
    ping = await ctx.session.get_one(SecondPing, done.ping.id, populate_existing=True)
    ping.note, ping.closing = done.note, done.closing
    await _close(ctx.session, ping, ctx.now)


async def _close(session: AsyncSession, ping: SecondPing, now: datetime) -> bool:
    """Close the copy that was not answered: redrawn where it was sent, cancelled where it waits.

    One that is on its way is left to the next tick. Returns whether an edit was queued.
    """
    other_id = ping.second_id if ping.answered_id == ping.first_id else ping.first_id
    if await second_pings.cancel(session, other_id, now=now):
        ping.closed_at = now
        return False
    row = await session.get_one(OutboxMessage, other_id, populate_existing=True)
    if row.state in WAITS:
        return False
    ping.closed_at = now
    if row.state is not OutboxState.SENT or not row.message_id:
        return False
    copy = await second_pings.card_copy(session, row)
    if copy is not None:
        await hold_card(session, copy.card)
        copy.note = ping.note
        await session.flush()
        return bool(await queue(session, [edit_of(copy, now=now)]))
    if not ping.closing:
        return False
    edit = NewMessage(
        platform=row.platform,
        account=row.account,
        chat=row.chat,
        person_id=row.person_id,
        kind=SCREEN,
        data={"screen": ping.closing, ONLY_HERE: True},
        op=OutboxOp.EDIT,
        target=row.message_id,
        priority=Priority.REMINDER,
        rank=PRIORITY_RANK[Priority.REMINDER],
        due_at=now,
        dedup_key=f"second-closed:{ping.id}",
        created_at=now,
    )
    return bool(await queue(session, [edit]))


async def _close_all(database: Database, clock: Clock) -> int:
    async with database.reading() as session:
        waiting = await second_pings.to_close(session)
    closed_now = 0
    for ping_id in waiting:
        async with database.writing() as session:
            ping = await session.get(SecondPing, ping_id, with_for_update=True)
            if ping is not None and ping.closed_at is None:
                closed_now += await _close(session, ping, clock.now())
    return closed_now


async def as_closed(session: AsyncSession, message: MessageRef, shown: Screen) -> Screen:
    """A live card as that copy of it shows it: without buttons where its reader has answered elsewhere."""
    address = message.address
    copy = await second_pings.copy_at(session, address.platform, address.account, address.chat, message.message_id)
    return closed(shown, copy.note) if copy is not None and copy.note else shown

"""Drawing what is due, for the reader as they are at the time of sending."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.actions import REGISTRY
from handlers.conversation.clock import Clock
from handlers.conversation.codec import screen_from_json
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.event import Tell
from handlers.conversation.notify import CARD, SCREEN
from handlers.conversation.screen import Screen
from storage.enums import PARTICIPANTS, OutboxOp, Platform, Priority
from storage.models import OutboxMessage
from storage.queries.outbox import NewMessage, await_card
from storage.queries.people import person_with_roles


@dataclass(slots=True)
class Parcel:
    """One row of the outbox in the sender's hands."""

    id: int
    platform: Platform
    account: str
    chat: str
    thread: str
    person_id: int | None
    kind: str
    data: dict[str, Any]
    op: OutboxOp
    target: str
    card: str
    priority: Priority
    rank: int
    policy_again: bool
    attempts: int
    due_at: datetime
    expires_at: datetime | None
    failure: str

    @classmethod
    def of(cls, row_id: int, row: OutboxMessage | NewMessage) -> "Parcel":
        """From a row, or from what has just been written as one."""
        return cls(
            row_id, row.platform, row.account, row.chat, row.thread, row.person_id, row.kind, row.data, row.op,
            row.target, row.card, row.priority, row.rank, row.policy_again, row.attempts, row.due_at, row.expires_at,
            row.failure,
        )  # fmt: skip


async def draw(session: AsyncSession, parcel: Parcel, community: Community, clock: Clock) -> tuple[Screen | None, str]:
    """The screen of a row and the card it shows; ``None`` when there is nothing left to say.

    Raises:
        LookupError: the row's kind is not known to this release.
    """
    if parcel.op is OutboxOp.DELETE:
        return None, ""
    if parcel.kind == SCREEN:
        return screen_from_json(parcel.data["screen"]), parcel.card
    ctx = await _reader(session, parcel, community, clock)
    if parcel.kind == CARD:
        await await_card(session, parcel.card)
        return await _card(ctx, parcel.card), parcel.card
    notice = REGISTRY.notices[parcel.kind]
    if ctx.person is None or (notice.to_participants and ctx.person.status not in PARTICIPANTS):
        return None, ""
    drawn = await notice.render(ctx, **parcel.data)
    if isinstance(drawn, Tell):
        return drawn.screen, str(drawn.card) if drawn.card else ""
    return drawn, ""


async def card_now(
    session: AsyncSession, parcel: Parcel, card: str, community: Community, clock: Clock
) -> Screen | None:
    """How a live card looks now to the reader of a row that carries it, whatever else stands in that row's message."""
    return await _card(await _reader(session, parcel, community, clock), card)


async def _reader(session: AsyncSession, parcel: Parcel, community: Community, clock: Clock) -> ReadContext:
    person, roles = await person_with_roles(session, parcel.person_id)
    return ReadContext(
        session=session,
        community=community,
        clock=clock,
        person=person,
        roles=roles,
        locale=person.locale if person else community.locale,
        platform=parcel.platform,
    )


async def _card(ctx: ReadContext, card: str) -> Screen | None:
    kind, _, subject = card.partition(":")
    return await REGISTRY.cards[kind](ctx, int(subject))

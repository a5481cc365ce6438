"""Drawing what is due, for the reader as they are at the time of sending."""

from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, event
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.actions import REGISTRY
from handlers.conversation.clock import Clock
from handlers.conversation.codec import screen_from_json
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.event import Address, MessageRef, Tell
from handlers.conversation.notify import ALWAYS, CARD, SCREEN, no_longer_here
from handlers.conversation.screen import Screen
from handlers.conversation.second_ping import as_closed
from handlers.conversation.wishes import Posted, Verdict, Wishes, verdict_on, wishes_of
from storage.enums import PARTICIPANTS, OutboxOp, Platform, Priority, Role
from storage.models import OutboxMessage, Person
from storage.queries.outbox import NewMessage, await_card
from storage.queries.people import people_with_roles, person_with_roles
from storage.queries.preferences import IN_QUIET_HOURS


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
    def of(cls, row_id: int, row: OutboxMessage | NewMessage | Row[Any]) -> "Parcel":
        """From a row, or from what has just been written as one."""
        return cls(
            row_id, row.platform, row.account, row.chat, row.thread, row.person_id, row.kind, row.data, row.op,
            row.target, row.card, row.priority, row.rank, row.policy_again, row.attempts, row.due_at, row.expires_at,
            row.failure,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a row shows.

    Attributes:
        screen: ``None`` when there is nothing left to say.
        card: the live card in it.
        look: how that card alone looks, where a new copy of it is posted.
        verdict: what its reader wishes instead of getting it here and now.
    """

    screen: Screen | None
    card: str = ""
    look: Screen | None = None
    verdict: Verdict = None

    def posts_card(self, parcel: Parcel) -> bool:
        """Whether a new copy of a live card is posted."""
        return bool(self.card) and self.screen is not None and parcel.op is OutboxOp.SEND


Reader = tuple[Person | None, AbstractSet[Role]]
NOBODY: Reader = (None, frozenset())


def drawn_already(parcel: Parcel) -> Drawn | None:
    """What needs no look into the store; ``None`` when it does."""
    if parcel.op is OutboxOp.DELETE:
        return Drawn(None)
    if parcel.kind == SCREEN and not parcel.card:
        return Drawn(screen_from_json(parcel.data["screen"]))
    return None


async def draw(session: AsyncSession, parcel: Parcel, community: Community, clock: Clock) -> Drawn:
    """What a row shows now.

    Raises:
        LookupError: the row's kind is not known to this release.
    """
    drawn = drawn_already(parcel)
    if drawn is not None:
        return drawn
    reader = await person_with_roles(session, parcel.person_id)
    wishes = await _wishes(session, [parcel], [reader], community, clock)
    return await _draw(session, parcel, reader, wishes, community, clock)


async def draw_each(
    session: AsyncSession, parcels: Sequence[Parcel], community: Community, clock: Clock
) -> AsyncIterator[tuple[Parcel, Drawn]]:
    """The same for several rows, whose readers are looked up together; raises as :func:`draw` does."""
    # What one row's drawing reads, the next one's finds: a session by itself forgets what nobody holds.
    held: list[object] = []
    event.listen(session.sync_session, "loaded_as_persistent", lambda _, loaded: held.append(loaded))
    readers = await people_with_roles(session, {one.person_id for one in parcels if one.person_id is not None})
    wishes = await _wishes(session, parcels, list(readers.values()), community, clock)
    for parcel in parcels:
        reader = readers.get(parcel.person_id, NOBODY) if parcel.person_id is not None else NOBODY
        yield parcel, drawn_already(parcel) or await _draw(session, parcel, reader, wishes, community, clock)


async def _wishes(
    session: AsyncSession, parcels: Sequence[Parcel], readers: Sequence[Reader], community: Community, clock: Clock
) -> dict[int, Wishes]:
    """What those wish to whom a notice goes; who gets something else is not asked."""
    asked = {one.person_id for one in parcels if one.kind not in {SCREEN, CARD} and one.op is OutboxOp.SEND}
    people = [person for person, _ in readers if person is not None and person.id in asked]
    return await wishes_of(session, people, community, clock.now()) if people else {}


async def _draw(
    session: AsyncSession,
    parcel: Parcel,
    reader: Reader,
    wishes: Mapping[int, Wishes],
    community: Community,
    clock: Clock,
) -> Drawn:
    ctx = _context(session, parcel, reader, community, clock)
    card = ""
    shown: Screen | None
    if parcel.kind == SCREEN:
        shown, card = screen_from_json(parcel.data["screen"]), parcel.card
    elif parcel.kind == CARD:
        await await_card(session, parcel.card)
        shown, card = await _card(ctx, parcel.card), parcel.card
        if shown is None and parcel.op is OutboxOp.EDIT and parcel.data.get(ALWAYS):
            shown = no_longer_here(ctx.t)
        if shown is not None and parcel.op is OutboxOp.EDIT:
            shown = await as_closed(session, _target(parcel), shown)
    else:
        notice = REGISTRY.notices[parcel.kind]
        if ctx.person is None or (notice.to_participants and ctx.person.status not in PARTICIPANTS):
            return Drawn(None)
        if parcel.op is OutboxOp.SEND and ctx.person.id in wishes:
            verdict = await verdict_on(ctx, _posted(parcel), wishes[ctx.person.id])
            if verdict is not None:
                return Drawn(None, verdict=verdict)
        drawn = await notice.render(ctx, **parcel.data)
        if isinstance(drawn, Tell):
            shown, card = drawn.screen, str(drawn.card) if drawn.card else ""
        else:
            shown = drawn
    result = Drawn(shown, card)
    if not result.posts_card(parcel):
        return result
    return Drawn(shown, card, shown if parcel.kind == CARD else await _card(ctx, card))


def _posted(parcel: Parcel) -> Posted:
    return Posted(
        parcel.kind,
        parcel.data,
        (parcel.platform, parcel.account, parcel.chat),
        parcel.expires_at,
        may_move=parcel.attempts <= 1,
        was_held=parcel.failure == IN_QUIET_HOURS,
    )


def _target(parcel: Parcel) -> MessageRef:
    return MessageRef(Address(parcel.platform, parcel.account, parcel.chat, parcel.thread), parcel.target)


async def card_now(
    session: AsyncSession, parcel: Parcel, card: str, community: Community, clock: Clock
) -> Screen | None:
    """How a live card looks now to the reader of a row that carries it, whatever else stands in that row's message."""
    reader = await person_with_roles(session, parcel.person_id)
    return await _card(_context(session, parcel, reader, community, clock), card)


def _context(session: AsyncSession, parcel: Parcel, reader: Reader, community: Community, clock: Clock) -> ReadContext:
    person, roles = reader
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

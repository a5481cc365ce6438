"""Telling people things: rows of the outbox, written in the transaction of what they tell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.actions import REGISTRY, NoticeSpec
from handlers.conversation.codec import screen_to_json
from handlers.conversation.context import Channel, ReadContext
from handlers.conversation.event import Address, CardKey, MessageRef
from handlers.conversation.screen import Screen, screen
from handlers.conversation.texts import Texts
from storage.enums import OPEN_OUTBOX, PRIORITY_RANK, OutboxOp, OutboxState, Platform, Priority
from storage.models import Account, CardCopy, OutboxMessage, Person
from storage.queries.outbox import NewMessage, edit_key, hold_card, queue

SCREEN = "screen"
"""The kind of an outbox row that carries its screen ready-made: replies."""
CARD = "card"
"""The kind of an outbox row that draws a live card when it is sent."""
ONLY_HERE = "only_here"
"""In the data of a row that redraws a message: where the message is gone, nothing new is sent instead."""
NOTHING: Mapping[str, object] = {}
ALWAYS = "always"
"""In the data of a row that redraws a card: where the card shows nothing to its reader any more, it says just that."""
REPLY_USEFUL_FOR = timedelta(hours=24)
"""After a day nobody waits for an answer to what they pressed."""


async def addresses(
    session: AsyncSession, people: Sequence[int], *, where_they_acted: bool = False
) -> dict[int, Account]:
    """Where each of these people is reached: the platform that they prefer, or else the one where they acted last.

    Only where it still reaches them. ``where_they_acted`` leaves out what they prefer: for what they have asked for.
    """
    rows = await session.execute(
        select(Account, Person.channel)
        .join(Person, Person.id == Account.person_id)
        .where(Account.person_id.in_(people), Account.reachable)
        .order_by(Account.last_acted_at, Account.id)
    )
    found: dict[int, Account] = {}
    for account, channel in rows:
        known = found.get(account.person_id)
        if known is None or where_they_acted or account.platform is channel or known.platform is not channel:
            found[account.person_id] = account
    return found


async def notify(
    ctx: ReadContext,
    person_id: int,
    kind: str,
    *,
    dedup: str | None = None,
    due: datetime | None = None,
    data: Mapping[str, object] = NOTHING,
) -> bool:
    """Queue a notice for one person; see :func:`notify_all`. Returns whether it was queued."""
    return await notify_all(ctx, [person_id], kind, dedup=(lambda _: dedup) if dedup else None, due=due, data=data) == 1


async def notify_all(
    ctx: ReadContext,
    people: Sequence[int],
    kind: str,
    *,
    dedup: Callable[[int], str | None] | None = None,
    due: datetime | None = None,
    announcement_id: int | None = None,
    data: Mapping[str, object] = NOTHING,
) -> int:
    """Queue a notice for many people and return for how many.

    Args:
        ctx: its session's transaction carries the rows.
        people: ids; those without a reachable account are left out.
        kind: a registered notice.
        dedup: gives each person's unique key; a key that was ever used queues nothing.
        due: when; now by default.
        announcement_id: for the rows of an announcement.
        data: what the notice's renderer takes, in JSON's types.
    """
    spec = REGISTRY.notices[kind]
    when = due or ctx.now
    found: dict[int, Account] = {}
    for start in range(0, len(people), 500):
        found |= await addresses(
            ctx.session, people[start : start + 500], where_they_acted=spec.priority is Priority.REPLY
        )
    rows = [
        _row(ctx, spec, found[person], dedup(person) if dedup else None, when, data, announcement_id)
        for person in people
        if person in found
    ]
    return len(await queue(ctx.session, rows))


def _row(
    ctx: ReadContext,
    spec: NoticeSpec,
    account: Account,
    dedup: str | None,
    when: datetime,
    data: Mapping[str, object],
    announcement_id: int | None = None,
) -> NewMessage:
    return NewMessage(
        platform=account.platform,
        account=account.account,
        chat=account.chat,
        person_id=account.person_id,
        kind=spec.kind,
        data=dict(data),
        priority=spec.priority,
        rank=PRIORITY_RANK[spec.priority],
        due_at=when,
        expires_at=when + spec.useful_for if spec.useful_for else None,
        dedup_key=dedup,
        policy_again=spec.again,
        urgent=bool(spec.urgent),
        announcement_id=announcement_id,
        created_at=ctx.now,
    )


@dataclass(frozen=True, slots=True)
class Own:
    """A notice of which each person gets their own.

    Attributes:
        dedup: the unique key.
        due: when; now by default.
    """

    person_id: int
    dedup: str
    data: Mapping[str, object]
    due: datetime | None = None


async def notify_each(ctx: ReadContext, kind: str, notices: Sequence[Own]) -> set[int]:
    """Queue a notice that says something else to each, all of them together, and return for whom it is new.

    Those without a reachable account are left out, and those whose key was ever used.
    """
    spec = REGISTRY.notices[kind]
    found = await addresses(ctx.session, [one.person_id for one in notices])
    taken = select(OutboxMessage.dedup_key).where(OutboxMessage.dedup_key.in_([one.dedup for one in notices]))
    used = set((await ctx.session.execute(taken)).scalars())
    new = [one for one in notices if one.person_id in found and one.dedup not in used]
    rows = [_row(ctx, spec, found[one.person_id], one.dedup, one.due or ctx.now, one.data) for one in new]
    await queue(ctx.session, rows)
    return {one.person_id for one in new}


async def post_card(ctx: ReadContext, card: CardKey, channel: Channel, *, dedup: str | None = None) -> None:
    """Queue a live card for a channel."""
    await queue(
        ctx.session,
        [
            NewMessage(
                platform=channel.platform,
                account=channel.account,
                chat=channel.chat,
                thread=channel.thread,
                kind=CARD,
                data={"card": str(card)},
                card=str(card),
                priority=Priority.REMINDER,
                rank=PRIORITY_RANK[Priority.REMINDER],
                due_at=ctx.now,
                dedup_key=dedup,
                policy_again=False,
                created_at=ctx.now,
            )
        ],
    )


async def shown_in(session: AsyncSession, card: CardKey) -> set[tuple[Platform, str]]:
    """The platforms and accounts on which a card stands for everybody, or is on its way there."""
    copies = select(CardCopy.platform, CardCopy.account).where(CardCopy.card == str(card), CardCopy.person_id.is_(None))
    coming = select(OutboxMessage.platform, OutboxMessage.account).where(
        OutboxMessage.card == str(card),
        OutboxMessage.person_id.is_(None),
        OutboxMessage.op == OutboxOp.SEND,
        OutboxMessage.state.in_(OPEN_OUTBOX),
    )
    return {(platform, account) for found in (copies, coming) for platform, account in await session.execute(found)}


def edit_of(copy: CardCopy, *, now: datetime) -> NewMessage:
    """The outbox row that draws a posted copy of a live card anew."""
    return NewMessage(
        platform=copy.platform,
        account=copy.account,
        chat=copy.chat,
        thread=copy.thread,
        person_id=copy.person_id,
        kind=CARD,
        data={"card": copy.card},
        op=OutboxOp.EDIT,
        target=copy.message_id,
        card=copy.card,
        priority=Priority.REMINDER,
        rank=PRIORITY_RANK[Priority.REMINDER],
        due_at=now,
        dedup_key=edit_key(copy.id),
        created_at=now,
    )


async def refresh_card(ctx: ReadContext, card: CardKey, *, but: MessageRef | None = None) -> int:
    """Queue an edit of every posted copy of a card, but the one that is redrawn in answer to a press.

    Several changes before an edit is sent become one: the copy is drawn when it is sent, and a copy has at most one
    edit waiting. Returns how many copies there are.
    """
    await hold_card(ctx.session, str(card))
    found = await ctx.session.execute(select(CardCopy).where(CardCopy.card == str(card)).order_by(CardCopy.id))
    copies = found.scalars().all()
    rows = [
        edit_of(copy, now=ctx.now)
        for copy in copies
        if but is None
        or (copy.platform, copy.account, copy.chat, copy.message_id)
        != (but.address.platform, but.address.account, but.address.chat, but.message_id)
    ]
    await queue(ctx.session, rows)
    return len(copies)


async def redraw_for_good(ctx: ReadContext, card: CardKey) -> int:
    """Queue an edit of every copy as :func:`refresh_card` does; a copy that shows its reader nothing now says so.

    For what must not stay as it was, whoever reads it: a name that was erased.
    """
    copies = await refresh_card(ctx, card)
    await ctx.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.card == str(card),
            OutboxMessage.kind == CARD,
            OutboxMessage.op == OutboxOp.EDIT,
            OutboxMessage.state == OutboxState.QUEUED,
        )
        .values(data={"card": str(card), ALWAYS: True})
        .execution_options(synchronize_session=False)
    )
    return copies


async def redraw_mentions(ctx: ReadContext, card: CardKey) -> None:
    """Queue an edit of every other card that names what this one is about."""
    for find in REGISTRY.mentions.get(card.kind, ()):
        for other in await find(ctx, card.id):
            await redraw_for_good(ctx, other)


def no_longer_here(t: Texts) -> Screen:
    """What stands in the place of a card that shows nothing any more."""
    return screen(summary=t("No longer here")).para(t("What was here has been taken away.")).build()


def reply_message(
    address: Address,
    screen: Screen,
    *,
    now: datetime,
    claim: str,
    person_id: int | None,
    edit: MessageRef | None = None,
    card: CardKey | None = None,
) -> NewMessage:
    """The outbox row of a reply: already claimed by this process, which sends it as soon as it is committed."""
    return NewMessage(
        platform=address.platform,
        account=address.account,
        chat=address.chat,
        thread=address.thread,
        person_id=person_id,
        kind=SCREEN,
        data={"screen": screen_to_json(screen)},
        op=OutboxOp.EDIT if edit else OutboxOp.SEND,
        target=edit.message_id if edit else "",
        card=str(card) if card else "",
        priority=Priority.REPLY,
        rank=PRIORITY_RANK[Priority.REPLY],
        state=OutboxState.SENDING,
        attempts=1,
        due_at=now,
        expires_at=now + REPLY_USEFUL_FOR,
        claim=claim,
        claimed_at=now,
        created_at=now,
    )

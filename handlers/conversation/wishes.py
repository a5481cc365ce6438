"""What its reader wishes of a notice, asked when it is about to be sent: whether, when and where.

One place for all that is sent unasked: every notice declares what it is about and what quiet hours do to it
(:class:`~handlers.conversation.actions.NoticeSpec`), and the sender asks :func:`verdict_on` before each. An answer to
what somebody did is no notice, and is never held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.conversation.actions import REGISTRY, NoticeSpec, Quiet
from handlers.conversation.context import Community, ReadContext
from handlers.conversation.notify import addresses
from handlers.conversation.rhythm import Rhythm, rhythms_at
from storage.enums import PersonStatus, Platform, Priority, TopicLevel
from storage.models import Account, OutboxMessage, Person
from storage.queries.preferences import level_of, levels_of_people

TIME_TO_READ = timedelta(hours=1)
"""What must be known within so long of the end of the quiet hours is told before: in the morning it would be too late
to leave earlier, or not to leave at all."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one person wants, as far as notices are concerned."""

    rhythm: Rhythm
    levels: Mapping[str, TopicLevel]


@dataclass(frozen=True, slots=True)
class Unwanted:
    """It is not sent.

    Attributes:
        reason: for the staff who look into the outbox.
        keep: whether the reader's next digest is to name it.
    """

    reason: str
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """It is not sent before that moment."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """It is sent to another of the reader's accounts."""

    account: Account


Verdict = Unwanted | Later | Elsewhere | None
"""What becomes of a notice; ``None``: it goes, here and now."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice as it lies in the outbox.

    Attributes:
        address: platform, account and chat that it is addressed to.
        expires_at: when it is no longer worth sending.
        may_move: that it cannot have reached that address already.
        was_held: that it was put off, so that its reader may be elsewhere by now.
    """

    kind: str
    data: Mapping[str, Any]
    address: tuple[Platform, str, str]
    expires_at: datetime | None
    may_move: bool
    was_held: bool


async def wishes_of(
    session: AsyncSession, people: Sequence[Person], community: Community, now: datetime
) -> dict[int, Wishes]:
    """The wishes of several people, with one look into the store; by their ids."""
    levels = await levels_of_people(session, [one.id for one in people])
    rhythms = await rhythms_at(session, people, community, now)
    return {one.id: Wishes(rhythms[one.id], levels[one.id]) for one in people}


async def verdict_on(ctx: ReadContext, posted: Posted, wishes: Wishes) -> Verdict:
    """What the reader, who is ``ctx.person``, wishes of a notice."""
    spec, data, expires_at = REGISTRY.notices[posted.kind], posted.data, posted.expires_at
    repeats = spec.repeats
    if repeats:
        first = await ctx.session.get(OutboxMessage, data["first"])
        if first is None or first.kind not in REGISTRY.notices:
            return Unwanted("what it repeats is gone")
        if ctx.me.channel not in {None, posted.address[0]} and await _reached_on(ctx, ctx.me.channel):
            return Unwanted("its reader wants one platform only")
        spec, data = REGISTRY.notices[first.kind], first.data
    unwanted = await _unwanted(ctx, spec, data, wishes)
    if unwanted is not None:
        # Of what is repeated, the first copy was sent and is there.
        return Unwanted(unwanted.reason) if repeats else unwanted
    until = await _held_until(ctx, spec, data, wishes.rhythm, expires_at)
    if until is not None:
        return Later(until)
    return None if repeats else await _elsewhere(ctx, spec, posted)


async def _unwanted(ctx: ReadContext, spec: NoticeSpec, data: Mapping[str, Any], wishes: Wishes) -> Unwanted | None:
    topic = await spec.topic(ctx, **data) if callable(spec.topic) else spec.topic
    if topic is None:
        return None
    match level_of(wishes.levels, topic):
        case TopicLevel.NOW:
            return None
        case TopicLevel.MUTED:
            return Unwanted(f"its reader has muted {topic}"[:80])
        case TopicLevel.DIGEST:
            # Only members get a digest. And what is urgent cannot wait for it.
            if ctx.me.status is not PersonStatus.MEMBER or await is_urgent(ctx, spec, data):
                return None
            return Unwanted(f"its reader wants {topic} in the digest"[:80], keep=not spec.listed)


async def is_urgent(ctx: ReadContext, spec: NoticeSpec, data: Mapping[str, Any]) -> bool:
    """Whether a notice is urgent for its reader now."""
    return spec.urgent if isinstance(spec.urgent, bool) else await spec.urgent(ctx, **data)


async def _held_until(
    ctx: ReadContext, spec: NoticeSpec, data: Mapping[str, Any], rhythm: Rhythm, expires_at: datetime | None
) -> datetime | None:
    if spec.quiet is Quiet.BREAKS:
        return None
    now = ctx.now
    until = rhythm.quiet_until(now)
    if until is None or spec.quiet is Quiet.MISSES:
        return until
    known_by = await spec.known_by(ctx, **data) if spec.known_by is not None else None
    too_late = expires_at is not None and expires_at <= until
    too_late = too_late or (known_by is not None and now <= known_by <= until + TIME_TO_READ)
    return None if too_late else until


async def _elsewhere(ctx: ReadContext, spec: NoticeSpec, posted: Posted) -> Elsewhere | None:
    """What they asked for comes to where they asked; all else to where they want it, or now are."""
    wanted = ctx.me.channel
    if spec.priority is Priority.REPLY or not posted.may_move:
        return None
    if not posted.was_held and wanted in {None, posted.address[0]}:
        return None
    best = (await addresses(ctx.session, [ctx.me.id])).get(ctx.me.id)
    if best is None or (best.platform, best.account, best.chat) == posted.address:
        return None
    return Elsewhere(best)


async def _reached_on(ctx: ReadContext, platform: Platform | None) -> bool:
    best = (await addresses(ctx.session, [ctx.me.id])).get(ctx.me.id)
    return best is not None and best.platform is platform

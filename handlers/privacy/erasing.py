"""Erasing somebody: everything at once, in one transaction; what others see of them is redrawn afterwards.

The same for a member who asks in the chat, for the staff on request, for the command line, and for the purge of those
who have not been here for years.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from handlers.conversation.actions import REGISTRY, Departure
from handlers.conversation.codec import screen_to_json
from handlers.conversation.context import ReadContext
from handlers.conversation.event import MessageRef
from handlers.conversation.notify import CARD, ONLY_HERE, SCREEN, redraw_for_good, redraw_mentions
from handlers.conversation.screen import Screen, screen
from handlers.conversation.texts import Texts, texts_for
from storage.engine import lock
from storage.enums import PRIORITY_RANK, OutboxOp, PersonStatus, Platform, Priority, SubjectKind
from storage.models import AuditEntry, Person
from storage.personal.terms import Whose
from storage.queries import departures, erasure, people, personal_data, roles
from storage.queries.erasure import Posted
from storage.queries.outbox import NewMessage, queue

DELETABLE = {Platform.TELEGRAM: timedelta(hours=47)}
"""How young a message must be to be deleted: Telegram takes 48 hours (Bot API, deleteMessage), less an hour to send;
elsewhere age does not matter."""
TRIED_FOR = timedelta(hours=24)
"""How long redrawing and deleting is tried."""


class LastOwnerError(Exception):
    """Somebody who is one of the last two owners cannot go before another owner is named."""


class NobodyError(Exception):
    """There is no such person, or they are erased already."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    Attributes:
        number: what stands for the person in counts and in the audit log.
        rows: how many rows of each table were deleted or changed.
        redrawn: messages to others from which the name is taken.
        deleted: messages taken out of their own chats.
    """

    number: int
    rows: Mapping[str, int] = field(default_factory=dict)
    redrawn: int = 0
    deleted: int = 0


async def is_last_owner(ctx: ReadContext, person_id: int) -> bool:
    """Whether the community would be left with fewer owners than it must have: two, once there are two."""
    owners = await roles.hold_owners(ctx.session)
    return person_id in owners and len(owners) <= 2


async def erase_person(
    ctx: ReadContext,
    person_id: int,
    *,
    keep_posts: bool,
    action: str,
    by: int | None = None,
    reason: str = "",
    spare: MessageRef | None = None,
) -> Erased:
    """Erase somebody.

    Args:
        ctx: its session is in a writing transaction; who it is for does not matter.
        person_id: whose data goes.
        keep_posts: published posts and answers stay, without the name.
        action: what the audit log calls it.
        by: who did it, by their number; ``None`` for the command line and the purge.
        reason: why, in the audit log; the name in it is replaced.
        spare: a message of theirs that is redrawn in answer and so not deleted.

    Raises:
        NobodyError: there is nobody to erase.
        LastOwnerError: they are one of the last two owners.
    """
    session = ctx.session
    person = await lock(session, Person, Person.id, person_id)
    if person is None or person.status is PersonStatus.ERASED:
        raise NobodyError
    if await is_last_owner(ctx, person_id):
        raise LastOwnerError
    name = " ".join(person.name.split())
    who = await personal_data.whose(session, person_id, ctx.community.codes.account)
    words = await erasure.words_of(session, person, keep_posts=keep_posts)
    own = await erasure.own_messages(session, who)
    await _take_leave(ctx, person, keep_posts=keep_posts)
    told = await erasure.notices_naming(session, who, await _subjects(ctx, person_id), (SCREEN, CARD))
    shown = await erasure.blank_mentions(session, who, words)
    if name and name in reason:
        reason = reason.replace(name, f"({person_id})")
    rows = await erasure.erase(session, who, name, keep_posts=keep_posts, now=ctx.now)
    # After it, since it empties the reasons of all decisions about the person.
    session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=by,
            action=action,
            subject_kind=SubjectKind.PERSON,
            subject_id=person_id,
            reason=reason,
        )
    )
    redrawn = list({(one.platform, one.chat, one.message_id): one for one in (*shown, *told)}.values())
    deleted = [one for one in own if spare is None or not _is(one, spare)]
    await _clean_chats(ctx, who, redrawn, deleted)
    return Erased(person_id, rows, len(redrawn), len(deleted))


async def _take_leave(ctx: ReadContext, person: Person, *, keep_posts: bool) -> None:
    """Let each feature give up what the person holds, and have every card that shows them redrawn."""
    theirs = ReadContext(
        ctx.session, ctx.community, ctx.clock, person, await people.roles_of(ctx.session, person.id), person.locale
    )
    leaving = Departure(person.id, keep_posts)
    cards = [card for handler in REGISTRY.departures for card in await handler(theirs, leaving)]
    for card in dict.fromkeys(cards):
        await redraw_for_good(ctx, card)
        await redraw_mentions(ctx, card)


async def _subjects(ctx: ReadContext, person_id: int) -> dict[str, list[int]]:
    """What of this person the data of a notice may name, by the key that all notices use."""
    session = ctx.session
    return {
        "person": [person_id],
        "post": await departures.posts_touched(session, person_id),
        "answer": await departures.answers_written(session, person_id),
        "application": await departures.applications_touched(session, person_id),
        "meeting": await departures.meetings_of(session, person_id),
    }


def _is(one: Posted, message: MessageRef) -> bool:
    address = message.address
    return (one.platform, one.account, one.chat) == (address.platform, address.account, address.chat) and (
        one.message_id == message.message_id
    )


async def _clean_chats(ctx: ReadContext, who: Whose, redrawn: Iterable[Posted], deleted: Iterable[Posted]) -> None:
    """Queue what the platforms have to do: take the name out of others' chats, and our messages out of the person's."""
    locales = await _locales(ctx, [one.person_id for one in redrawn if one.person_id is not None])
    rows = [
        _edit(ctx, one, taken_out(texts_for(locales.get(one.person_id or 0, ctx.community.locale))), one.person_id)
        for one in redrawn
    ]
    farewell = emptied(texts_for(ctx.locale))
    for one in deleted:
        if one.platform is Platform.WEB:
            continue  # its history is a table of ours, and empty by now
        too_old = ctx.now - one.sent_at > DELETABLE.get(one.platform, timedelta.max)
        rows.append(_edit(ctx, one, farewell, who.id) if too_old else _deletion(ctx, one, who.id))
    await queue(ctx.session, rows)


async def _locales(ctx: ReadContext, ids: list[int]) -> dict[int, str]:
    found = await people.people_with_roles(ctx.session, ids)
    return {person_id: person.locale for person_id, (person, _) in found.items()}


def _row(ctx: ReadContext, one: Posted, op: OutboxOp, data: dict[str, object], person_id: int | None) -> NewMessage:
    return NewMessage(
        platform=one.platform,
        account=one.account,
        chat=one.chat,
        thread=one.thread,
        person_id=person_id,
        kind=SCREEN,
        data=data,
        op=op,
        target=one.message_id,
        priority=Priority.REMINDER,
        rank=PRIORITY_RANK[Priority.REMINDER],
        due_at=ctx.now,
        expires_at=ctx.now + TRIED_FOR,
        created_at=ctx.now,
    )


def _edit(ctx: ReadContext, one: Posted, shown: Screen, person_id: int | None) -> NewMessage:
    return _row(ctx, one, OutboxOp.EDIT, {"screen": screen_to_json(shown), ONLY_HERE: True}, person_id)


def _deletion(ctx: ReadContext, one: Posted, person_id: int) -> NewMessage:
    return _row(ctx, one, OutboxOp.DELETE, {"screen": {}}, person_id)


def taken_out(t: Texts) -> Screen:
    """What a message to somebody becomes that showed a person who is erased."""
    return (
        screen(summary=t("Taken away"))
        .para(t("This message was about somebody who has had their data erased. Write /menu to go on."))
        .build()
    )


def emptied(t: Texts) -> Screen:
    """What a message of ours becomes that is too old to be deleted."""
    return screen(summary=t("Erased")).para(t("What stood here was erased.")).build()
